"""Records become citations: the rules that link duplicates. The matching itself is in `screening.dedup`."""

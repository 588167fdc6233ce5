"""Citations as lists and files: narrowed, searched by words, labelled, exported."""

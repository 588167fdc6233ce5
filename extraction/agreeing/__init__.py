"""Two extractions become the agreed one."""

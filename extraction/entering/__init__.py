"""One person's own extraction: its form, its tables, its cells as they are typed, what looks like a slip."""

"""What the agreed extractions say, as tables and files."""

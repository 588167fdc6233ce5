"""Searches and files: what brings records in, from an upload, from PubMed, from another tool."""

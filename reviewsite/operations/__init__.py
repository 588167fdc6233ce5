"""Keeping a site running: workers and lost work, backups and restoring, health and status."""

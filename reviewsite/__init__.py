"""The site: settings, accounts, reviews and the frame around every page."""

__version__ = "0.1.0"

"""Addresses that came from outside: imported with a record, or typed by an extractor."""

from django import template

register = template.Library()


@register.filter
def web_address(value: str) -> str:
    """The address when it leads to the web, else nothing: an imported one could run a script instead."""
    return value if value.lower().startswith(("http://", "https://")) else ""

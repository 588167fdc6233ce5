"""Details of an entry as a person reads them; the file and the API have them as they are hashed."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def in_plain_words(value: Any) -> str:
    """Lists with commas, names with what stands under them; nothing where there is nothing."""
    if isinstance(value, dict):
        told = ((name, in_plain_words(each)) for name, each in value.items())
        return " · ".join(f"{name}: {text}" for name, text in told if text)
    if isinstance(value, list):
        return ", ".join(filter(None, map(in_plain_words, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)

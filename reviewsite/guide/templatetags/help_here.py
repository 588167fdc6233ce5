"""Where *Help* leads from a page: to the section that tells of it."""

from typing import Any

from django import template
from django.urls import reverse

from ..topics import FIRST, topic_of

register = template.Library()


@register.simple_tag(takes_context=True)
def help_here(context: dict[str, Any]) -> str:
    """The address of the help on the page that is shown; of its first page where none tells of it."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    page, _, section = ((topic_of(match.view_name) if match else None) or FIRST).partition("#")
    return reverse("help:page", args=[page]) + (f"#{section}" if section else "")

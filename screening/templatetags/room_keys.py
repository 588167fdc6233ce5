"""A person's keys on the buttons they press: `{% key "undo" %}` for scripts, `{% kbd "undo" %}` to read."""

from django import template
from django.utils.html import format_html, format_html_join

from ..room.keys import REASON_KEYS, print_key
from ..room.skips_and_keys import keys_of

register = template.Library()


@register.simple_tag(takes_context=True)
def key(context: template.Context, act: str, number: int | None = None) -> str:
    """The keys of an act as browsers name them, divided by spaces; nothing for a reason beyond the ninth."""
    return " ".join(_keys(context, act, number))


@register.simple_tag(takes_context=True)
def kbd(context: template.Context, act: str, number: int | None = None) -> str:
    """The first key of an act, printed."""
    keys = _keys(context, act, number)
    return format_html("<kbd>{}</kbd>", print_key(keys[0])) if keys else ""


@register.simple_tag(takes_context=True)
def all_kbd(context: template.Context, act: str) -> str:
    """Every key of an act, printed."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((print_key(key),) for key in _keys(context, act, None)))


def _keys(context: template.Context, act: str, number: int | None) -> tuple[str, ...]:
    if number is not None and number > REASON_KEYS:
        return ()
    request = context["request"]
    if not hasattr(request, "keys_of_person"):
        request.keys_of_person = keys_of(request.user)
    return request.keys_of_person[f"{act}{number or ''}"]

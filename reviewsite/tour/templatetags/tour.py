"""The bar that a page shows while the tour stands on it."""

from typing import Any

from django import template

from ..steps import STEPS

register = template.Library()


@register.inclusion_tag("tour/_bar.html", takes_context=True)
def tour_bar(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing on a page that was not reached by the tour."""
    number = context["request"].GET.get("tour", "")
    if not number.isdecimal() or not 1 <= int(number) <= len(STEPS):
        return {}
    at = int(number)
    return {
        "step": STEPS[at - 1],
        "number": at,
        "count": len(STEPS),
        "before": at - 1,
        "after": at + 1 if at < len(STEPS) else 0,
        "review": context["review"],
        "here": context["request"].path,
    }

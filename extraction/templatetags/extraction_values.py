"""How two extractions are laid side by side."""

from django import template

from ..schema import Item

register = template.Library()

WORDS = {
    "n": "of",
    "sd": "SD",
    "ci_low": "lower limit",
    "ci_high": "upper limit",
    "ci_level": "confidence level",
    "analysis_set": "set",
}
# Shown only where they differ: they are the same in nearly every row.
QUIET = {"ci_level", "analysis_set", "provenance", "derivation"}


@register.filter
def field_words(name: str) -> str:
    return WORDS.get(name, name.replace("_", " "))


@register.filter
def sides(item: Item) -> list[tuple[str, list[tuple[str, object]]]]:
    """The left and the right values that are worth showing; an empty list where a side has none."""
    return [("left", _shown(item, item.left)), ("right", _shown(item, item.right))]


@register.filter
def left_values(item: Item) -> list[tuple[str, object]]:
    return _shown(item, item.left)


@register.filter
def new_fields(item: Item) -> list[tuple[str, object]]:
    """The values that a third opinion may set, with the left one's to begin with."""
    values = item.left or item.right or {}
    return [(name, values[name]) for name in item.differing if name not in QUIET]


def _shown(item: Item, values) -> list[tuple[str, object]]:
    return [
        (name, value)
        for name, value in (values or {}).items()
        if name in item.differing or (name not in QUIET and value not in (None, ""))
    ]


@register.filter
def plain_number(value: float) -> str:
    """A number without a needless .0."""
    return f"{value:.10g}"


@register.filter
def value_of(mapping, key: str):
    """The value under a key, or the key itself where it is not there."""
    return mapping.get(key, key)

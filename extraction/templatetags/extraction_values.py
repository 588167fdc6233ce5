"""Small filters of the extraction pages."""

from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from .. import wording
from ..agreeing.comparison import shown
from ..entering.columns import COLUMNS, numbers_of, text_of
from ..models import ArmResult, Contrast

register = template.Library()


@register.filter
def plain_number(value: float) -> str:
    """A number without a needless .0."""
    return f"{value:.10g}"


@register.filter
def value_of(mapping, key: str):
    """The value under a key, or the key itself where it is not there."""
    return mapping.get(key, key)


@register.filter
def numbers_told(row: ArmResult | Contrast) -> list[tuple[str, str, dict[str, Any]]]:
    """Label, number and what is said of each cell of a row; the level only where it is not 95."""
    names = [name for name in numbers_of(row) if name != "ci_level" or row.ci_level != 95]
    return [(COLUMNS[name].label, text_of(getattr(row, name)), row.cells.get(name, {})) for name in names]


@register.filter
def told(said: object) -> str:
    """A sentence of a package without Django, in the language of the page."""
    return wording.in_words(said)


@register.filter
def translated(label: str) -> str:
    """The label of a choice in the language of the page; it is English wherever else it is read."""
    return gettext(label) if label else ""


NEXT_ACTS = {
    "agreed": gettext_lazy("agreed"),
    "compare": gettext_lazy("to be agreed"),
    "wait": gettext_lazy("waiting for a second person"),
    "work": gettext_lazy("yours to assess"),
}


@register.filter
def next_act(name: str) -> str:
    """What comes next for a study, as the key below the marks says it."""
    return str(NEXT_ACTS.get(name, name))


@register.filter
def all_translated(labels: list[str]) -> list[str]:
    return [translated(label) for label in labels]


@register.filter
def derivation(record: dict[str, str]) -> dict[str, str]:
    """A stored derivation with its title and formula in the language of the page."""
    return wording.derivation_in_words(record)


@register.filter
def table_cells(cells: list[str | None]) -> SafeString:
    """One row of a large table, each cell escaped; the template's own loop takes five times as long."""
    return mark_safe("".join([f"<td>{escape(cell) if cell else '–'}</td>" for cell in cells]))


@register.filter
def in_words(value: object) -> str:
    """An answer in words: several choices by comma, a table row by row."""
    return shown(value)

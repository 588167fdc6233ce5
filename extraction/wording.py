"""Sentences of the packages that know nothing of Django, in the language of the page."""

from django.utils.functional import lazy
from django.utils.translation import gettext

from .derivations import BY_KEY
from .told import Told, reason


def in_words(said: object) -> str:
    """A sentence or what an exception says; texts without a translation stay as they are."""
    text = reason(said) if isinstance(said, Exception) else said
    if not isinstance(text, Told):
        return str(text)
    values = {name: in_words(each) if isinstance(each, str) else each for name, each in text.values.items()}
    return gettext(text.pattern).format_map(values)


# For what is put together when the program starts, as choices of forms are.
lazy_words = lazy(in_words, str)


def derivation_in_words(record: dict[str, str]) -> dict[str, str]:
    """Title and formula of a stored derivation, as the page says them today; the stored words are English."""
    method = BY_KEY.get(record.get("method", ""))
    if method is None or method.title != record.get("title"):
        return record
    return {**record, "title": in_words(method.title), "formula": in_words(method.formula)}

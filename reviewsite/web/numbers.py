"""Numbers on pages: with the decimal sign of the reader's language."""

from django.utils.formats import get_format


def in_language(written: str) -> str:
    """A number that was written with a point (`0.85`, `1.2e-05`, `< 0.001`) with the reader's decimal sign.

    For text that people read only: values of inputs, addresses, data and drawings keep the point.
    """
    return written.replace(".", get_format("DECIMAL_SEPARATOR"))

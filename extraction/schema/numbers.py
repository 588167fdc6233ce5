"""Numbers as papers print them."""

import re

from ..told import told

_MINUS = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "·": ".", "∙": ".", "\u00a0": "", "\u2009": "", "\u202f": ""}
)
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_ONE_COMMA = re.compile(r"[-+]?\d{1,3},\d{3}")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")


class NotANumber(ValueError):
    """The text is no number; the message says so in words."""


def number_from(text: str) -> float:
    """A number typed or pasted: any minus sign, a raised point, thousands apart by comma or thin space, or a
    decimal comma. Raises NotANumber.
    """
    plain = text.strip().translate(_MINUS).replace(" ", "")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain):
        raise NotANumber(told("“{text}” is not a number", text=text.strip()))
    return float(plain)


def has_two_readings(text: str) -> bool:
    """Whether a number is read otherwise where the comma is the decimal sign: 1,500 as one and a half."""
    plain = text.strip().translate(_MINUS).replace(" ", "")
    return bool(_ONE_COMMA.fullmatch(plain))

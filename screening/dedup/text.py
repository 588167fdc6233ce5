"""Text folded for comparison: case, accents, markup, typography."""

import html
import re
import unicodedata

# Database marks and lettering, never "<" as a sign: "p < 0.05 and > 2" stays.
TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
NOT_WORD = re.compile(r"[\W_]+")
ROMAN_SIGNS = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# Letters that Unicode does not take apart, and Greek as databases spell it out.
LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ı": "i",
        "þ": "th",
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "ε": "epsilon",
        "κ": "kappa",
        "λ": "lambda",
        "μ": "mu",
        "µ": "mu",
        "ω": "omega",
        "’": "",
        "'": "",
    }
)
APOSTROPHE = str.maketrans("", "", "'")
NOTHING = frozenset({"", "na", "n a", "none", "null", "nan", "nil", "unknown", "not available", "not given"})
# fmt: off
STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "its", "of", "on",
    "or", "the", "to", "und", "der", "die", "das", "de", "la", "le", "les", "et", "des", "du", "en",
    "el", "los", "y", "vs", "versus", "with", "via",
))
# fmt: on
# A letter of these scripts is about as telling as half a word.
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def fold(text: str) -> str:
    """Lower case, without accents or markup, words separated by single blanks; letters of any script stay."""
    if "<" in text:
        text = TAGS.sub("", text)
    if "&" in text:
        text = html.unescape(text).replace("&", " and ")
    text = text.lower()
    if text.isascii():
        return NOT_WORD.sub(" ", text.translate(APOSTROPHE)).strip()
    spelled = unicodedata.normalize("NFKD", text.translate(LETTERS))
    # Compatibility forms fold to letters of the table ("ϐ" to "β"), so it is read twice.
    plain = "".join([c for c in spelled if not unicodedata.combining(c)]).translate(LETTERS)
    return NOT_WORD.sub(" ", plain).strip()


def given(text: str) -> str:
    """The text, or "" where it only says that nothing is known."""
    stripped = text.strip()
    if len(stripped) > 14:
        return stripped
    return "" if NOT_WORD.sub(" ", stripped.lower()).strip() in NOTHING else stripped


def content_words(folded: str) -> list[str]:
    """The words that tell texts apart, in their order."""
    return [word for word in folded.split() if word not in STOP_WORDS]


def roman(number: int) -> str:
    """A number below 90 as a Roman numeral in small letters."""
    signs = []
    for value, sign in ROMAN_SIGNS:
        while number >= value:
            signs.append(sign)
            number -= value
    return "".join(signs)

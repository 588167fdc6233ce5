"""Authors' names, whatever the order, the separators and the initials."""

import re
from collections.abc import Sequence

from .text import fold

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
INITIALS = re.compile(r"[A-Z][A-Z.\-]{0,4}")
NOBODY = frozenset(
    {"anonymous", "anon", "no", "authors", "author", "listed", "et", "al", "others", "unknown", "nan", "na"}
)
BODY = re.compile(
    r"(?i)\b(?:group|committee|collaborat|investigators|network|consortium|society|association|university"
    r"|department|institute|ministry|organi[sz]ation|agency|inc|ltd|pharma)"
)


def name_words(authors: Sequence[str]) -> tuple[str, ...]:
    """Every word of the names that is not an initial, folded, in their order.

    Family and given names are not told apart: "Arden, Paul", "Paul Arden" and "Arden P" share "arden", and a
    list run together without separators ("Adeli K.Lewis G. F.") reads like any other. Bodies are left out,
    because a database that names the trial's group often leaves out its people.
    """
    people = "; ".join(authors)
    if BODY.search(people):
        people = "; ".join([author for author in authors if not BODY.search(author)])
    words = WORD.findall(people)
    # Initials are capitals among words that are not; where all is in capitals, length must tell.
    longest = 2 if people.isupper() else 4
    names = [word for word in words if len(word) > longest or (len(word) > 1 and not word.isupper())]
    folded = fold(" ".join(names or [word for word in words if len(word) > 1])).split()
    return tuple(dict.fromkeys([word for word in folded if word not in NOBODY]))


def family_name(author: str) -> str:
    """The family name of "Family, Given", "Family GI" or "Given Family", folded."""
    if "," in author:
        return fold(author.split(",")[0])
    words = author.split()
    # "Kantarjian HM": trailing initials in capitals are not a family name.
    while len(words) > 1 and INITIALS.fullmatch(words[-1]):
        words.pop()
    return fold(words[-1] if len(words) > 1 and len(author.split()) == len(words) else " ".join(words))

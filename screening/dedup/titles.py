"""What a title says: its words, its other tongues, its numbers, and what sort of document it names."""

import re

from .text import WIDE, content_words, fold, roman

# Marks that databases put around a title and that say nothing of its words.
AROUND = re.compile(
    r"(?i)\[\s*(?:(?:published )?erratum (?:appears )?in|comment in|retraction in|summary for patients in)"
    r"[^\]]*(?:\]|$)"
    r"|[\[(]\s*(?:in process citation|see comments?|reprinted? (?:from|in)[^\])]*"
    r"|article in [a-z, ]+|letter|review|[^\])]{0,12}\babstracts?\b[^\])]{0,70}"
    r"|(?:in )?(?:english|german|french|spanish|italian|portuguese|russian|chinese|japanese|polish|dutch"
    r"|danish|swedish|norwegian|turkish|czech|hungarian|korean|persian|hebrew|greek|ukrainian|romanian)"
    r"(?:\s*[,;/]\s*[a-z]+)?)\s*[\])]"
)
ABSTRACT_MARK = re.compile(r"(?i)[\[(][^\])]{0,12}\babstract\b[^\])]{0,70}[\])]|^(?:poster )?abstract\b")
ORIGINAL = re.compile(r"(?i)<original>|\s=\s|\s/\s(?=[A-Z\u00c0-\u00de])")
BRACKETED = re.compile(r"\[([^\[\]]{15,})\]")
CORRECTION = re.compile(
    r"(?i)^\W*(?:(?:publisher|author|editorial)'?s?[ -])?(?:errat(?:um|a)|corrigend(?:um|a)|correction"
    r"|addendum"
    r"|retract(?:ion|ed)(?: note| notice)?|withdrawn|expression of concern"
    r"|(?:the )?(?:author|editor)s?'?s? (?:repl(?:y|ies)|response)|repl(?:y|ies)|response"
    r"|(?:invited )?comment(?:ary|s)?|editorial(?: comment)?|letter(?: to the editor)?|discussion|re)\b"
    r"\s*(?:[:.\-–—]|(?:to|on|regarding)\b)"
    r"|\b(?:author'?s?'? (?:reply|response)|correction to|corrigendum to|erratum to|repl(?:y|ies) to"
    r"|response to (?:the )?(?:letter|comment|editor)|comments? on|letter to the editor|retracted article"
    r"|retraction of)\b"
    r"|[:.?\-–—(\[]\s*(?:a |an |author'?s?'? )?(?:reply|rejoinder|erratum|corrigendum|retraction)\W*$"
)
# Words that tell two reports of one study apart when only one of two titles has them.
REPORT_WORDS = re.compile(
    r"\b(?:study protocol|protocol|rationale|(?:trial|study) design|design and|design of"
    r"|statistical analysis plan"
    r"|baseline|follow ?up|extension|sub ?study|sub ?group|secondary (?:analysis|outcomes?)|post ?hoc|interim"
    r"|preliminary|pilot|final|update|updated|economic evaluation|cost effectiveness|cost utility"
    r"|qualitative|pooled analysis|reanalysis|re analysis)\b"
)
NUMBER = re.compile(r"\d+")
# fmt: off
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)
# fmt: on
# fmt: off
_CARDINALS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)
# fmt: on
# fmt: off
_TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
# fmt: on
# Words that are numbers; "i" is left out, because it is more often a word.
NUMBER_WORDS = {
    **{roman(n): str(n) for n in range(2, 40)},
    **{word: str(n) for n, word in enumerate(_ORDINALS, 1)},
    **{word: str(n) for n, word in enumerate(_CARDINALS, 2)},
    **{word: str(n * 10) for n, word in enumerate(_TENS, 2)},
}
# fmt: off
FOREIGN = frozenset((
    "der", "die", "das", "und", "bei", "mit", "von", "zur", "zum", "eine", "einer", "des", "im", "den",
    "nach", "el", "los", "las", "una", "del", "por", "para", "con", "y", "en", "le", "les", "et",
    "dans", "chez", "une", "sur", "au", "aux", "du", "il", "gli", "della", "delle", "nel", "nella",
    "dei", "di", "che", "per", "uma", "na", "no", "dos", "das", "ao", "het", "een", "van", "voor",
    "met", "bij", "og", "av", "hos", "til", "och", "efter", "w", "u", "ob",
))
# fmt: on
# fmt: off
ENGLISH = frozenset((
    "the", "of", "and", "in", "with", "for", "on", "to", "by", "from", "an", "is", "are", "after",
    "between", "using", "among",
))
# fmt: on


def cleaned(title: str) -> str:
    """The title without what databases put around it."""
    return AROUND.sub(" ", title) if "[" in title or "(" in title else title


def tongues(title: str) -> tuple[str, ...]:
    """The folded parts of a title that gives the same name twice: original and translation."""
    parts: list[str] = []
    split = ORIGINAL.split(title)
    if len(split) == 1 and title.count(";") == 1:
        split = title.split(";")
    if len(split) > 1:
        parts.extend(split)
    inner = BRACKETED.search(title)
    if inner and inner.group().strip() != title.strip():
        parts.extend((inner.group(1), title[: inner.start()], title[inner.end() :]))
    folded = {fold(part) for part in parts}
    return tuple(sorted(part for part in folded if len(part) >= 20 and part.count(" ") >= 2))


def size(folded: str) -> int:
    """How much a title tells: its words other than the small ones; two signs of Chinese count as one."""
    return max(len(content_words(folded)), len(WIDE.findall(folded)) // 2)


def numbers(folded: str) -> frozenset[str]:
    """The numbers that a title holds, Roman and spelled-out numbers among them."""
    found = {number.lstrip("0") or "0" for number in NUMBER.findall(folded)}
    found.update([NUMBER_WORDS[word] for word in folded.split() if word in NUMBER_WORDS])
    return frozenset(found)


def is_translated(title: str, folded: str) -> bool:
    """Whether a title is given in brackets, as PubMed does with translations, or is not English."""
    if title.lstrip(" \"'").startswith("["):
        return True
    words = folded.split()
    foreign = sum(word in FOREIGN for word in words)
    english = sum(word in ENGLISH for word in words)
    return foreign > english or not folded.isascii()

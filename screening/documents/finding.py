"""Finding words and quotes in pages: across line ends, hyphens, ligatures and kinds of quotation marks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from .pages import Line, PageText

# Written in many ways and never what a reader looks for.
UNIFIED = str.maketrans(
    dict.fromkeys("’‘", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("·∙", ".")
    | dict.fromkeys("−–—‐‑", "-")
)
LEFT_OUT = re.compile(r"[\s\-\u00ad\u0002]")
# A quote typed by hand is taken for a passage that is at least this much like it, in percent.
ALIKE = 82.0
CONTEXT = 60
# In words, either side; "et al." and "vs." end no sentence.
LONGEST_SENTENCE = 40
SENTENCE_END = re.compile(r"(?<!\bal)(?<!\bvs)(?<!\bFig)(?<!\bca)[.!?][)\]”\"']?$")


@dataclass(frozen=True, slots=True)
class Place:
    """One character of a page: line, word in the line, character in the word."""

    line: int
    word: int
    character: int


@dataclass(frozen=True)
class Passage:
    """A stretch of a page, with the words around it and the sentence it stands in.

    likeness is 100 for a passage found as it was asked.
    """

    page: int
    first: Place
    last: Place
    before: str
    text: str
    after: str
    sentence: str
    likeness: float = 100.0

    def stretches(self, page: PageText) -> Iterator[tuple[Line, float, float]]:
        """The lines it runs over, each with where it begins and ends along it, in points."""
        for number in range(self.first.line, self.last.line + 1):
            line = page.lines[number]
            start, end = line.words[0].start, line.words[-1].end
            if number == self.first.line:
                start = _along(line, self.first, 0)
            if number == self.last.line:
                end = _along(line, self.last, 1)
            yield line, start, max(end, start)


def find(pages: Iterable[PageText], wanted: str, most: int = 200) -> list[Passage]:
    """Where words stand, in the order of the pages; a blank in what is wanted parts words on the page too."""
    query = _query(wanted)
    found: list[Passage] = []
    if not query.text:
        return found
    for page in pages:
        squeezed = _Squeezed(page)
        for start in squeezed.starts(query.text):
            if squeezed.parts_words_as(start, query):
                found.append(squeezed.passage(start, start + len(query.text)))
                if len(found) == most:
                    return found
    return found


def closest(pages: Iterable[PageText], quote: str, page_first: int | None = None) -> Passage | None:
    """The passage that a quote was taken from; one typed with slips is found by likeness.

    page_first: where to look first, as the extractor noted it. None when nothing is alike enough.
    """
    needle = _query(quote).text
    if not needle:
        return None
    ordered = sorted((_Squeezed(page) for page in pages), key=lambda s: s.page.number != page_first)
    for squeezed in ordered:
        if (start := squeezed.text.find(needle)) >= 0:
            return squeezed.passage(start, start + len(needle))
    # A likeness of two or three letters means nothing.
    if len(needle) < 12:
        return None
    best: Passage | None = None
    for squeezed in ordered:
        found = fuzz.partial_ratio_alignment(
            needle, squeezed.text, score_cutoff=best.likeness if best else ALIKE
        )
        if found and found.dest_end > found.dest_start and (best is None or found.score > best.likeness):
            best = squeezed.passage(*squeezed.whole_words(found.dest_start, found.dest_end), found.score)
    return best


class _Squeezed:
    """A page's characters without blanks and hyphens, folded, each with its place."""

    def __init__(self, page: PageText) -> None:
        self.page = page
        characters: list[str] = []
        self.places: list[Place] = []
        for line_number, line in enumerate(page.lines):
            for word_number, word in enumerate(line.words):
                for number, character in enumerate(word.text):
                    for folded in _folded(character):
                        characters.append(folded)
                        self.places.append(Place(line_number, word_number, number))
        self.text = "".join(characters)

    def starts(self, needle: str) -> Iterator[int]:
        start = self.text.find(needle)
        while start >= 0:
            yield start
            start = self.text.find(needle, start + len(needle))

    def parts_words_as(self, start: int, query: "_Query") -> bool:
        """Whether words end on the page where the query has blanks, and nowhere else but at a hyphen."""
        for offset in range(1, len(query.text)):
            if offset in query.hyphens:
                continue
            before, after = self.places[start + offset - 1], self.places[start + offset]
            apart = not _same_word(before, after)
            if apart and offset not in query.blanks and not self._ends_in_hyphen(before):
                return False
            if not apart and offset in query.blanks and not self._hyphen_between(before, after):
                return False
        return True

    def _ends_in_hyphen(self, place: Place) -> bool:
        return bool(LEFT_OUT.match(self._word(place)[-1].translate(UNIFIED)))

    def _hyphen_between(self, before: Place, after: Place) -> bool:
        between = self._word(before)[before.character + 1 : after.character].translate(UNIFIED)
        return bool(between) and not LEFT_OUT.sub("", between)

    def _word(self, place: Place) -> str:
        return self.page.lines[place.line].words[place.word].text

    @cached_property
    def words(self) -> dict[tuple[int, int], str]:
        return {
            (line_number, word_number): word.text
            for line_number, line in enumerate(self.page.lines)
            for word_number, word in enumerate(line.words)
        }

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """A stretch found by likeness, from the beginning of its first word to the end of its last."""
        first, last = self.places[start], self.places[end - 1]
        while start > 0 and _same_word(self.places[start - 1], first):
            start -= 1
        while end < len(self.places) and _same_word(self.places[end], last):
            end += 1
        return start, end

    def passage(self, start: int, end: int, likeness: float = 100.0) -> Passage:
        first, last = self.places[start], self.places[end - 1]
        keys = list(self.words)
        begin, stop = keys.index((first.line, first.word)), keys.index((last.line, last.word)) + 1
        words = list(self.words.values())
        return Passage(
            self.page.number,
            first,
            last,
            before=" ".join(words[max(begin - 12, 0) : begin])[-CONTEXT:],
            text=" ".join(words[begin:stop]),
            after=" ".join(words[stop : stop + 12])[:CONTEXT],
            sentence=_sentence(words, begin, stop),
            likeness=likeness,
        )


def _same_word(one: Place, other: Place) -> bool:
    return (one.line, one.word) == (other.line, other.word)


def _sentence(words: Sequence[str], begin: int, stop: int) -> str:
    """The words from the end of the sentence before to the end of this one."""
    first, last = begin, stop
    while first > 0 and begin - first < LONGEST_SENTENCE and not SENTENCE_END.search(words[first - 1]):
        first -= 1
    while last < len(words) and last - stop < LONGEST_SENTENCE and not SENTENCE_END.search(words[last - 1]):
        last += 1
    return " ".join(words[first:last])


@dataclass(frozen=True)
class _Query:
    """What is looked for, folded as pages are; before which characters a blank or a hyphen stood."""

    text: str
    blanks: frozenset[int]
    hyphens: frozenset[int]


def _query(wanted: str) -> _Query:
    text = ""
    blanks: set[int] = set()
    hyphens: set[int] = set()
    for part in re.split(r"(\s+|-)", wanted.translate(UNIFIED).strip()):
        folded = "".join(map(_folded, part))
        if not folded and part and text:
            (hyphens if part == "-" else blanks).add(len(text))
        text += folded
    return _Query(text, frozenset(blanks), frozenset(hyphens))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Lower case, without accents, ligatures taken apart; nothing for blanks and hyphens."""
    plain = unicodedata.normalize("NFKD", character.translate(UNIFIED))
    return LEFT_OUT.sub("", "".join(c for c in plain if not unicodedata.combining(c)).lower())


def _along(line: Line, place: Place, side: int) -> float:
    """Where a character begins (side 0) or ends (1) along its line: all letters of a word as wide."""
    word = line.words[place.word]
    share = (place.character + side) / max(len(word.text), 1)
    return word.start + share * (word.end - word.start)

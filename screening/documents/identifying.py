"""Which report a PDF is: by DOI, PubMed number and title found in the file, with the evidence in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from ..dedup.names import family_name
from ..dedup.text import fold

DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>{}|\\^\[\]]+", re.IGNORECASE)
# What text puts behind a DOI and does not belong to it.
DOI_END = ".,;:)]}>/*"
PUBMED = re.compile(r"(?<!\d)(\d{7,8})(?!\d)")
# Titles shorter than this are found on many first pages by chance ("Reply", "Leukemia").
SHORTEST_TITLE = 20
# Likeness of a report's title to a stretch of the first page, in percent.
SURE_TITLE, LIKELY_TITLE = 95.0, 85.0
# A second report this close behind makes the first one doubtful: reports of one trial are named alike.
CLEAR_LEAD = 4.0


class Certainty(StrEnum):
    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True)
class Candidate:
    """A report as its records describe it."""

    key: int
    titles: tuple[str, ...]
    authors: tuple[str, ...] = ()
    year: int | None = None
    dois: frozenset[str] = frozenset()
    pmids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Identified:
    """What a PDF tells of itself: its name, its description, and the text of its first two pages."""

    file_name: str
    said: tuple[str, ...]
    first_pages: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """The report that a PDF seems to be, None when there is no sign of any."""

    key: int | None
    certainty: Certainty
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class _Sign:
    weight: float
    words: str


def dois_in(text: str) -> list[str]:
    """DOIs in the order of the text, lower case; one broken at a line's end is tried joined as well."""
    found = [match.group().lower().rstrip(DOI_END) for match in DOI.finditer(text)]
    found += [
        match.group().lower().rstrip(DOI_END)
        for match in DOI.finditer(re.sub(r"(?<=[/.\-_])\n(?=\w)", "", text))
    ]
    return list(dict.fromkeys(found))


def propose(pdf: Identified, candidates: Sequence[Candidate]) -> Proposal:
    """The report that most speaks for, and how sure that is."""
    told = _Told(pdf)
    ranked = sorted(
        ((signs, candidate) for candidate in candidates if (signs := told.signs_of(candidate))),
        key=lambda pair: -_weight(pair[0]),
    )
    if not ranked:
        return Proposal(None, Certainty.NONE, (told.why_nothing,))
    signs, best = ranked[0]
    lead = _weight(signs) - (_weight(ranked[1][0]) if len(ranked) > 1 else 0.0)
    evidence = tuple(sign.words for sign in sorted(signs, key=lambda sign: -sign.weight))
    if len(ranked) > 1 and lead < CLEAR_LEAD:
        return Proposal(best.key, Certainty.UNSURE, (*evidence, "another report fits nearly as well"))
    return Proposal(best.key, _certainty(_weight(signs)), evidence)


def _weight(signs: Sequence[_Sign]) -> float:
    return sum(sign.weight for sign in signs)


def _certainty(weight: float) -> Certainty:
    if weight >= SURE_TITLE:
        return Certainty.SURE
    return Certainty.LIKELY if weight >= 60 else Certainty.UNSURE


class _Told:
    """A PDF's words folded once, then asked for each report."""

    def __init__(self, pdf: Identified) -> None:
        self.said_dois = {doi for text in pdf.said for doi in dois_in(text)}
        self.page_dois = {
            doi: number
            for number, text in reversed([*enumerate(pdf.first_pages, 1)])
            for doi in dois_in(text)
        }
        self.first = fold(pdf.first_pages[0] if pdf.first_pages else "")
        self.said = [folded for text in pdf.said if len(folded := fold(text)) >= SHORTEST_TITLE]
        self.name = fold(pdf.file_name.rsplit(".", 1)[0])
        self.numbers_in_name = set(PUBMED.findall(pdf.file_name))
        self.file_name = pdf.file_name

    @property
    def why_nothing(self) -> str:
        if not self.first:
            return "no text on its first page, and its name says nothing"
        return "neither DOI nor title of a report found in it"

    def signs_of(self, candidate: Candidate) -> list[_Sign]:
        signs = [self._doi(candidate), self._title(candidate), self._name(candidate)]
        return [sign for sign in signs if sign is not None]

    def _doi(self, candidate: Candidate) -> _Sign | None:
        for doi in candidate.dois:
            if doi in self.said_dois:
                return _Sign(110.0, f"DOI {doi} in the file's description")
            if doi in self.page_dois:
                # A first page also names the DOIs of editorials and supplements; a title then decides.
                return _Sign(
                    100.0 if self.page_dois[doi] == 1 else 60.0, f"DOI {doi} on page {self.page_dois[doi]}"
                )
        return None

    def _title(self, candidate: Candidate) -> _Sign | None:
        likeness, where = 0.0, ""
        for title in map(fold, candidate.titles):
            if len(title) < SHORTEST_TITLE:
                continue
            on_page = fuzz.partial_ratio(title, self.first, score_cutoff=LIKELY_TITLE) if self.first else 0.0
            # A page shorter than the title would be looked for in the title.
            if on_page > likeness and len(self.first) >= len(title):
                likeness, where = on_page, "on its first page"
            for text in self.said:
                in_description = fuzz.ratio(title, text, score_cutoff=LIKELY_TITLE)
                if in_description > likeness:
                    likeness, where = in_description, "in the file's description"
        if likeness < LIKELY_TITLE:
            return None
        weight = likeness if likeness >= SURE_TITLE else likeness - 20
        return _Sign(weight, f"title {where}" + ("" if likeness == 100 else f" ({likeness:.0f}% alike)"))

    def _name(self, candidate: Candidate) -> _Sign | None:
        if numbers := candidate.pmids & self.numbers_in_name:
            return _Sign(70.0, f"PubMed number {min(numbers)} in the file's name")
        for title in map(fold, candidate.titles):
            if len(title) >= SHORTEST_TITLE and fuzz.partial_ratio(title[:60], self.name) >= SURE_TITLE:
                return _Sign(62.0, "title in the file's name")
        family = family_name(candidate.authors[0]) if candidate.authors else ""
        if (
            len(family) > 2
            and candidate.year
            and family in self.name.split()
            and str(candidate.year) in self.name
        ):
            return _Sign(30.0, f"“{family} {candidate.year}” in the file's name")
        return None

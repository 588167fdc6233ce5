"""Which reports seem to tell of one study, and which studies may share participants, with the evidence. Pure.

A wrong link loses a study, a missed one pools its participants twice; so nothing is linked here, only
suggested, and each suggestion names what speaks for it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from ..dedup import cluster
from ..dedup.names import family_name
from ..dedup.text import fold

# Numbers of the registers that the ICTRP gathers, as papers print them.
REGISTRATION = re.compile(
    r"\b(?:NCT\s?\d{8}|ISRCTN\s?\d{8}|20\d\d-5\d{5}-\d{2}-\d{2}"
    r"|(?:EUCTR|EudraCT)?(?:19|20)\d\d-\d{6}-\d{2}(?!-\d)"
    r"|ChiCTR[-\w]{6,}|UMIN\d{9}|jRCT[s\d]\w{8,}|JapicCTI-?\d{6}|ACTRN\s?\d{14}|CTRI/\d{4}/\d+/\d+|DRKS\s?\d{8}"
    r"|NTR\s?\d{3,5}|IRCT\d{8,}N\d+|KCT\d{7}|TCTR\d{11}|PACTR\d{15,16}|RBR-\w{6,7}|SLCTR/\d{4}/\d+)",
    re.IGNORECASE,
)
# Names of trials as titles give them: INO-VATE, EWALL-INO, CheckMate 067 is left to the numbers.
ACRONYM = re.compile(r"\b(?:[A-Z][A-Z0-9]*(?:-[A-Z0-9]{2,})+|[A-Z]{5,}\d*|[A-Z]\d{5,})\b")
# An acronym that this share of all reports has is a disease or a drug, not a trial.
COMMON = 0.15
PEOPLE = (
    r"(?:patients?|participants?|adults?|children|subjects?|women|men|infants|people|persons|individuals)"
)
SIZE = re.compile(rf"\bn\s?=\s?(\d[\d,]*)|\b(\d[\d,]*)\s+(?:[a-z-]+\s+){{0,3}}?{PEOPLE}\b", re.IGNORECASE)
# Smaller numbers are shared by chance.
SMALLEST_SIZE = 20

# A sign that more reports than this share tells nothing of a study.
MOST_SHARING = 40

SUGGEST, STRONG = 60, 90


@dataclass(frozen=True)
class ReportFacts:
    """What a report's records and PDFs say of the study behind it; `study` when it is grouped already."""

    key: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    registrations: frozenset[str]
    acronyms: frozenset[str]
    sizes: frozenset[int]
    study: int | None = None


@dataclass(frozen=True)
class Likeness:
    """How much speaks for two reports being of one study, and what, in words."""

    points: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """Reports that seem to be of one study; `study` when one of them is grouped already."""

    reports: tuple[int, ...]
    study: int | None
    points: int
    evidence: tuple[str, ...]

    @property
    def is_strong(self) -> bool:
        return self.points >= STRONG


@dataclass(frozen=True)
class MayOverlap:
    """Two studies that may share participants."""

    first: int
    second: int
    evidence: tuple[str, ...]


def registrations_in(text: str) -> frozenset[str]:
    """Trial registration numbers, written as one: no blanks, capitals, EudraCT numbers without a prefix."""
    found = (re.sub(r"\s", "", match.group()).upper() for match in REGISTRATION.finditer(text))
    return frozenset(re.sub(r"^(?:EUCTR|EUDRACT)", "", number) for number in found)


def facts(
    *,
    key: int,
    title: str,
    abstract: str,
    authors: Sequence[str],
    year: int | None,
    other: str = "",
    names: str = "",
    study: int | None = None,
) -> ReportFacts:
    """The facts in a report's texts.

    other: further fields and PDFs, read for registrations alone; names: where a trial's name may stand, when
    that is more than the title.
    """
    sizes = {
        int(digits.replace(",", ""))
        for pair in SIZE.findall(f"{title} {abstract}")
        for digits in pair
        if digits
    }
    return ReportFacts(
        key=key,
        title=fold(title),
        authors=tuple(dict.fromkeys(_author(name) for name in authors)),
        year=year,
        registrations=registrations_in(f"{title} {abstract} {other}"),
        acronyms=frozenset(name for name in ACRONYM.findall(names or title) if _is_long(name)),
        sizes=frozenset(size for size in sizes if size >= SMALLEST_SIZE and not 1900 <= size <= 2100),
        study=study,
    )


def likeness(a: ReportFacts, b: ReportFacts, common: frozenset[str] = frozenset()) -> Likeness:
    """common: acronyms that too many reports have to mean a trial."""
    signs = [
        sign for sign in (_registration(a, b), _acronym(a, b, common), _authors(a, b), _size(a, b)) if sign
    ]
    # Titles alone never make a study: trials of one drug are named alike. They are costly to compare, too.
    if signs and (alike := fuzz.token_set_ratio(a.title, b.title)) >= 70:
        signs.append((35 if alike >= 85 else 20, f"titles {alike:.0f}% alike"))
    return Likeness(max(sum(points for points, _ in signs), 0), tuple(words for _, words in signs))


def suggest(reports: Sequence[ReportFacts], apart: Iterable[frozenset[int]] = ()) -> list[Suggestion]:
    """Groups of reports without a study, and reports to add to a study; the surest first.

    apart: pairs of reports of which a person has said that they are not of one study.
    """
    said = set(apart)
    facts_of = {report.key: report for report in reports}
    links = _links(reports, said)
    joined, left = _to_studies(links, facts_of)
    inner = sorted((pair for pair in links if left >= set(pair)), key=lambda pair: -links[pair].points)
    different = [(min(pair), max(pair)) for pair in said if left >= pair]
    for group in cluster(sorted(left), inner, different):
        keys = sorted(int(key) for key in group)
        if len(keys) > 1:
            within = [links[pair] for pair in combinations(keys, 2) if pair in links]
            joined.append(_suggestion(keys, None, within))
    return sorted(joined, key=lambda suggestion: -suggestion.points)


def may_overlap(reports: Sequence[ReportFacts], known: Iterable[frozenset[int]] = ()) -> list[MayOverlap]:
    """Pairs of studies with a registration number, a trial's name, or most authors in common.

    known: pairs of studies that are marked as overlapping, or said not to be.
    """
    said, common = set(known), common_acronyms(reports)
    found: dict[frozenset[int], tuple[str, ...]] = {}
    for a, b in _with_something_shared(reports):
        if a.study is None or b.study is None or a.study == b.study:
            continue
        pair = frozenset({a.study, b.study})
        signs = [_registration(a, b), _acronym(a, b, common), _authors(a, b)]
        evidence = tuple(words for points, words in filter(None, signs) if points >= 40)
        if evidence and pair not in said:
            found.setdefault(pair, evidence)
    return [MayOverlap(min(pair), max(pair), evidence) for pair, evidence in found.items()]


def _with_something_shared(reports: Sequence[ReportFacts]) -> list[tuple[ReportFacts, ReportFacts]]:
    """Pairs worth comparing, in order: those with a number, a name, an author or a size in common."""
    sharing: dict[object, list[ReportFacts]] = {}
    for report in sorted(reports, key=lambda report: report.key):
        for sign in (*report.registrations, *report.acronyms, *report.authors, *report.sizes):
            sharing.setdefault(sign, []).append(report)
    pairs = {
        (a.key, b.key): (a, b)
        for together in sharing.values()
        if len(together) <= MOST_SHARING
        for a, b in combinations(together, 2)
    }
    return [pairs[keys] for keys in sorted(pairs)]


def common_acronyms(reports: Sequence[ReportFacts]) -> frozenset[str]:
    counts = Counter(acronym for report in reports for acronym in report.acronyms)
    most = max(4, COMMON * len(reports))
    return frozenset(acronym for acronym, count in counts.items() if count > most)


Pair = tuple[int, int]


def _links(reports: Sequence[ReportFacts], apart: set[frozenset[int]]) -> dict[Pair, Likeness]:
    """Pairs with a report that has no study, alike enough to be suggested, by their keys in order."""
    common = common_acronyms(reports)
    links: dict[Pair, Likeness] = {}
    for a, b in _with_something_shared(reports):
        if (a.study is not None and b.study is not None) or frozenset({a.key, b.key}) in apart:
            continue
        found = likeness(a, b, common)
        if found.points >= SUGGEST:
            links[a.key, b.key] = found
    return links


def _to_studies(
    links: Mapping[Pair, Likeness], facts_of: Mapping[int, ReportFacts]
) -> tuple[list[Suggestion], set[int]]:
    """Reports whose likest other is in a study, or goes to one, go there; the keys of the others are left."""
    best: dict[int, tuple[Likeness, int]] = {}
    for (a, b), found in links.items():
        for own, other in ((a, b), (b, a)):
            if facts_of[own].study is None and (own not in best or found.points > best[own][0].points):
                best[own] = found, other
    goes_to = {key: _end_of(key, best, facts_of) for key in best}
    to_study: dict[int, list[int]] = {}
    for key, study in goes_to.items():
        if study is not None:
            to_study.setdefault(study, []).append(key)
    joined = [
        _suggestion(sorted(keys), study, [best[key][0] for key in keys]) for study, keys in to_study.items()
    ]
    return joined, {key for key, study in goes_to.items() if study is None}


def _end_of(
    key: int, best: Mapping[int, tuple[Likeness, int]], facts_of: Mapping[int, ReportFacts]
) -> int | None:
    """The study at the end of the chain from a report to its likest, that one's likest, and so on."""
    passed = set()
    while facts_of[key].study is None and key not in passed:
        passed.add(key)
        key = best[key][1]
    return facts_of[key].study


def _suggestion(keys: Sequence[int], study: int | None, found: Sequence[Likeness]) -> Suggestion:
    evidence = dict.fromkeys(words for each in found for words in each.evidence)
    return Suggestion(tuple(keys), study, min(each.points for each in found), tuple(evidence))


Sign = tuple[int, str] | None


def _registration(a: ReportFacts, b: ReportFacts) -> Sign:
    if shared := a.registrations & b.registrations:
        return 100, f"both name {min(shared)}"
    if a.registrations and b.registrations:
        return -60, "different registration numbers"
    return None


def _acronym(a: ReportFacts, b: ReportFacts, common: frozenset[str]) -> Sign:
    shared = (a.acronyms & b.acronyms) - common
    return (60, f"both named {min(shared)}") if shared else None


def _authors(a: ReportFacts, b: ReportFacts) -> Sign:
    shared = set(a.authors) & set(b.authors)
    fewest = min(len(a.authors), len(b.authors))
    if len(shared) >= 3 and len(shared) >= 0.3 * fewest:
        return (40 if len(shared) >= 0.5 * fewest else 20), f"{len(shared)} of {fewest} authors the same"
    if a.authors and b.authors and a.authors[0] == b.authors[0]:
        return 15, "the same first author"
    return None


def _size(a: ReportFacts, b: ReportFacts) -> Sign:
    shared = a.sizes & b.sizes
    return (25, f"both tell of {max(shared)} participants") if shared else None


def _is_long(acronym: str) -> bool:
    """Short ones are diseases and markers: B-ALL, CD-22."""
    return sum(character.isalnum() for character in acronym) >= 5


def _author(name: str) -> str:
    """Family name and first initial, as far as the record gives one: "Smith J" is not "Smith, Anna"."""
    family = family_name(name)
    given = name.split(",", 1)[1] if "," in name else name.rsplit(" ", 1)[-1] if " " in name else ""
    return f"{family} {fold(given)[:1]}".strip()

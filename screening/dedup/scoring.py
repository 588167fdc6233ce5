"""Evidence for and against a pair, and the verdict it comes to, by rules that people can read."""

from rapidfuzz import fuzz

from .normalise import Normal
from .records import Evidence, Match, Verdict

SAME_TITLE = 0.96
LIKE_TITLE = 0.87
SIMILAR_TITLE = 0.78


def judge(first: Normal, second: Normal) -> Match:
    """What is held about a pair of records."""
    title = title_similarity(first.title, second.title)
    evidence = [*_supporting(first, second, title), *_opposing(first, second, title)]
    rule, verdict = _verdict(first, second, title, evidence)
    return Match(first.key, second.key, _score(title, evidence), rule, verdict, tuple(evidence))


def title_similarity(first: str, second: str) -> float:
    """From 0 to 1. A title that begins the other counts as alike: databases cut titles and subtitles."""
    if not first or not second:
        return 0.0
    whole = max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)) / 100
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 30 and longer.startswith(shorter):
        return max(whole, 0.95)
    return whole


def _supporting(a: Normal, b: Normal, title: float) -> list[Evidence]:
    found = []
    if a.doi and a.doi == b.doi:
        found.append(Evidence("same DOI", True, a.doi))
    if a.pmid and a.pmid == b.pmid:
        found.append(Evidence("same PMID", True, a.pmid))
    if title >= SIMILAR_TITLE:
        found.append(Evidence("title", True, f"{title:.2f}"))
    if a.authors and b.authors and _share_authors(a, b):
        found.append(Evidence("authors agree", True))
    if a.year and b.year and abs(a.year - b.year) <= 1:
        found.append(
            Evidence("same year" if a.year == b.year else "neighbouring years", True, f"{a.year}, {b.year}")
        )
    if a.journal and b.journal and journals_agree(a.journal, b.journal):
        found.append(Evidence("same journal", True))
    if a.volume and a.volume == b.volume:
        found.append(Evidence("same volume", True, a.volume))
    if a.first_page and a.first_page == b.first_page:
        found.append(Evidence("same first page", True, a.first_page))
    if a.abstract and b.abstract and fuzz.ratio(a.abstract[:600], b.abstract[:600]) >= 90:
        found.append(Evidence("same abstract", True))
    return found


def _opposing(a: Normal, b: Normal, title: float) -> list[Evidence]:
    found = []
    if a.pmid and b.pmid and a.pmid != b.pmid:
        found.append(Evidence("different PMIDs", False, f"{a.pmid}, {b.pmid}"))
    if a.doi and b.doi and a.doi != b.doi:
        found.append(Evidence("different DOIs", False, f"{a.doi}, {b.doi}"))
    if title < SIMILAR_TITLE:
        found.append(Evidence("titles differ", False, f"{title:.2f}"))
    if a.authors and b.authors and not _share_authors(a, b):
        found.append(Evidence("authors differ", False))
    if a.year and b.year and abs(a.year - b.year) > 1:
        found.append(Evidence("years differ", False, f"{a.year}, {b.year}"))
    if a.first_page and b.first_page and a.first_page != b.first_page:
        found.append(Evidence("pages differ", False, f"{a.first_page}, {b.first_page}"))
    if a.volume and b.volume and a.volume != b.volume:
        found.append(Evidence("volumes differ", False, f"{a.volume}, {b.volume}"))
    if a.journal and b.journal and not journals_agree(a.journal, b.journal):
        found.append(Evidence("journals differ", False))
    found.extend(guards(a, b))
    return found


def guards(a: Normal, b: Normal) -> list[Evidence]:
    """The false friends: documents that belong together and are not copies of one another."""
    found = []
    if a.is_comment != b.is_comment:
        found.append(Evidence("one is a correction or comment", False))
    if a.part != b.part and (a.part or b.part):
        found.append(Evidence("different parts", False, f"{a.part or 'none'}, {b.part or 'none'}"))
    if a.kind != b.kind and not _is_one_place(a, b):
        found.append(Evidence("different kinds of document", False, f"{a.kind}, {b.kind}"))
    if a.numbers != b.numbers and sorted(set(a.numbers) ^ set(b.numbers)):
        found.append(Evidence("numbers in the titles differ", False))
    if a.registrations and b.registrations and not a.registrations & b.registrations:
        found.append(Evidence("different registrations", False))
    return found


def _is_one_place(a: Normal, b: Normal) -> bool:
    """Where both name the same DOI or page, that one database calls it an abstract is a matter of style."""
    if {a.kind, b.kind} != {"abstract", "article"}:
        return False
    if a.doi and b.doi:
        return a.doi == b.doi
    return bool(a.volume and a.first_page) and (a.volume, a.first_page) == (b.volume, b.first_page)


STRONG_AGAINST = frozenset(
    {
        "different PMIDs",
        "one is a correction or comment",
        "different parts",
        "different kinds of document",
        "numbers in the titles differ",
        "different registrations",
        "titles differ",
    }
)
PLACE = frozenset({"same volume", "same first page"})


def _verdict(a: Normal, b: Normal, title: float, evidence: list[Evidence]) -> tuple[str, Verdict]:
    pro = {each.name for each in evidence if each.supports}
    contra = {each.name for each in evidence if not each.supports}
    if "same PMID" in pro and title >= SIMILAR_TITLE:
        return "same_pmid_and_title", Verdict.SAME
    if contra & STRONG_AGAINST:
        return _with_strong_doubt(title, pro, contra)
    if "same DOI" in pro:
        return "same_doi_and_title", Verdict.SAME
    if title >= SAME_TITLE and _stands_alone(a):
        return _with_same_title(a, b, pro, contra)
    if title >= LIKE_TITLE and pro >= PLACE and "authors differ" not in contra:
        return "similar_title_and_place", Verdict.SAME
    if "same abstract" in pro and "authors agree" in pro and len(contra) <= 1:
        return "same_abstract_and_authors", Verdict.SAME
    if title >= LIKE_TITLE and "authors differ" not in contra and len(contra) <= 2:
        return "similar_title", Verdict.UNSURE
    return "unlike", Verdict.DIFFERENT


def _with_strong_doubt(title: float, pro: set[str], contra: set[str]) -> tuple[str, Verdict]:
    """A strong sign against never links by itself; a person looks where much speaks for it."""
    looks_alike = title >= LIKE_TITLE or "same DOI" in pro
    if (
        looks_alike
        and "different PMIDs" not in contra
        and "authors differ" not in contra
        and len(contra) <= 3
    ):
        return "alike_but_doubtful", Verdict.UNSURE
    return "unlike", Verdict.DIFFERENT


def _with_same_title(a: Normal, b: Normal, pro: set[str], contra: set[str]) -> tuple[str, Verdict]:
    place = len(PLACE & pro)
    known = {"years differ", "pages differ", "volumes differ", "journals differ", "different DOIs"}
    against = contra & known
    if "authors differ" in contra:
        return "same_title_other_authors", Verdict.SAME if place == 2 else Verdict.UNSURE
    support = len(pro & {"authors agree", "same journal", "same year", "same volume", "same first page"})
    if len(against) <= 1 and support >= 2:
        return "same_title_and_source", Verdict.SAME
    if not against and support >= 1:
        return "same_title", Verdict.SAME
    if place == 2:
        return "same_title_and_place", Verdict.SAME
    return "same_title_elsewhere", Verdict.UNSURE if len(against) <= 3 else Verdict.DIFFERENT


def _stands_alone(record: Normal) -> bool:
    """Whether a title is long enough that two papers do not share it by chance, as "Editorial" is."""
    return len(record.title) >= 25 and len(record.title.split()) >= 4


def _share_authors(a: Normal, b: Normal) -> bool:
    if fuzz.ratio(a.authors[0], b.authors[0]) >= 80 or a.authors[0] in b.authors or b.authors[0] in a.authors:
        return True
    # "Given Family" against "Family Given": any family name of one inside the other's words.
    words = {word for name in b.authors for word in name.split()}
    return any(word in words for word in a.authors[0].split() if len(word) > 2)


def journals_agree(a: str, b: str) -> bool:
    """Alike, or one an abbreviation of the other: each word begins the other's, in order."""
    if fuzz.token_set_ratio(a, b) >= 85:
        return True
    skip = {"of", "the", "and", "for", "in", "de", "la"}
    x, y = ([word for word in name.split() if word not in skip] for name in (a, b))
    short, long = sorted((x, y), key=lambda words: sum(map(len, words)))
    if len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long):
        return True
    rest = iter(long)
    return bool(short) and all(any(_abbreviates(word, other) for other in rest) for word in short)


def _abbreviates(short: str, long: str) -> bool:
    return long.startswith(short) or (len(short) > 2 and short[0] == long[0] and _in_order(short, long))


def _in_order(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _score(title: float, evidence: list[Evidence]) -> float:
    """From 0 to 1 for ordering: the title's likeness, moved by what else speaks for and against."""
    pro = sum(each.supports for each in evidence)
    share = pro / len(evidence) if evidence else 0.0
    return round(0.6 * title + 0.4 * share, 4)

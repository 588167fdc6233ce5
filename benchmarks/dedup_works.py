"""Works that never were, and records of them as databases write them: what is a copy of what is known.

Titles are put together from the words of the field, so that many works differ in one word only, which is
harder than life. The perturbations are those by which databases differ; the false friends must stay apart.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count, islice

from screening.dedup import DedupRecord

# fmt: off
DRUGS = (
    "metformin", "zoledronate", "apixaban", "ketamine", "melatonin", "infliximab", "prednisolone",
    "sertraline", "levetiracetam", "azithromycin", "vitamin D", "omega-3 fatty acids", "tocilizumab",
    "empagliflozin", "morphine", "bupivacaine", "acupuncture", "cognitive behavioural therapy",
    "high-flow nasal oxygen", "exercise training", "probiotics", "intravenous iron", "tranexamic acid",
    "oxytocin", "magnesium sulphate", "hydroxychloroquine", "botulinum toxin", "rivaroxaban",
    "dexamethasone", "clopidogrel", "rituximab", "semaglutide", "naltrexone", "erythropoietin",
    "gabapentin", "nitrous oxide", "telemonitoring", "music therapy", "mindfulness", "yoga",
)
CONDITIONS = (
    "type 2 diabetes", "heart failure", "rheumatoid arthritis", "chronic kidney disease",
    "major depression", "atrial fibrillation", "acute ischaemic stroke", "COPD", "Crohn's disease",
    "multiple sclerosis", "psoriasis", "septic shock", "pre-eclampsia", "breast cancer", "hip fracture",
    "migraine", "osteoporosis", "epilepsy", "schizophrenia", "chronic low back pain", "asthma",
    "hepatitis C", "HIV infection", "sickle cell disease", "Parkinson's disease",
    "obstructive sleep apnoea", "postoperative delirium", "neonatal jaundice", "insomnia",
    "fibromyalgia", "endometriosis", "alcohol use disorder", "acute pancreatitis", "COVID-19",
    "tuberculosis",
)
OUTCOMES = (
    "mortality", "quality of life", "pain", "bone mineral density", "glycaemic control",
    "blood pressure", "readmission", "functional recovery", "inflammatory markers", "sleep quality",
    "length of stay", "relapse", "cognitive function", "exercise capacity", "adverse events",
    "treatment adherence", "fatigue", "renal function", "left ventricular function",
    "seizure frequency", "weight loss", "disease activity", "survival", "infection",
)
PEOPLE = (
    "adults", "children", "older people", "pregnant women", "adolescents", "veterans",
    "preterm infants", "critically ill patients", "outpatients", "nursing home residents",
    "primary care patients", "women",
)
DESIGNS = (
    "a randomised controlled trial", "a multicentre cohort study",
    "a double-blind placebo-controlled trial", "a systematic review and meta-analysis", "a pilot study",
    "a case-control study", "a crossover trial", "a retrospective analysis",
    "a cluster-randomised trial", "a cross-sectional survey", "a network meta-analysis",
)
PATTERNS = (
    "Effect of {drug} on {outcome} in {people} with {condition}: {design}",
    "{drug} versus {other} for {condition} in {people}: {design}",
    "{outcome} after {drug} in {people} with {condition}",
    "Does {drug} improve {outcome} in {condition}? {design}",
    "Comparison of {drug} and {other} on {outcome} in patients with {condition}",
    "{condition} in {people}: the role of {drug}",
    "Predictors of {outcome} in {people} treated with {drug} for {condition}",
    "Early {drug} and {outcome} in {condition}: {number}-year results from {place}",
)
PLACES = (
    "Denmark", "northern Italy", "São Paulo", "Ontario", "Taiwan", "Ethiopia", "New South Wales",
    "Catalonia", "rural Kenya", "Scotland", "Bavaria", "Japan", "Tehran", "Queensland", "Poland",
    "Minnesota",
)
FAMILIES = (
    "Müller", "García", "Nguyen", "Smith", "Kowalski", "Sørensen", "Yamamoto", "Silva", "Ivanov", "Kim",
    "Wang", "Li", "Zhang", "Patel", "O'Brien", "van den Berg", "Rossi", "Dubois", "Öztürk", "Novák",
    "Haddad", "Okafor", "Lindqvist", "Papadopoulos", "Fernández", "Schäfer", "Tanaka", "Cohen", "Brown",
    "Johnson", "Martínez", "Ali", "Bianchi", "Lefèvre", "Hansen", "Popescu", "Nakamura", "Gómez",
    "Jansen", "Virtanen", "Horváth", "Chen",
)
GIVEN = (
    "Anna", "Peter", "María", "Jun", "Wei", "Fatima", "John", "Olga", "Lars", "Chidi", "Sofia", "David",
    "Yuki", "Emma", "Paolo", "Hélène", "Tomasz", "Aisha", "Erik", "Laura", "Hiroshi", "Priya", "Ahmed",
    "Katja",
)
JOURNALS = (
    ("Journal of Clinical Endocrinology and Metabolism", "J Clin Endocrinol Metab"),
    ("The Lancet", "Lancet"),
    ("British Medical Journal", "BMJ"),
    ("Annals of the Rheumatic Diseases", "Ann Rheum Dis"),
    ("European Heart Journal", "Eur Heart J"),
    ("Cochrane Database of Systematic Reviews", "Cochrane Database Syst Rev"),
    ("American Journal of Respiratory and Critical Care Medicine", "Am J Respir Crit Care Med"),
    ("Deutsche Medizinische Wochenschrift", "Dtsch Med Wochenschr"),
    ("Revista Española de Cardiología", "Rev Esp Cardiol"),
    ("PLoS ONE", "PLoS One"),
    ("Archives of Disease in Childhood", "Arch Dis Child"),
    ("Scandinavian Journal of Primary Health Care", "Scand J Prim Health Care"),
    ("Zhonghua Yi Xue Za Zhi [Chinese Medical Journal]", "Zhonghua Yi Xue Za Zhi"),
    ("Obstetrics & Gynecology", "Obstet Gynecol"),
    ("International Journal of Nursing Studies", "Int J Nurs Stud"),
    ("Neurology", "Neurology"),
    ("JAMA Internal Medicine", "JAMA Intern Med"),
    ("Journal of the American Geriatrics Society", "J Am Geriatr Soc"),
    ("Acta Anaesthesiologica Scandinavica", "Acta Anaesthesiol Scand"),
    ("BMC Public Health", "BMC Public Health"),
)
SENTENCES = (
    "{drug} is widely used in {condition}, but its effect on {outcome} is not settled.",
    "We enrolled {n} {people} at {m} centres in {place} between {y1} and {y2}.",
    "The primary outcome was {outcome} at {k} months; analysis was by intention to treat.",
    "{outcome} differed between the groups by {k}.{m} points (95% CI {k}.1 to {m}.9).",
    "There were {m} serious adverse events with {drug} and {k} in the comparison group.",
    "Compared with {other}, {drug} changed {outcome} in {people} with {condition} by {n} per cent.",
    "Follow-up was complete for {n} participants; {m} withdrew consent.",
    "These findings do not support routine use of {drug} for {condition} in {place}.",
    "Secondary outcomes, among them {outcome2}, were similar in both arms at {k} weeks.",
    "Larger trials should measure {outcome2} and last longer than {k} months.",
)
SPANISH = {
    "Effect of": "Efecto de", "on": "sobre", "in": "en", "with": "con", "and": "y", "versus": "frente a",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Labelled:
    """A record and the document it is a copy of."""

    record: DedupRecord
    document: int


def works(seed: int) -> Iterator[DedupRecord]:
    """One document after another, each different, all fields filled."""
    dice = random.Random(seed)
    for number in count():
        yield _work(dice, number)


def _work(dice: random.Random, number: int) -> DedupRecord:
    words = {
        "drug": dice.choice(DRUGS),
        "other": dice.choice(DRUGS),
        "condition": dice.choice(CONDITIONS),
        "outcome": dice.choice(OUTCOMES),
        "outcome2": dice.choice(OUTCOMES),
        "people": dice.choice(PEOPLE),
        "design": dice.choice(DESIGNS),
        "place": dice.choice(PLACES),
        "number": dice.choice((2, 3, 5, 10)),
    }
    title = dice.choice(PATTERNS).format(**words)
    sentences = dice.sample(SENTENCES, 6)
    abstract = " ".join(
        each.format(
            **words,
            n=dice.randint(30, 4000),
            m=dice.randint(1, 60),
            k=dice.randint(1, 36),
            y1=dice.randint(1995, 2008),
            y2=dice.randint(2009, 2022),
        )
        for each in sentences
    )
    year, first = dice.randint(1985, 2024), dice.randint(1, 2400)
    authors = tuple(_person(dice) for _ in range(dice.randint(2, 8)))
    return DedupRecord(
        key=number,
        title=title[0].upper() + title[1:],
        authors=authors,
        year=year,
        journal=dice.choice(JOURNALS)[0],
        volume=str(dice.randint(1, 120)),
        issue=str(dice.randint(1, 12)),
        pages=f"{first}-{first + dice.randint(2, 14)}",
        doi=f"10.{dice.randint(1000, 1999)}/j.{number}.{dice.randint(100, 999)}",
        pmid=str(10_000_000 + number),
        abstract=abstract,
        publication_type="Journal Article",
    )


def _person(dice: random.Random) -> str:
    return f"{dice.choice(FAMILIES)}, {dice.choice(GIVEN)} {dice.choice('ABCEGHJKLMNPRST')}."


Change = Callable[[random.Random, DedupRecord], DedupRecord]


def _short(work: DedupRecord) -> DedupRecord:
    """Abbreviated journal and initials, no PMID: what any two databases differ in."""
    authors = tuple(_initials(name) for name in work.authors)
    return replace(work, journal=dict(JOURNALS).get(work.journal, work.journal), authors=authors, pmid="")


def _initials(name: str) -> str:
    family, given = name.split(", ")
    return f"{family} {''.join(part[0] for part in given.split())}"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _slip(dice: random.Random, title: str) -> str:
    """One letter wrong, and American spelling."""
    place = dice.randrange(5, len(title))
    american = (
        title.replace("randomised", "randomized").replace("ischaemic", "ischemic").replace("aemic", "emic")
    )
    return american[:place] + dice.choice("aeinrst") + american[place + 1 :]


def _short_range(pages: str) -> str:
    first, last = pages.split("-")
    same = next((n for n, (x, y) in enumerate(zip(first, last, strict=False)) if x != y), 0)
    return f"{first}-{last[same:]}" if len(first) == len(last) else pages


COPIES: dict[str, Change] = {
    "abbreviated journal, initials": lambda dice, w: _short(w),
    "no DOI": lambda dice, w: replace(_short(w), doi=""),
    "no DOI, no abstract": lambda dice, w: replace(
        _short(w), doi="", abstract="", pages=_short_range(w.pages)
    ),
    "no accents": lambda dice, w: replace(
        w,
        doi="",
        pmid="",
        authors=tuple(_plain(_initials(name)) for name in w.authors),
        title=_plain(w.title),
    ),
    "title in capitals": lambda dice, w: replace(_short(w), doi="", title=w.title.upper(), abstract=""),
    "title cut at the colon": lambda dice, w: replace(
        _short(w), doi="", title=w.title.split(":")[0].split("?")[0]
    ),
    "title cut after 60 letters": lambda dice, w: replace(
        _short(w), doi="", title=w.title[:60].rsplit(" ", 1)[0]
    ),
    "slip and American spelling": lambda dice, w: replace(_short(w), doi="", title=_slip(dice, w.title)),
    "authors in another order": lambda dice, w: replace(
        _short(w), doi="", abstract="", authors=tuple(_initials(name) for name in w.authors[::-1])
    ),
    "only the first author": lambda dice, w: replace(_short(w), doi="", abstract="", authors=w.authors[:1]),
    "given name first": lambda dice, w: replace(
        w, doi="", pmid="", authors=tuple(" ".join(name.split(", ")[::-1]) for name in w.authors)
    ),
    "electronic year, no place": lambda dice, w: replace(
        _short(w), year=(w.year or 0) - 1, volume="", issue="", pages=""
    ),
    "electronic year, DOI": lambda dice, w: replace(
        w, year=(w.year or 0) - 1, volume="", issue="", pages="", pmid="", abstract=""
    ),
    "one first page": lambda dice, w: replace(_short(w), doi="", abstract="", pages=w.pages.split("-")[0]),
    "article number for pages": lambda dice, w: replace(_short(w), pages=f"e{dice.randint(10_000, 99_999)}"),
    "issue in the volume": lambda dice, w: replace(
        _short(w), doi="", volume=f"{w.volume}({w.issue})", issue=""
    ),
    "translated, in brackets": lambda dice, w: replace(_short(w), doi="", title=f"[{w.title}]", abstract=""),
    "both tongues": lambda dice, w: replace(
        w, doi="", pmid="", title=f"{_spanish(w.title)} = {w.title}", authors=_short(w).authors
    ),
    "title and year": lambda dice, w: DedupRecord(key=w.key, title=w.title, year=w.year),
    "title, year and first author": lambda dice, w: DedupRecord(
        key=w.key, title=w.title, year=w.year, authors=w.authors[:1]
    ),
}
FRIENDS: dict[str, Change] = {
    "erratum": lambda dice, w: replace(
        w, title=f"Erratum: {w.title}", abstract="", doi=f"{w.doi}9", pmid="", pages="1120"
    ),
    "author reply": lambda dice, w: replace(
        w, title=f"{w.title}: author reply", abstract="", doi="", pmid="", pages="322-323", volume="9"
    ),
    "comment": lambda dice, w: replace(
        w, title=f"Comment on: {w.title}", authors=("Other, Kim",), abstract="", doi="", pmid="", pages="2"
    ),
    "protocol": lambda dice, w: replace(
        w,
        title=f"{w.title}: study protocol",
        year=(w.year or 0) - 2,
        pmid="",
        doi=f"{w.doi}7",
        pages="3-9",
        journal="Trials",
        volume="7",
    ),
    "meeting abstract": lambda dice, w: replace(
        w,
        journal="Gut. Conference: Annual Meeting of the Society",
        pages=f"S{dice.randint(1, 300)}",
        pmid="",
        doi="",
        volume="61",
        issue="SUPPL. 1",
        abstract=w.abstract[:300],
        publication_type="Conference Abstract",
    ),
    "unmarked abstract elsewhere": lambda dice, w: replace(
        w,
        journal="Value in Health",
        pages="A12",
        pmid="",
        doi="",
        volume="16",
        abstract=w.abstract[200:700],
        year=(w.year or 0) - 1,
    ),
    "preprint": lambda dice, w: replace(
        w, journal="medRxiv", doi="10.1101/2020.01.02.20016550", pmid="", volume="", issue="", pages=""
    ),
    "registration": lambda dice, w: replace(
        w,
        journal="ClinicalTrials.gov",
        publication_type="Trial registration",
        doi="",
        pmid="",
        volume="",
        issue="",
        pages="",
        authors=(),
        abstract="",
        database_id=f"NCT0{dice.randint(1000000, 9999999)}",
    ),
    "part 2": lambda dice, w: replace(w, title=f"{w.title}. Part 2", doi="", pmid="", pages="900-910"),
    "next year's report": lambda dice, w: replace(
        w, title=f"{w.title}, {(w.year or 0) + 1}", doi="", pmid="", pages="77-82", abstract=""
    ),
    "updated review": lambda dice, w: replace(
        w,
        journal="Cochrane Database of Systematic Reviews",
        doi="10.1002/14651858.cd000001.pub3",
        pmid="",
        year=(w.year or 0) + 4,
        pages="CD000001",
        volume="",
    ),
    "other population": lambda dice, w: replace(
        w,
        title=_other_people(dice, w.title),
        doi="",
        pmid="",
        abstract="",
        pages="45-51",
        year=(w.year or 0) + 1,
    ),
    "another in the supplement": lambda dice, w: replace(
        w,
        title=f"{w.title.split(' ', 1)[1]} of mice",
        pages="S88",
        pmid="",
        abstract=w.abstract[::-1],
    ),
}


def _other_people(dice: random.Random, title: str) -> str:
    for group in PEOPLE:
        if group in title:
            return title.replace(group, dice.choice([each for each in PEOPLE if each != group]))
    return f"{title} among miners"


def _spanish(title: str) -> str:
    for english, spanish in SPANISH.items():
        title = title.replace(f"{english} ", f"{spanish} ")
    return title


def labelled(documents: int, seed: int = 1, copies: float = 0.6, friends: float = 0.1) -> list[Labelled]:
    """Records of so many documents, shuffled: some with one to three copies, some with a false friend.

    copies, friends: the shares of documents that have them.
    """
    dice = random.Random(seed)
    found: list[Labelled] = []
    kinds = [*COPIES.values()]
    others = [*FRIENDS.values()]
    number = 0
    for work in islice(works(seed), documents):
        found.append(Labelled(work, number))
        if dice.random() < copies:
            found.extend(Labelled(dice.choice(kinds)(dice, work), number) for _ in range(dice.randint(1, 3)))
        number += 1
        if dice.random() < friends:
            found.append(Labelled(dice.choice(others)(dice, work), number))
            number += 1
    dice.shuffle(found)
    return [Labelled(replace(each.record, key=n), each.document) for n, each in enumerate(found)]

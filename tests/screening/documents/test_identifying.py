"""Which report a PDF is."""

import pytest

from screening.documents import Candidate, Identified, propose
from screening.documents.identifying import Certainty, dois_in

TRIAL = Candidate(
    1,
    ("Zorifen for chronic itch in adults: a randomised trial of forty weeks",),
    ("Arden, P.",),
    2019,
    frozenset({"10.1000/itch.7"}),
    frozenset({"31234567"}),
)
OTHER = Candidate(
    2, ("Sleep of adults with eczema, a survey",), ("Birch, Q.",), 2021, frozenset({"10.1000/sleep.2"})
)
FIRST_PAGE = (
    "Annals of Itch 2019\nZorifen for chronic itch in adults: a\nrandomised trial of forty weeks\nP. Arden"
)


def pdf(first: str = "", second: str = "", name: str = "main.pdf", said: tuple[str, ...] = ()) -> Identified:
    return Identified(name, said, (first, second))


@pytest.mark.parametrize(
    ("given", "certainty", "evidence"),
    [
        (pdf(said=("doi:10.1000/ITCH.7",)), Certainty.SURE, "DOI 10.1000/itch.7 in the file's description"),
        (pdf("see https://doi.org/10.1000/itch.7."), Certainty.SURE, "DOI 10.1000/itch.7 on page 1"),
        (pdf(FIRST_PAGE), Certainty.SURE, "title on its first page"),
        (pdf("", "cites 10.1000/itch.7"), Certainty.LIKELY, "DOI 10.1000/itch.7 on page 2"),
        (pdf(name="31234567.pdf"), Certainty.LIKELY, "PubMed number 31234567 in the file's name"),
        (pdf(name="Arden - 2019 - x.pdf"), Certainty.UNSURE, "“arden 2019” in the file's name"),
    ],
)
def test_a_report_is_recognised_with_evidence(given, certainty, evidence):
    found = propose(given, [OTHER, TRIAL])

    assert (found.key, found.certainty) == (1, certainty)
    assert evidence in found.evidence


def test_a_pdf_of_no_report_is_left_without_one():
    found = propose(pdf("A cookery book of the north"), [TRIAL, OTHER])

    assert (found.key, found.certainty) == (None, Certainty.NONE)


def test_of_two_reports_named_alike_none_is_sure():
    twin = Candidate(3, (TRIAL.titles[0],), ("Arden, P.",), 2021)

    assert propose(pdf(FIRST_PAGE), [Candidate(1, TRIAL.titles), twin]).certainty == Certainty.UNSURE


def test_the_doi_tells_two_reports_named_alike_apart():
    twin = Candidate(3, TRIAL.titles, ("Arden, P.",), 2021, frozenset({"10.1000/itch.9"}))
    found = propose(pdf(f"{FIRST_PAGE}\nhttps://doi.org/10.1000/itch.9"), [TRIAL, twin])

    assert (found.key, found.certainty) == (3, Certainty.SURE)


def test_the_title_outweighs_the_doi_of_an_editorial_named_beside_it():
    found = propose(pdf(f"{FIRST_PAGE}\nhttps://doi.org/10.1000/itch.7\nsee 10.1000/sleep.2"), [OTHER, TRIAL])

    assert (found.key, found.certainty) == (1, Certainty.SURE)


def test_a_short_title_is_no_sign():
    assert propose(pdf("Reply by the authors"), [Candidate(4, ("Reply",))]).key is None


def test_dois_are_cleaned_of_what_the_text_puts_behind_them():
    assert dois_in("(doi:10.1000/a(b)c), https://doi.org/10.1002/\ncncr.32116.")[0] == "10.1000/a(b)c"
    assert "10.1002/cncr.32116" in dois_in("https://doi.org/10.1002/\ncncr.32116.")

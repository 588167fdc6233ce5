"""Citations as files: what they say of decisions, and to whom."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from screening.citations.export import citation_file
from screening.citations.labels import make_label, put_on
from screening.exporters import write_bibtex
from screening.importers import RawRecord, read_records
from screening.models import Citation

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
FORMATS = ("ris", "nbib", "bib", "csv", "xlsx")


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return make_member(review, name="Ada"), make_member(review, name="Bob")


def told(review, viewer, format="csv"):
    content = citation_file(review.citations.live(), viewer, format, with_decisions=True)[1]
    if isinstance(content, str):
        return content
    book = load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for row in book.active for cell in row)


def rows(review, viewer):
    return list(csv.DictReader(io.StringIO(told(review, viewer))))


def test_a_concluded_citation_says_who_decided_what_and_why(review, people):
    citation = make_search_run(review, ["A trial"]).records.get().citation
    for person in people:
        decide(citation, person, "exclude")
    put_on(label=make_label(review=review, name="Dose", by=people[0]), citation=citation, by=people[0])

    row = rows(review, review.created_by)[0]

    assert row["Title and abstract"] == "excluded"
    assert (
        row["Title and abstract decisions"]
        == "Ada: exclude, Wrong population; Bob: exclude, Wrong population"
    )
    assert row["Title and abstract reason"] == "Wrong population"
    assert row["Labels"] == "Dose"
    assert row["Databases"] == "PubMed"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("verdict", ["include", "exclude"])
def test_a_blind_vote_is_in_no_file_of_a_colleague(review, people, format, verdict):
    citation = make_search_run(review, ["A trial"]).records.get().citation
    before = told(review, people[1], format)

    decide(citation, people[0], verdict)

    assert told(review, people[1], format) == before
    assert told(review, review.created_by, format) == before


def test_ones_own_vote_is_in_ones_file_while_the_citation_is_blind(review, people):
    citation = make_search_run(review, ["A trial"]).records.get().citation
    decide(citation, people[0], "include")

    row = rows(review, people[0])[0]

    assert row["Title and abstract"] == "undecided"
    assert row["Title and abstract decisions"] == "Ada: include"


def test_formats_without_columns_say_it_as_notes(review, people):
    citation = make_search_run(review, ["A trial"]).records.get().citation
    for person in people:
        decide(citation, person, "include")

    for format in ("ris", "nbib", "bib"):
        assert "Title and abstract: included" in " ".join(told(review, people[0], format).split())


@pytest.mark.parametrize("format", FORMATS)
def test_the_plain_file_has_no_word_of_decisions(review, people, format):
    citation = make_search_run(review, ["A trial"]).records.get().citation
    for person in people:
        decide(citation, person, "exclude")

    content = citation_file(Citation.objects.all(), people[0], format, with_decisions=False)[1]

    assert b"Ada" not in (content if isinstance(content, bytes) else content.encode())


def test_bibtex_comes_back_as_it_went_out():
    record = RawRecord(
        title="Itch & scratch: 50% of {people} #1",
        authors=("Müller, Jörg", "Łukasz, Anna"),
        year=2019,
        journal="Journal of Itch",
        volume="7",
        issue="2",
        pages="1-9",
        doi="10.5555/itch.1",
        abstract="Half of all people_itch; costs $5.",
        keywords=("itch", "skin"),
    )

    back = read_records(write_bibtex([record]).encode()).records[0]

    assert back.title == "Itch & scratch: 50% of (people) #1"
    assert (back.authors, back.year, back.doi) == (record.authors, record.year, record.doi)
    assert (back.abstract, back.keywords, back.pages) == (record.abstract, record.keywords, record.pages)


def test_a_long_list_takes_few_queries(review, people, django_assert_max_num_queries):
    make_search_run(review, [f"Trial {n}" for n in range(1200)])

    with django_assert_max_num_queries(30):
        told(review, people[0])


def test_the_page_gives_what_its_filter_lets_through(client, review, people):
    make_search_run(review, ["Itch in adults", "Cough in adults"])
    client.force_login(people[0])

    page = client.get(f"/reviews/{review.slug}/citations/export.bib?text=itch&with=decisions")

    content = page.content.decode()
    assert "Itch in adults" in content
    assert "Cough" not in content
    assert date.today().isoformat() not in content

"""What we export comes back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.exporters import WRITERS, write_csv
from screening.importers import RawRecord, cleaning, read_records

LINE = st.text(max_size=60).map(cleaning.text)
WORD = st.text(min_size=1, max_size=20).map(cleaning.text)
NAMES = st.lists(WORD, max_size=4).map(cleaning.names)
DOIS = st.from_regex(r"10\.[0-9]{4,5}/[a-z0-9.();:/_-]{1,20}", fullmatch=True).map(
    cleaning.doi
) | st.sampled_from(["", "10.1002/(sici)1097-0258(19980130)17:2<121::aid-sim1>3.0.co;2-s"])
RECORDS = st.builds(
    RawRecord,
    title=LINE,
    authors=NAMES,
    year=st.none() | st.integers(1500, 2099),
    journal=LINE,
    volume=WORD,
    issue=WORD,
    pages=st.from_regex(r"[eS]?[0-9]{1,5}(-[0-9]{1,5})?", fullmatch=True) | st.just(""),
    doi=DOIS,
    pmid=st.from_regex(r"[1-9][0-9]{0,7}", fullmatch=True) | st.just(""),
    abstract=st.text(max_size=300).map(cleaning.text),
    keywords=st.lists(WORD, max_size=4).map(cleaning.texts),
    language=WORD,
    publication_type=st.sampled_from(
        ["", "Journal article", "Randomized Controlled Trial; Review", "Letter"]
    ),
    url=st.sampled_from(["", "https://example.org/a?b=1&copy=2", "javascript:alert(1)"]),
    database_id=st.sampled_from(["", "L2029880245", "20191234", "NCT00000001"]),
    extra=st.just({}),
    raw=st.just(""),
    line=st.just(0),
)


def same(record: RawRecord) -> RawRecord:
    """What is to come back: all but what belongs to the file that the record is read from."""
    return record._replace(extra={}, raw="", line=0)


# BibTeX has no place for some fields, and no braces of a text come through it.
@pytest.mark.parametrize("ending", [ending for ending in WRITERS if ending != "bib"])
@given(records=st.lists(RECORDS, min_size=1, max_size=3))
def test_every_record_comes_back_the_same(ending, records):
    _, write = WRITERS[ending]

    back = read_records(write(records).encode()).records

    assert [same(record) for record in back] == records


PLAIN = st.from_regex(r"[A-Za-zÀ-ž][A-Za-zÀ-ž0-9 ,.:;()%&$#_-]{0,40}[A-Za-z]", fullmatch=True)


@given(title=PLAIN.map(cleaning.text), abstract=PLAIN.map(cleaning.text), year=st.integers(1500, 2099))
def test_what_bibtex_can_hold_comes_back_from_it(title, abstract, year):
    record = RawRecord(title=title, abstract=abstract, year=year, doi="10.1000/x_1", pmid="12345")

    back = read_records(WRITERS["bib"][1]([record]).encode()).records[0]

    assert (back.title, back.abstract, back.year) == (title, abstract, year)
    assert (back.doi, back.pmid) == ("10.1000/x_1", "12345")


def test_nothing_in_a_csv_can_be_taken_for_a_formula():
    title, journal = "=HYPERLINK(1)", "@SUM(1+1)"

    row = write_csv([RawRecord(title=title, journal=journal, pages="-5")]).split("\r\n")[1]

    assert row.startswith("1,'=HYPERLINK(1),")
    assert ",'@SUM(1+1)," in row
    assert ",'-5," in row

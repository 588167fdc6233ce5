"""What every format has in common: the same record comes out, and damage never gets past a clear refusal."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importers import FORMAT_NAMES, ImportRefused, open_export, read_records

from .samples import ARTICLES, CSV, EVERY, REGISTRATIONS


def is_read_or_refused(content: bytes) -> bool:
    """Whether records come out, or a sentence says why not; any other exception is a crash."""
    try:
        return bool(read_records(content).records)
    except ImportRefused as refusal:
        return str(refusal).endswith(".")


@pytest.mark.parametrize("key", ARTICLES)
def test_the_same_article_comes_out_of_every_format(key):
    parsed = read_records(ARTICLES[key].encode())

    assert parsed.format == key
    assert not parsed.problems
    first, second = parsed.records
    assert first.title == "Zorifen for chronic itch"
    assert first.authors == ("Arden, Paul", "Birch, Quinn")
    assert (first.year, first.journal, first.doi) == (2019, "Annals of Itch", "10.1000/itch.101")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "101-110")
    assert (first.abstract, first.language) == ("Itch is common.", "English")
    assert first.keywords == ("pruritus", "trial")
    assert (second.title, second.year) == ("A second paper", 2020)


@pytest.mark.parametrize("key", REGISTRATIONS)
def test_a_registration_carries_its_number_register_and_address(key):
    first, second = read_records(REGISTRATIONS[key].encode()).records

    assert first.title == "Zorifen for chronic itch"
    assert first.database_id in {"EUCTR2019-000001-11-DE", "NCT00000001"}
    assert (first.authors, first.year) == (("Itch Group",), 2019)
    assert first.url.startswith("https://")
    assert second.title == "A second paper"


def test_a_workbook_is_read_as_the_table_that_it_holds():
    workbook = openpyxl.Workbook()
    for row in [
        line.split(",") for line in ("Title,Year,DOI,Stars", "Itch,2019,10.1000/itch.1,5", "Ache,2020,,")
    ]:
        workbook.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    workbook.create_sheet("Notes").append(["just", "words"])
    content = io.BytesIO()
    workbook.save(content)

    parsed = read_records(content.getvalue())

    assert parsed.format == "xlsx"
    assert [(r.title, r.year, r.doi) for r in parsed.records] == [
        ("Itch", 2019, "10.1000/itch.1"),
        ("Ache", 2020, ""),
    ]
    assert parsed.records[0].extra == {"Stars": ["5"]}


@pytest.mark.parametrize("key", EVERY)
def test_each_record_keeps_its_text_and_its_line(key):
    text = EVERY[key]

    for record in open_export(text.encode()).records:
        assert record.raw
        if key not in {"ctgov_json"}:
            assert record.raw.split("\n")[0] in text.split("\n")[record.line - 1]


@pytest.mark.parametrize("key", EVERY)
def test_the_count_for_the_progress_bar_is_the_number_of_records(key):
    reading = open_export(EVERY[key].encode())

    assert reading.total == len(reading.to_end().records) == 2


@pytest.mark.parametrize("key", sorted({*EVERY} - {"csv", "tsv"}))
def test_a_name_that_lies_about_the_format_changes_nothing(key):
    # There is no name to lie: only the content is given.
    assert open_export(EVERY[key].encode()).format == key
    assert FORMAT_NAMES[key]


@given(st.sampled_from(sorted(EVERY)), st.data())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(key, data):
    content = bytearray(EVERY[key].encode())
    for _ in range(data.draw(st.integers(1, 12))):
        position = data.draw(st.integers(0, max(len(content) - 1, 0)))
        content[position : position + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))

    assert is_read_or_refused(bytes(content))


@given(st.lists(st.sampled_from(sorted(EVERY)), min_size=2, max_size=3), st.integers(0, 400))
def test_pieces_of_several_files_in_one_never_crash(keys, cut):
    content = "\n".join(EVERY[key][cut // 2 : -1 - cut] for key in keys)

    assert is_read_or_refused(content.encode())


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused(content):
    assert is_read_or_refused(b"Title,Year\n" + content)
    assert is_read_or_refused(content)


def test_nothing_of_a_table_is_lost_with_columns_that_no_one_knows():
    record = read_records(CSV.encode()).records[0]

    assert record.extra == {"Cited by": ["7"]}

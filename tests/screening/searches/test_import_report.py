"""What an import tells: problems to take away, columns to name, notices, and the searches' appendix."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.citations.notices import notices_in
from screening.importers import RawRecord
from screening.models import ColumnNaming, RecordNotice, SearchRun
from screening.searches.imports import ImportNotPossible, name_columns, register_file

from ...makers import make_review

pytestmark = pytest.mark.django_db
TABLE = "Headline,People,Itching,Title of issue\nZorifen for itch,Arden P; Birch Q,5,x\n,Cole R,4,y\n"


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def owner(client, review):
    client.force_login(review.created_by)
    return client


def bring_in(review, content: str, name="export.ris", **details):
    return register_file(
        review=review,
        content=content.encode(),
        file_name=name,
        database="Embase",
        by=review.created_by,
        **details,
    )


def page(client, review, name, *arguments):
    return client.get(reverse(f"screening:{name}", args=[review.slug, *arguments])).content.decode()


def test_a_table_waits_until_someone_says_what_its_columns_are(owner, review):
    owner.post(
        reverse("screening:upload", args=[review.slug]),
        {
            "database": "CSV",
            "kind": "database",
            "run_on": "2026-01-15",
            "files": SimpleUploadedFile("t.csv", TABLE.encode()),
        },
    )
    run = SearchRun.objects.get()
    assert run.awaits_columns
    assert "Zorifen for itch" in page(owner, review, "columns", run.pk)

    address = reverse("screening:columns", args=[review.slug, run.pk])
    refused = owner.post(address, {"column_0": "", "column_1": "authors"})
    owner.post(address, {"column_0": "title", "column_1": "authors", "column_2": "", "column_3": ""})

    assert "Say which column holds the title" in refused.content.decode()
    record, untitled = run.records.all()
    assert (record.title, record.authors) == ("Zorifen for itch", ["Arden P", "Birch Q"])
    assert record.extra["Itching"] == ["5"]
    assert untitled.title == ""


def test_a_table_with_the_same_headers_is_read_as_the_first_one_was(review):
    first = bring_in(review, TABLE, "t.csv")
    name_columns(run=first, fields=["title", "authors", "", ""], by=review.created_by)

    second = bring_in(review, TABLE + "Ache,Elm T,1,z\n", "later.csv")

    assert second.records.count() == 3
    assert ColumnNaming.objects.count() == 1
    with pytest.raises(ImportNotPossible, match="named already"):
        name_columns(run=first, fields=["title", "", "", ""], by=review.created_by)


def test_records_with_problems_can_be_taken_away_mended_and_brought_again(owner, review):
    run = bring_in(
        review, "TY  - JOUR\nTI  - Whole\nPY  - 2020\nER  - \n\nTY  - JOUR\nTI  - Ache\nPY  - soon\nER  - \n"
    )

    listed = list(csv.DictReader(io.StringIO(page(owner, review, "problems", run.pk, "csv"))))
    broken = page(owner, review, "problems", run.pk, "txt")
    mended = bring_in(review, broken.replace("soon", "2021"), "mended.ris")

    assert (listed[0]["line"], listed[0]["field"], listed[0]["title"]) == ("6", "PY", "Ache")
    assert [record.year for record in mended.records.all()] == [2021]
    assert mended.problems == []


def test_problem_rows_of_a_table_come_with_their_header(owner, review):
    run = bring_in(review, TABLE, "t.csv")
    name_columns(run=run, fields=["title", "authors", "", ""], by=review.created_by)

    broken = page(owner, review, "problems", run.pk, "txt")

    assert broken.splitlines() == ["Headline,People,Itching,Title of issue", ",Cole R,4,y"]


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (RawRecord(publication_type="Journal Article; Retracted Publication"), "retracted"),
        (RawRecord(publication_type="Retraction of Publication"), "retraction_notice"),
        (RawRecord(extra={"RIN": ["Ann Itch. 2020;1:2"]}), "retracted"),
        (RawRecord(extra={"ECI": ["Ann Itch. 2020;1:2"]}), "concern"),
        (RawRecord(title="RETRACTED: Zorifen for itch"), "retracted"),
    ],
)
def test_a_record_that_says_it_is_retracted_or_doubted_carries_a_notice(record, kind):
    assert list(notices_in(record)) == [kind]


def test_a_title_that_speaks_of_withdrawal_is_no_notice():
    assert notices_in(RawRecord(title="Withdrawn patients in trials of itch")) == {}


def test_a_retraction_stands_in_red_wherever_the_record_does(owner, review):
    run = bring_in(review, "TY  - JOUR\nTI  - RETRACTED: Zorifen for itch\nER  - \n")
    record = run.records.get()

    assert RecordNotice.objects.get().record == record
    for name, arguments in (
        ("search_run", [run.pk]),
        ("record", [record.pk]),
        ("citations", []),
        ("citation", [record.citation_id]),
        ("screen", ["title_abstract"]),
    ):
        assert "notice-tag is-grave" in page(owner, review, name, *arguments), name


def test_the_appendix_has_what_prisma_s_asks_for_and_marks_what_is_missing(owner, review):
    bring_in(
        review,
        "TY  - JOUR\nTI  - Itch\nER  - \n",
        platform="Ovid",
        query="1 itch.tw.\n2 =zorifen.tw.",
        limits="English",
        reported_count=1,
    )

    text = page(owner, review, "appendix_file", "txt")
    rows = list(csv.DictReader(io.StringIO(page(owner, review, "appendix_file", "csv"))))

    assert "8. Full search strategy: 1 itch.tw.\n2 =zorifen.tw." in text
    assert "15. Total records: 1 reported by the database, 1 brought in" in text
    by_item = {row["prisma_s_item"]: row["value"] for row in rows}
    assert (by_item["2"], by_item["9"], by_item["14"]) == ("Ovid", "English", "(not stated)")
    assert "not stated" in page(owner, review, "appendix")

"""Whatever people and databases wrote: no table that Winnow hands out holds a cell that runs."""

import csv
import io
import zipfile

import openpyxl
import pytest

from extraction.building.vocabulary import add_outcome
from reviewsite.reviews.models import User
from screening.citations.labels import make_label, put_on
from screening.models import Citation, Record, Study

from ..makers import make_member, make_review
from .matrix import READ
from .pages import populate

pytestmark = pytest.mark.django_db
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
EVIL = '=HYPERLINK("https://evil.example",A1)'
TABLES = ("text/csv", "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@pytest.fixture
def review():
    review = make_review()
    people = [make_member(review, name="@SUM(A1)"), make_member(review, name="+cmd|' /C calc'!A1")]
    review.rows = populate(review, people)
    # Rows as an importer or a person would have left them; what is written out is read from these.
    Record.objects.update(title=EVIL, journal="-2+3+cmd|' /C calc'!A1", authors=["@Evil, A."], doi="=1+1")
    for study in Study.objects.all():
        Study.objects.filter(pk=study.pk).update(label=f"=1+{study.pk}")
    add_outcome(review=review, by=review.created_by, name="+1+1")
    label = make_label(review=review, name="@label", by=people[0])
    put_on(label=label, citation=Citation.objects.first(), by=people[0])
    return review


def formulas(name: str, content: bytes) -> list[str]:
    """Every cell of a table that would run, with where it stands."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as inside:
            return [told for each in inside.namelist() for told in formulas(each, inside.read(each))]
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
        return [f"{name} {cell.coordinate} {cell.value}" for cell in cells if cell.data_type == "f"]
    if name.endswith(".csv"):
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        return [
            f"{name} {cell}"
            for row in rows
            for cell in row
            if cell.startswith(BEGINNINGS) and not number(cell)
        ]
    return []


def number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_no_table_runs_what_somebody_wrote(client, review):
    client.force_login(review.created_by)
    looked_at, found = [], []
    for page, roles in READ:
        if "owner" not in roles:
            continue
        answer = client.get(page.url(review, review.rows))
        kind = answer["Content-Type"].split(";")[0]
        if kind in TABLES:
            ending = {"text/csv": ".csv", "application/zip": ".zip"}.get(kind, ".xlsx")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            looked_at.append(page.name)
            found += formulas(page.name + ending, content)

    assert found == []
    assert len(looked_at) >= 8
    assert User.objects.filter(name__startswith="@").exists()

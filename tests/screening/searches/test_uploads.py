"""Several files brought in at once, and what is stated of a search afterwards."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviewsite.reviews.models import AuditEntry, Job
from screening.models import SearchRun
from screening.searches.imports import FilesRefused, ImportNotPossible, register_files, state_details

from ...makers import make_review, make_search_run

pytestmark = pytest.mark.django_db
PUBMED = b"PMID- 1\nOWN - NLM\nTI  - Zorifen for itch\n"
REGISTER = b"TY  - JOUR\nDB  - Scopus\nTI  - Zorifen against itch in children\nER  - \n"
UNKNOWN = b"TY  - JOUR\nTI  - Another trial\nER  - \n"


@pytest.fixture
def review():
    return make_review()


def bring_in(review, *contents, **told):
    files = [(f"{number}.txt", content) for number, content in enumerate(contents)]
    return register_files(review=review, files=files, by=review.created_by, **told)


def test_each_file_becomes_a_run_of_the_database_it_names(review):
    bring_in(review, PUBMED, REGISTER)

    runs = SearchRun.objects.order_by("pk")
    assert [(run.database, run.kind, run.records.count()) for run in runs] == [
        ("PubMed", "database", 1),
        ("Scopus", "database", 1),
    ]


def test_a_name_given_stands_for_every_file(review):
    runs = bring_in(review, PUBMED, UNKNOWN, database="Embase", platform="Ovid", kind="database")

    assert {(run.database, run.platform) for run in runs} == {("Embase", "Ovid")}


def test_when_one_is_refused_none_is_taken_and_each_reason_is_said(review):
    with pytest.raises(FilesRefused) as refused:
        bring_in(review, PUBMED, UNKNOWN, b"")

    assert [sentence.partition(":")[0] for sentence in refused.value.sentences] == ["1.txt", "2.txt"]
    assert not SearchRun.objects.exists()


def test_the_page_takes_several_files_and_says_which_it_cannot_place(client, review):
    client.force_login(review.created_by)
    form = {
        "run_on": "2026-01-15",
        "files": [SimpleUploadedFile("a.nbib", PUBMED), SimpleUploadedFile("b.ris", UNKNOWN)],
    }

    refused = client.post(f"/reviews/{review.slug}/searches/upload/", form)
    assert refused.status_code == 422
    assert "b.ris: The file does not say which database it is from." in refused.content.decode()

    form["files"] = [SimpleUploadedFile("a.nbib", PUBMED), SimpleUploadedFile("c.ris", REGISTER)]
    taken = client.post(f"/reviews/{review.slug}/searches/upload/", form)
    assert taken["Location"] == f"/reviews/{review.slug}/searches/"
    assert SearchRun.objects.count() == 2


def test_what_one_search_found_is_not_said_of_several_files(client, review):
    client.force_login(review.created_by)
    files = [SimpleUploadedFile("a.nbib", PUBMED), SimpleUploadedFile("c.ris", REGISTER)]

    answer = client.post(
        f"/reviews/{review.slug}/searches/upload/",
        {"run_on": "2026-01-15", "files": files, "reported_count": 2},
    )

    assert "reported_count" in answer.context["upload_form"].errors
    assert not SearchRun.objects.exists()


def test_details_are_stated_later_and_kept_with_what_stood_before(client, review):
    [run] = bring_in(review, PUBMED, run_on=date(2026, 1, 15))
    client.force_login(review.created_by)
    address = f"/reviews/{review.slug}/searches/{run.pk}/details/"
    shown = client.get(address)
    sent = {name: "" if value is None else value for name, value in shown.context["form"].initial.items()}

    answer = client.post(
        address, {**sent, "platform": "Ovid", "query": "itch AND zorifen", "reported_count": 3}
    )

    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.database, run.platform, run.query, run.reported_count) == (
        "PubMed",
        "Ovid",
        "itch AND zorifen",
        3,
    )
    entry = AuditEntry.objects.get(act="details of a search stated")
    assert entry.details["platform"] == {"was": "", "is": "Ovid"}
    assert "database" not in entry.details


def test_what_winnow_asked_itself_stays_as_it_was(review):
    run = make_search_run(review, ["Zorifen for itch"])
    assert not run.file

    with pytest.raises(ImportNotPossible):
        state_details(run=run, by=review.created_by, database="Embase")
    state_details(run=run, by=review.created_by, peer_review="By a second librarian, with PRESS.")

    run.refresh_from_db()
    assert run.peer_review.startswith("By a second")


def test_what_is_no_export_is_told_so_before_a_database_is_asked_for(review):
    with pytest.raises(FilesRefused) as refused:
        bring_in(review, b"%PDF-1.7 paper", b"", UNKNOWN)

    pdf, empty, unknown = refused.value.sentences
    assert "This is a PDF" in pdf
    assert "The file is empty" in empty
    assert "by itself with the database's name" in unknown


def test_the_list_follows_while_files_are_being_read(client, review, settings):
    client.force_login(review.created_by)
    page = f"/reviews/{review.slug}/searches/"
    make_search_run(review, ["Zorifen for itch"])
    assert "every 2s" not in client.get(page).content.decode()

    run = SearchRun.objects.get()
    run.job = Job.objects.create(
        review=review, kind=Job.Kind.IMPORT, title="Reading", requested_by=review.created_by
    )
    run.save()

    assert "every 2s" in client.get(page).content.decode()

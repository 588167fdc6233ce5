"""Bringing files in: through the page, through the rules, and out again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job
from screening.eutils_standin import serve
from screening.importers import ImportRefused
from screening.models import Citation, DuplicateLink, Record, SearchRun
from screening.prisma.counts import flow_counts
from screening.recount import differences
from screening.room import queue
from screening.searches import intake
from screening.searches.imports import ImportNotPossible, register_file, remove_run
from screening.tasks import read_file

from ...makers import decide, make_citation, make_review

pytestmark = pytest.mark.django_db
RIS = b"TY  - JOUR\nTI  - Zorifen for chronic itch in adults: a trial\nAU  - Arden, P\nPY  - 2019\nER  -\n"


@pytest.fixture
def review():
    return make_review()


def bring_in(review, content=RIS, name="export.ris", database="Embase"):
    return register_file(
        review=review, content=content, file_name=name, database=database, by=review.created_by
    )


def upload(client, review, content, **changes):
    client.force_login(review.created_by)
    form = {"database": "Embase", "kind": "database", "run_on": "2026-01-15", **changes}
    file = SimpleUploadedFile("../../export.ris", content)
    return client.post(reverse("screening:upload", args=[review.slug]), {**form, "files": file}, follow=True)


def test_a_run_owns_its_records_and_each_founds_a_citation(review):
    run = bring_in(review)

    record = run.records.get()
    assert (record.position, record.line, record.title) == (
        1,
        1,
        "Zorifen for chronic itch in adults: a trial",
    )
    assert record.citation.founding_record == record
    assert SearchRun.objects.complete().get().job.state == Job.State.DONE


def test_running_the_task_again_reads_nothing_twice(review):
    run = bring_in(review)

    read_file.call(run.pk)

    assert Record.objects.count() == 1


def test_a_task_that_was_killed_before_the_copies_were_compared_goes_on(review):
    bring_in(review)
    run = bring_in(review, RIS + b"\n", "again.ris", "CENTRAL")
    DuplicateLink.objects.all().delete()
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING)

    read_file.call(run.pk)

    assert DuplicateLink.objects.live().count() == 1
    assert Record.objects.count() == 2


def test_what_a_killed_attempt_had_stored_is_swept_away_and_read_anew(review, monkeypatch):
    def killed(*_args):
        raise ImportRefused("Killed.")

    with monkeypatch.context() as broken:
        broken.setattr("screening.tasks.open_export", killed)
        run = bring_in(review)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING)
    Record.objects.create(review=review, search_run=run, position=2, title="Half a batch")

    read_file.call(run.pk)

    assert [each.title for each in run.records.all()] == ["Zorifen for chronic itch in adults: a trial"]
    assert list(differences(review)) == []


def test_until_an_import_is_complete_no_list_and_no_count_knows_of_it(client, review, monkeypatch):
    make_citation(review, "There before")
    client.force_login(review.created_by)
    seen = []
    complete = intake._complete

    def look(run, reading):
        assert (run.records.count(), Citation.objects.filter(review=review).count()) == (3, 4)
        seen.append(review.citations.live().count())
        seen.append(sum(source.records for source in flow_counts(review).identified))
        seen.append(len(queue.take(review, review.created_by, "title_abstract", 10)))
        page = client.get(reverse("screening:citations", args=[review.slug])).content.decode()
        seen.append("Zorifen" in page)
        seen.append(list(differences(review)))
        complete(run, reading)

    monkeypatch.setattr(intake, "_complete", look)
    monkeypatch.setattr(intake, "BATCH", 2)
    bring_in(review, b"".join(RIS.replace(b"adults", b"ward %d" % n) for n in range(3)))

    assert seen == [1, 1, 1, False, []]
    assert Record.objects.filter(citation__merged_into=F("citation")).count() == 0
    assert sum(source.records for source in flow_counts(review).identified) == 4
    assert list(differences(review)) == []


def test_a_run_that_was_given_up_half_way_can_be_uploaded_again(review, monkeypatch):
    def killed(*args, **kwargs):
        raise jobs.JobTakenUp

    monkeypatch.setattr(intake, "_complete", killed)
    bring_in(review)
    Job.objects.update(state="failed")
    assert Citation.objects.count() == 1
    monkeypatch.undo()

    run = bring_in(review)

    assert run.records.get().citation.merged_into is None
    assert Citation.objects.count() == 1


def test_the_same_file_is_recognised_whatever_its_name(review):
    bring_in(review)

    with pytest.raises(ImportNotPossible, match="counted once"):
        bring_in(review, name="other.ris")


def test_a_job_that_is_cancelled_keeps_nothing(review, monkeypatch):
    monkeypatch.setattr(
        jobs, "start", lambda job: Job.objects.update(cancel_requested_at="2026-01-01T00:00Z")
    )
    run = bring_in(review)

    assert not run.records.exists()
    assert Job.objects.get().state == Job.State.CANCELLED


def test_undoing_an_import_gives_the_copies_their_own_citations_back(review):
    first = bring_in(review)
    second = bring_in(review, RIS + b"\n", "again.ris", "CENTRAL")
    assert Citation.objects.live().count() == 1

    remove_run(run=first, by=review.created_by)

    assert second.records.get().citation.merged_into is None
    assert list(differences(review)) == []
    assert review.audit_entries.get(act="import undone").details["file"] == "export.ris"


def test_an_import_with_decisions_cannot_be_undone_and_says_why(review):
    run = bring_in(review)
    decide(run.records.get().citation, review.created_by, "include")

    with pytest.raises(ImportNotPossible, match="decisions on 1 of its records"):
        remove_run(run=run, by=review.created_by)


def test_an_upload_ends_in_a_report_of_what_was_read(client, review):
    page = upload(client, review, RIS, reported_count="2").content.decode()

    assert "The database reported 2 hits, and 1 records were read" in page
    assert SearchRun.objects.get().file_name == "export.ris"


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"%PDF-1.4", "This is a PDF"), (b"words", "none of the formats Winnow reads")],
)
def test_a_bad_file_gets_a_sentence_and_loses_nothing(client, review, content, told):
    bring_in(review)

    assert told in upload(client, review, content).content.decode()
    assert Record.objects.count() == 1
    assert list(differences(review)) == []


def test_a_file_that_cannot_be_read_leaves_nothing_behind(client, review):
    upload(client, review, b"words")

    assert SearchRun.objects.count() == 0
    assert Job.objects.count() == 0


def test_an_import_that_failed_can_be_brought_again(review, monkeypatch):
    def fail(*_args):
        raise ImportRefused("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr("screening.tasks.open_export", fail)
        failed = bring_in(review)
    assert Job.objects.get(pk=failed.job_id).state == Job.State.FAILED

    run = bring_in(review)

    assert run.records.count() == 1
    assert SearchRun.objects.get() == run


def test_a_date_in_the_future_and_a_large_file_are_refused_in_words(client, review, settings):
    assert "in the future" in upload(client, review, RIS, run_on="2126-01-01").content.decode()

    settings.UPLOAD_MAX_BYTES = 10
    assert "larger than" in upload(client, review, RIS).content.decode()
    assert not SearchRun.objects.exists()


def test_a_pubmed_search_brings_its_records_and_says_who_answered(client, review, settings, tmp_path):
    records = tmp_path / "records.xml"
    records.write_text(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>30000001</PMID><Article>"
        "<ArticleTitle>Zorifen and itch</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )
    stand_in = serve(records)
    settings.ENTREZ_URL = stand_in.base_url
    client.force_login(review.created_by)

    address = reverse("screening:search_pubmed", args=[review.slug])
    page = client.post(address, {"query": "zorifen"}, follow=True).content.decode()
    stand_in.close()

    assert Record.objects.get().pmid == "30000001"
    assert "offline example" in page
    run = SearchRun.objects.get()
    assert (run.reported_count, run.is_offline_example) == (1, True)


def test_a_search_that_pubmed_does_not_answer_ends_in_a_sentence(client, review, settings):
    settings.ENTREZ_URL = settings.ENTREZ_EMAIL = ""
    client.force_login(review.created_by)

    address = reverse("screening:search_pubmed", args=[review.slug])
    page = client.post(address, {"query": "zorifen"}, follow=True).content.decode()

    assert "WINNOW_ENTREZ_EMAIL" in page

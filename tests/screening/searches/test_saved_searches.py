"""Searches that are run again: only what is new comes in, and what changed in PubMed is told."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from reviewsite.reviews.models import Job
from screening.eutils_standin import serve
from screening.eutils_standin.index import load
from screening.models import FetchedBatch, Record, RecordNotice, SearchRun
from screening.searches import pubmed
from screening.searches.imports import register_pubmed_search, start_again
from screening.searches.saved_searches import (
    SearchRefused,
    ask_for_new,
    next_day,
    run_again,
    run_due,
    save_search,
)

from ...makers import make_member, make_review
from ..pubmed_articles import article, article_set

pytestmark = pytest.mark.django_db
ALL = [30000001, 30000002, 30000003]


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def stand_in(tmp_path, settings):
    running = serve(article_set(tmp_path / "records.xml", *(article(pmid) for pmid in ALL[:2])))
    settings.ENTREZ_URL = running.base_url
    yield running
    running.close()


def publish(stand_in, tmp_path, *articles):
    """What PubMed holds from now on."""
    stand_in.articles = load(article_set(tmp_path / "later.xml", *articles))


def saved_in(review, schedule="by_hand"):
    return save_search(review=review, name="Itch", query="zorifen", schedule=schedule, by=review.created_by)


def fetches(stand_in):
    return [each for each in stand_in.requests if "efetch" in each]


def test_a_rerun_fetches_and_imports_only_what_no_earlier_run_brought_in(review, stand_in, tmp_path):
    saved = saved_in(review)
    first = run_again(saved=saved, by=review.created_by)
    publish(stand_in, tmp_path, *(article(pmid) for pmid in ALL))

    second = SearchRun.objects.get(pk=run_again(saved=saved, by=review.created_by).pk)

    assert first.records.count() == 2
    assert [record.pmid for record in second.records.all()] == ["30000003"]
    assert (second.reported_count, second.already_held) == (3, 2)


def test_looking_for_new_records_counts_them_and_imports_nothing(review, stand_in, tmp_path):
    saved = saved_in(review)
    run_again(saved=saved, by=review.created_by)
    publish(stand_in, tmp_path, *(article(pmid) for pmid in ALL))

    job = ask_for_new(saved=saved, by=review.created_by)

    saved.refresh_from_db()
    assert saved.new_count == 1
    assert "1 record that no earlier run" in Job.objects.get(pk=job.pk).outcome
    assert Record.objects.count() == 2


def test_what_pubmed_retracted_or_merged_since_is_noted_on_the_records(review, stand_in, tmp_path):
    saved = saved_in(review)
    run_again(saved=saved, by=review.created_by)
    publish(stand_in, tmp_path, article(ALL[0], kind="Retracted Publication"), article(ALL[2]))
    stand_in.merged["30000002"] = "30000003"

    run_again(saved=saved, by=review.created_by)

    notices = {notice.record.pmid: (notice.kind, notice.text) for notice in RecordNotice.objects.all()}
    assert notices["30000001"][0] == RecordNotice.Kind.RETRACTED
    assert notices["30000002"] == (RecordNotice.Kind.MERGED, "PubMed gives PMID 30000003 for this number")


def test_a_run_that_broke_off_goes_on_without_fetching_twice(review, stand_in, monkeypatch):
    monkeypatch.setattr(pubmed, "batches", lambda pmids: [(pmid,) for pmid in pmids])
    real = pubmed.fetch

    def broken_at_the_second(access, pmids, **more):
        if FetchedBatch.objects.exists():
            raise pubmed.PubMedError("The line broke off.")
        return real(access, pmids, **more)

    with monkeypatch.context() as broken:
        broken.setattr(pubmed, "fetch", broken_at_the_second)
        run = register_pubmed_search(
            review=review, query="zorifen", by=review.created_by, is_offline_example=True
        )
    assert Job.objects.get(pk=run.job_id).outcome == "The line broke off."
    assert not run.records.exists()

    start_again(run=run, by=review.created_by)

    assert [record.pmid for record in run.records.all()] == ["30000002", "30000001"]
    assert len(fetches(stand_in)) == 2
    assert not FetchedBatch.objects.exists()


def test_two_runs_of_one_search_at_once_are_refused(review, stand_in):
    saved = saved_in(review)
    run = run_again(saved=saved, by=review.created_by)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING)

    with pytest.raises(SearchRefused, match="running already"):
        run_again(saved=saved, by=review.created_by)


def test_a_due_search_runs_and_the_team_is_written_to_when_it_brought_something(review, stand_in, tmp_path):
    reader = make_member(review)
    saved = saved_in(review, "weekly")
    due = saved.due_on

    assert run_due(date(2000, 1, 1)) == []
    assert len(run_due(due)) == 1
    assert reader.email in mail.outbox[0].to
    assert "2 new records" in mail.outbox[0].subject

    saved.refresh_from_db()
    run_due(saved.due_on)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("day", "schedule", "due"),
    [
        (date(2026, 1, 31), "monthly", date(2026, 2, 28)),
        (date(2026, 12, 15), "monthly", date(2027, 1, 15)),
        (date(2026, 12, 29), "weekly", date(2027, 1, 5)),
        (date(2026, 12, 29), "by_hand", None),
    ],
)
def test_the_next_day_follows_the_calendar(day, schedule, due):
    assert next_day(day, schedule) == due


def test_a_name_is_given_once_and_a_schedule_needs_one(client, review, stand_in):
    saved_in(review)
    client.force_login(review.created_by)
    address = reverse("screening:search_pubmed", args=[review.slug])

    again = client.post(address, {"query": "itch", "name": "Itch", "schedule": "by_hand"})
    nameless = client.post(address, {"query": "itch", "schedule": "weekly"})

    assert "another name" in again.content.decode()
    assert "Give the search a name" in nameless.content.decode()


def test_the_page_counts_a_query_while_it_is_typed(client, review, stand_in):
    client.force_login(review.created_by)
    address = reverse("screening:pubmed_count", args=[review.slug])

    assert "<b>2</b> hits" in client.get(address, {"query": "zorifen"}).content.decode()
    assert "A bracket is not closed" in client.get(address, {"query": "zorifen AND (itch"}).content.decode()

"""The order of reading, the audit, the stop and what they do to the queue and the flow."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from reviewsite.reviews.jobs import JobTakenUp
from reviewsite.reviews.models import Stage
from screening import tasks
from screening.models import Citation, Place, RankingRun
from screening.order import reading_order, stopping
from screening.order.reading_order import ReadingRefused, change_plan, not_screened, plan_of
from screening.order.recount import differences as order_differences
from screening.prisma.counts import flow_counts
from screening.prisma.flow import imbalances
from screening.recount import differences
from screening.room.queue import awaiting, take
from screening.searches.imports import register_file

from ...makers import decide, make_member, make_review, make_search_run
from ..ranking.makers import labelled

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def review():
    review = make_review(decisions=1)
    titles, abstracts, _ = labelled(40)
    records = make_search_run(review, titles).records.order_by("position")
    for record, abstract in zip(records, abstracts, strict=True):
        record.abstract = abstract
        record.save()
    return review


def is_relevant(citation: Citation) -> bool:
    return "etoprolol" in citation.representative.title


def plan(review, **fields):
    return change_plan(review=review, by=review.created_by, reason="Agreed on Monday.", **fields)


def read(review, count: int, reader=None) -> list[bool]:
    """Decide as the queue gives them, with the answers that are known."""
    reader = reader or review.created_by
    verdicts = []
    for _ in range(count):
        for citation in take(review, reader, TA, 1):
            decide(citation, reader, "include" if is_relevant(citation) else "exclude")
            verdicts.append(is_relevant(citation))
    return verdicts


def keys(review):
    return list(awaiting(review, review.created_by, TA).values_list("pk", flat=True))


def test_without_a_plan_citations_come_as_imported(review):
    assert keys(review) == sorted(keys(review))


def test_a_random_order_is_the_same_for_the_same_seed(review):
    plan(review, order="random", seed=3)
    first = keys(review)
    plan(review, seed=4)
    other = keys(review)
    plan(review, seed=3)

    assert keys(review) == first != other
    assert sorted(first) == sorted(other)


def test_a_seed_paper_brings_its_like_forward_before_anybody_has_decided(review):
    known = review.records.filter(title__contains="etoprolol").first()
    known.doi = "10.1000/known"
    known.save()

    plan(review, order="ranked", random_percent=0, seed_papers="https://doi.org/10.1000/KNOWN")

    first = [is_relevant(citation) for citation in take(review, review.created_by, TA, 6)]
    assert all(first)


def test_a_vote_that_is_still_blind_moves_nothing(review):
    review.protocol.title_abstract_decisions = 2
    review.protocol.save()
    colleague = make_member(review)
    plan(review, order="ranked", random_percent=0)
    before = keys(review)

    for citation in take(review, colleague, TA, 15):
        decide(citation, colleague, "include")
    take(review, colleague, TA, 1)

    assert keys(review) == before


def test_a_change_after_screening_has_begun_needs_a_reason(review):
    read(review, 1)

    with pytest.raises(ReadingRefused, match="say why"):
        change_plan(review=review, by=review.created_by, order="ranked")
    assert plan_of(review).order == "imported"


def stoppable(review):
    plan(review, order="ranked", random_percent=0, may_stop=True, recall_percent=50, confidence_percent=50)
    read(review, 30)


def test_it_does_not_stop_without_a_random_audit(review):
    stoppable(review)

    with pytest.raises(ReadingRefused, match="random audit"):
        stopping.stop(review=review, by=review.created_by)


def test_the_audit_comes_next_and_has_to_be_read(review):
    stoppable(review)

    draw = stopping.draw_audit(review=review, by=review.created_by)

    drawn = set(Place.objects.filter(audit=draw).values_list("citation", flat=True))
    assert set(keys(review)[: len(drawn)]) == drawn
    with pytest.raises(ReadingRefused, match="wait for their votes"):
        stopping.stop(review=review, by=review.created_by)


def stopped(review, monkeypatch):
    monkeypatch.setattr(stopping, "AUDIT_SIZE", 3)
    stoppable(review)
    stopping.draw_audit(review=review, by=review.created_by)
    read(review, 3)
    return stopping.stop(review=review, by=review.created_by)


def test_a_stop_keeps_its_numbers_and_the_flow_counts_what_was_not_screened(review, monkeypatch):
    left = len(keys(review)) - 33

    event = stopped(review, monkeypatch)

    assert event.numbers["unread"] == not_screened(review).count() == left
    assert event.numbers["p"] < 0.5
    counts = flow_counts(review)
    assert counts.not_screened == left
    assert list(differences(review)) == []
    assert counts.awaiting_screening == 0
    assert not imbalances(counts)
    assert keys(review) == []


def test_a_stop_can_be_taken_back(review, monkeypatch):
    stopped(review, monkeypatch)

    with pytest.raises(ReadingRefused, match="Say why"):
        stopping.resume(review=review, by=review.created_by, reason=" ")
    stopping.resume(review=review, by=review.created_by, reason="The search was rerun.")

    assert flow_counts(review).not_screened == 0
    assert keys(review)
    assert review.stop_events.count() == 2


def bring_in(review, title):
    """A further search with one record, through upload and worker."""
    content = f"TY  - JOUR\nTI  - {title}\nPY  - 2024\nER  -\n".encode()
    return register_file(
        review=review, content=content, file_name="later.ris", database="Embase", by=review.created_by
    )


def test_a_search_after_the_stop_takes_screening_up_again_and_says_so(client, review, monkeypatch):
    stopped(review, monkeypatch)

    run = bring_in(review, "Metoprolol in a study nobody had found")

    assert flow_counts(review).not_screened == 0
    new = run.records.get().citation_id
    assert new in keys(review)
    # In the new order a place was found for it.
    assert Place.objects.get(citation=new).position > 0
    assert review.stop_events.last().act == "resumed"
    client.force_login(review.created_by)
    page = client.get(reverse("screening:stopping", args=[review.slug])).content.decode()
    assert "1 new citation came from Embase" in page


def test_a_search_that_brings_only_copies_after_the_stop_leaves_it_standing(review, monkeypatch):
    first = review.records.first()
    first.title, first.year, first.doi = "Metoprolol in a study that all have found", 2024, "10.1000/known"
    first.save()
    stopped(review, monkeypatch)

    bring_in(review, "Metoprolol in a study that all have found\nDO  - 10.1000/known")

    assert review.records.last().citation.representative_id == first.pk
    assert review.stop_events.last().act == "stopped"


def test_an_order_that_cannot_be_made_ends_as_failed_and_the_last_one_stands(client, review, monkeypatch):
    plan(review, order="random", seed=3)
    before = keys(review)

    def break_down(run):
        raise MemoryError

    monkeypatch.setattr(tasks, "make_order", break_down)
    plan(review, seed=4)

    failed = review.ranking_runs.first()
    assert failed.has_failed
    assert failed.finished_at
    assert "MemoryError" in failed.outcome
    assert keys(review) == before
    client.force_login(review.created_by)
    page = client.get(reverse("screening:stopping", args=[review.slug])).content.decode()
    assert "was not made" in page
    monkeypatch.undo()
    plan(review, seed=5)
    assert not review.ranking_runs.first().has_failed


def test_an_order_whose_worker_died_is_asked_for_again(review):
    lost = RankingRun.objects.create(review=review)
    plan(review, order="random", seed=3)
    assert RankingRun.objects.get().finished_at is None

    RankingRun.objects.filter(pk=lost.pk).update(asked_at=timezone.now() - timedelta(minutes=16))
    plan(review, seed=4)

    assert RankingRun.objects.get().finished_at
    assert Place.objects.filter(run=lost).exists()


def test_after_a_stop_a_citation_with_one_vote_still_gets_its_second(review, monkeypatch):
    stopped(review, monkeypatch)
    stopping.resume(review=review, by=review.created_by, reason="A second pair of eyes.")
    review.protocol.title_abstract_decisions = 2
    review.protocol.save()
    [half_read] = take(review, review.created_by, TA, 1)
    decide(half_read, review.created_by, "exclude")
    review.stop_events.create(act="stopped", by=review.created_by)
    colleague = make_member(review)

    waiting = set(awaiting(review, colleague, TA).values_list("pk", flat=True))

    assert waiting == {half_read.pk}
    assert not not_screened(review).filter(pk=half_read.pk).exists()


def test_the_page_says_the_bound_and_how_much_further_in_words(client, review):
    first = review.records.filter(title__contains="etoprolol").first()
    first.pmid = "123"
    first.save()
    plan(review, order="ranked", random_percent=0, may_stop=True, seed_papers="123")
    read(review, 20)
    client.force_login(make_member(review, "viewer"))

    page = client.get(reverse("screening:stopping", args=[review.slug])).content.decode()

    assert "With 95% confidence you have <strong>at least" in page
    assert "To reach 95%: about" in page
    assert "Store the plan" not in page


def test_a_plan_that_cannot_be_is_refused_on_the_page(client, review):
    client.force_login(review.created_by)
    address = reverse("screening:stopping_plan", args=[review.slug])
    fields = {
        "order": "ranked",
        "seed": 1,
        "random_percent": 5,
        "recall_percent": 100,
        "confidence_percent": 95,
    }

    assert client.post(address, fields).status_code == 422
    assert client.post(address, {**fields, "recall_percent": 90}).status_code == 302
    assert plan_of(review).recall_percent == 90


def test_of_two_workers_at_one_order_the_late_one_writes_nothing_more(review, monkeypatch):
    run = RankingRun.objects.create(review=review)
    late = RankingRun.objects.get(pk=run.pk)
    reading_order._begin(late)

    reading_order.make_order(run)
    made = list(Place.objects.values_list("citation", "position"))

    with pytest.raises(JobTakenUp):
        reading_order._store(late, [made[-1][0]], [None], [True])
    assert list(Place.objects.values_list("citation", "position")) == made


def test_an_order_cut_off_half_way_is_made_again_whole(review, monkeypatch):
    plan(review, order="random", seed=3)
    first = keys(review)
    run = RankingRun.objects.create(review=review)
    change_seed(review, 4)
    monkeypatch.setattr(reading_order, "PLACES_AT_ONCE", 7)
    store, done = reading_order._store_some, []

    def killed_after_two(run, rows):
        if len(done) == 2:
            raise OperationalError("killed")
        done.append(store(run, rows))

    monkeypatch.setattr(reading_order, "_store_some", killed_after_two)
    with pytest.raises(OperationalError):
        reading_order.make_order(run)
    half = keys(review)
    assert sorted(half) == sorted(first)
    assert half != first
    assert list(differences(review)) == []

    monkeypatch.setattr(reading_order, "_store_some", store)
    reading_order.make_order(run)
    assert len(done) == 2
    assert Place.objects.filter(run=run).count() == len(first)
    assert list(order_differences(review)) == []


def change_seed(review, seed):
    """In the plan alone: nobody is asked to make the order anew."""
    type(plan_of(review)).objects.filter(review=review).update(seed=seed)

"""The flow of a review from its rows: now, on a past day, with other methods, with numbers from outside."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from reviewsite.reviews.models import Stage
from screening.deciding.protocol import change_protocol
from screening.duplicates.deduplication import settle_pair
from screening.full_text.retrieval import record_retrieval
from screening.models import FlowEvent, Record, SearchRun
from screening.prisma.boxes import boxes
from screening.prisma.counts import flow_counts, rows_behind
from screening.prisma.flow import imbalances
from screening.prisma.past import facts_at, facts_now, flow_at
from screening.prisma.placing import count, place
from screening.prisma.report import Asked, FlowRefused, flow_of, record_event, reword, rows_of, withdraw_event
from screening.recount import differences
from screening.studies.grouping import create_study

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review(decisions=1)


def run_of(review, titles, database="PubMed", kind="database"):
    run = make_search_run(review, titles, database=database)
    SearchRun.objects.filter(pk=run.pk).update(kind=kind)
    return list(Record.objects.filter(search_run=run).order_by("position"))


def same(first, second):
    settle_pair(first=first, second=second, verdict="same", person=first.review.created_by)


def include(record, upto="study"):
    """Take a record's citation as far as a step: abstract, obtained, full_text or study."""
    citation, owner = record.founded_citation.live_citation, record.review.created_by
    citation.refresh_from_db()
    decide(citation, owner, "include")
    citation.refresh_from_db()
    if upto == "abstract":
        return citation
    record_retrieval(reports=[citation.report], state="obtained", by=owner)
    if upto == "obtained":
        return citation
    citation.refresh_from_db()
    decide(citation, owner, "include", Stage.FULL_TEXT)
    if upto == "study":
        create_study(review=record.review, label=f"Study {record.pk}", reports=[citation.report], by=owner)
    return citation


def numbers(counts):
    return {line.key: line.count for box in boxes(counts) for line in box.lines}


def test_a_record_of_another_method_that_a_database_gave_too_is_a_duplicate_of_the_databases(review):
    website = run_of(review, ["A trial", "A guideline"], "WHO", "website")
    pubmed = run_of(review, ["A trial", "Another trial"])
    same(website[0], pubmed[0])

    counts = flow_counts(review)

    assert (counts.records_identified, counts.duplicates_removed, counts.citations) == (2, 0, 2)
    assert (counts.other.records_identified, counts.other.duplicates_removed, counts.other.citations) == (
        2,
        1,
        1,
    )
    assert not imbalances(counts)


def test_the_number_of_included_studies_is_that_of_both_columns(review):
    include(run_of(review, ["A trial"])[0])
    include(run_of(review, ["A report"], "WHO", "website")[0])

    counts = flow_counts(review)

    assert (counts.included_reports, counts.other.included_reports, counts.new_reports) == (1, 1, 2)
    assert counts.included_studies == 2
    assert not imbalances(counts)


@pytest.mark.parametrize("seed", range(6))
def test_every_number_is_the_length_of_its_rows_whichever_way_it_is_counted(review, seed):
    a_history(review, random.Random(seed))

    counts = flow_counts(review)
    behind = rows_behind(review)
    placed_now = place(facts_now(review))
    placed_then = place(facts_at(review, timezone.now()))

    assert not imbalances(counts)
    assert list(differences(review)) == []
    for key, number in numbers(counts).items():
        assert behind[key].count() == number if key in behind else number == 0, key
        for placed in (placed_now, placed_then):
            rows = placed.rows.get(key, [])
            assert len(rows) == number, key
            if key in behind:
                assert set(rows) == set(behind[key].values_list("pk", flat=True)), key
    assert count(placed_now, facts_now(review)) == count(placed_then, facts_now(review)) == counts


def a_history(review, chance):
    """Records of five sources, copies among them, and every step that a citation can have taken."""
    sources = (("PubMed", "database"), ("Embase", "database"), ("CTG", "register"))
    others = (("WHO", "website"), ("References", "citation_search"))
    records = [r for name, kind in (*sources, *others) for r in run_of(review, ["T"] * 9, name, kind)]
    for _ in range(14):
        first, second = chance.sample(records, 2)
        same(first, second)
    for record in records:
        citation = record.founded_citation
        citation.refresh_from_db()
        if citation.merged_into_id:
            continue
        step = chance.choice(["none", "exclude", "abstract", "obtained", "excluded", "full_text", "study"])
        if step == "exclude":
            decide(citation, review.created_by, "exclude")
        elif step == "excluded":
            citation = include(record, "obtained")
            decide(citation, review.created_by, "exclude", Stage.FULL_TEXT)
        elif step != "none":
            include(record, step)
            if step == "abstract" and chance.random() < 0.5:
                record_retrieval(reports=[citation.report], state="not_available", by=review.created_by)


def test_a_past_moment_is_told_from_the_rows_that_were_there_by_then(review):
    records = run_of(review, ["One", "Two", "Three"])
    decide(records[0].founded_citation, review.created_by, "exclude")
    then = timezone.now()
    same(records[1], records[2])
    include(records[1])

    before, _ = flow_at(review, then)
    now = flow_counts(review)

    assert (before.citations, before.excluded_title_abstract, before.awaiting_screening) == (3, 1, 2)
    assert before.included_studies == 0
    assert (now.citations, now.duplicates_removed, now.sought, now.included_studies) == (2, 1, 1, 1)
    assert not imbalances(before)


def test_a_past_moment_has_the_rules_that_held_then(review):
    citation = run_of(review, ["One"])[0].founded_citation
    decide(citation, review.created_by, "exclude")
    then = timezone.now()
    change_protocol(review=review, by=review.created_by, title_abstract_decisions=2)

    before, _ = flow_at(review, then)

    assert before.excluded_title_abstract == 1
    assert flow_counts(review).awaiting_screening == 1


def test_numbers_from_outside_stand_in_their_column_from_their_date_on(review):
    run_of(review, ["One"])
    day = timezone.localdate() - timedelta(days=10)
    event = record_event(
        review=review, by=review.created_by, kind="records", on=day, source_kind="organisation",
        source="WHO Geneva", records=9, excluded_title_abstract=5, not_retrieved=1,
        excluded_full_text=[["Wrong population", 3]], note="Letter of the librarian.",
    )  # fmt: skip

    counts = flow_counts(review)

    assert (counts.other.records_identified, counts.other.sought, counts.other.assessed) == (9, 4, 3)
    assert not imbalances(counts)
    flow = flow_of(review, Asked(as_of=day - timedelta(days=1)))
    assert flow.counts.other is None
    withdraw_event(event=event, note="Counted twice.", by=review.created_by)
    assert flow_counts(review).other is None
    assert FlowEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"records": 9, "excluded_title_abstract": 8}, "account for 8"),
        ({"records": 0}, "account for 0"),
        ({"records": 1, "not_retrieved": 1, "note": " "}, "where the numbers are from"),
        ({"records": 1, "not_retrieved": 1, "on": date(2999, 1, 1)}, "future"),
    ],
)
def test_an_entry_that_leaves_a_record_unaccounted_for_is_refused(review, given, said):
    usual = {"kind": "records", "on": date(2024, 1, 1), "source_kind": "website", "source": "X", "note": "n"}

    with pytest.raises(FlowRefused, match=said):
        record_event(review=review, by=review.created_by, **{**usual, **given})


def test_a_previous_version_published_elsewhere_is_added_to_what_is_new(review):
    include(run_of(review, ["A trial"])[0])
    record_event(
        review=review, by=review.created_by, kind="previous", on=date(2020, 1, 1), studies=12, reports=14,
        note="Published in 2020.",
    )  # fmt: skip

    told = numbers(flow_counts(review))

    assert (told["previous_studies"], told["previous_reports"]) == (12, 14)
    assert (told["included_studies"], told["total_studies"], told["total_reports"]) == (1, 13, 15)


def test_wording_changes_labels_and_no_number(review):
    run_of(review, ["One"])
    before = numbers(flow_of(review).counts)

    reword(review=review, texts={"screened": "Gesichtete Treffer"}, by=review.created_by)

    flow = flow_of(review)
    assert numbers(flow.counts) == before
    labels = [line.label for box in boxes(flow.counts, flow.words) for line in box.lines]
    assert "Gesichtete Treffer" in labels
    assert "Records screened" not in labels
    reword(review=review, texts={"screened": ""}, by=review.created_by)
    assert flow_of(review).words == {}
    assert review.audit_entries.filter(act="flow worded").count() == 2


def test_the_rows_of_a_past_number_are_those_of_that_day(review):
    records = run_of(review, ["One", "Two"])
    SearchRun.objects.filter(review=review).update(imported_at=timezone.now() - timedelta(days=3))
    decide(records[0].founded_citation, review.created_by, "exclude")
    yesterday = Asked(as_of=timezone.localdate() - timedelta(days=1))

    flow = flow_of(review, yesterday)

    assert flow.counts.awaiting_screening == 2
    assert rows_of(review, flow, "awaiting_screening").count() == 2
    assert rows_of(review, flow, "excluded_title_abstract").count() == 0
    assert rows_of(review, flow, "no such number") is None


def test_the_flow_is_counted_in_few_queries_however_many_reasons_and_sources(
    review, django_assert_max_num_queries
):
    a_history(review, random.Random(1))
    for number in range(20):
        run_of(review, ["One"], f"Database {number}")

    with django_assert_max_num_queries(40):
        flow_of(review)


def test_the_team_may_enter_and_word_and_others_may_not(client, review):
    viewer = make_member(review, "viewer")
    client.force_login(viewer)

    assert client.get(f"/reviews/{review.slug}/prisma/wording/").status_code == 403
    assert client.post(f"/reviews/{review.slug}/prisma/outside/", {}).status_code == 403
    client.force_login(review.created_by)
    sent = {
        "source_kind": "website", "source": "WHO", "on": "2024-03-01", "records": "2",
        "excluded_title_abstract": "1", "reasons": "Wrong population: 1", "note": "By hand.",
    }  # fmt: skip
    assert client.post(f"/reviews/{review.slug}/prisma/outside/", sent).status_code == 302
    page = client.get(f"/reviews/{review.slug}/prisma/rows/?of=other_reason:Wrong population")
    assert "By hand." in page.content.decode()


@pytest.mark.parametrize(
    ("format", "begins"),
    [("svg", b"<svg"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("word", b"\x89PNG"), ("csv", b"data,")],
)
def test_the_flow_comes_as_every_kind_of_file(client, review, format, begins):
    client.force_login(review.created_by)

    response = client.get(f"/reviews/{review.slug}/prisma/flow.{format}")

    assert response.content.startswith(begins)

import uuid

import pytest
from django.db import IntegrityError, transaction

from reviewsite.reviews.models import Stage
from screening.deciding.conclusions import Conclusion
from screening.deciding.decisions import (
    AlreadyDecided,
    DecisionRefused,
    adjudicate,
    record_decision,
    withdraw,
)
from screening.deciding.protocol import change_protocol
from screening.full_text.retrieval import record_retrieval
from screening.models import Citation, Decision, Report

from ...makers import decide, make_citation, make_member, make_review

pytestmark = pytest.mark.django_db
TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


@pytest.fixture
def ben(review):
    return make_member(review, name="Ben")


def state(citation, stage=TA):
    return Citation.objects.get(pk=citation.pk).state_at(stage)


def at_full_text(review, anna, ben):
    citation = make_citation(review)
    for person in (anna, ben):
        decide(citation, person, "include")
    record_retrieval(reports=[citation.report], state="obtained", by=anna)
    return citation


def test_two_includes_send_the_citation_on_and_make_its_report(review, anna, ben):
    citation = make_citation(review)

    decide(citation, anna, "include")
    assert state(citation) is Conclusion.UNDECIDED
    decide(citation, ben, "maybe")

    assert state(citation) is Conclusion.INCLUDED
    assert Report.objects.sought().get().citation == citation


def test_posting_the_same_decision_twice_makes_one(review, anna):
    citation, key = make_citation(review), uuid.uuid4()
    same = {"citation": citation, "stage": TA, "reviewer": anna, "verdict": "include", "client_uuid": key}

    first, second = record_decision(**same), record_decision(**same)

    assert first == second
    assert Decision.objects.count() == 1


def test_a_second_tab_is_told_of_the_decision_that_stands(review, anna):
    citation = make_citation(review)
    standing = decide(citation, anna, "include")

    with pytest.raises(AlreadyDecided) as refusal:
        decide(citation, anna, "exclude")

    assert refusal.value.standing == standing
    assert Decision.objects.count() == 1


def test_a_changed_mind_is_a_new_row_that_names_the_old_one(review, anna):
    citation = make_citation(review)
    first = decide(citation, anna, "include")

    second = record_decision(citation=citation, stage=TA, reviewer=anna, verdict="exclude", replaces=first)

    assert second.supersedes == first
    assert list(Decision.objects.standing()) == [second]


def test_taking_back_leaves_the_citation_open_and_the_history_readable(review, anna, ben):
    citation = make_citation(review)
    decide(citation, anna, "exclude")
    mine = decide(citation, ben, "exclude")

    withdraw(decision=mine, by=ben)

    assert state(citation) is Conclusion.UNDECIDED
    assert Decision.objects.count() == 3
    decide(citation, ben, "include")
    assert state(citation) is Conclusion.CONFLICT


def test_only_the_person_who_decided_can_take_it_back(review, anna, ben):
    decision = decide(make_citation(review), anna, "include")

    with pytest.raises(DecisionRefused, match="Only the person"):
        withdraw(decision=decision, by=ben)


def test_an_adjudication_settles_a_conflict_and_both_votes_stay(review, anna, ben):
    citation = make_citation(review)
    votes = [decide(citation, anna, "include"), decide(citation, ben, "exclude")]

    adjudicate(citation=citation, stage=TA, adjudicator=review.created_by, verdict="include")

    assert state(citation) is Conclusion.INCLUDED
    assert list(Decision.objects.standing().screening()) == votes


def test_the_second_of_two_adjudicators_sees_that_it_is_settled(review, anna, ben):
    citation = make_citation(review)
    decide(citation, anna, "include")
    decide(citation, ben, "exclude")
    adjudicate(citation=citation, stage=TA, adjudicator=review.created_by, verdict="include")

    with pytest.raises(AlreadyDecided):
        adjudicate(citation=citation, stage=TA, adjudicator=make_member(review), verdict="exclude")


def test_there_is_nothing_to_settle_without_a_conflict(review, anna):
    citation = make_citation(review)
    decide(citation, anna, "include")

    with pytest.raises(DecisionRefused, match="no conflict"):
        adjudicate(citation=citation, stage=TA, adjudicator=review.created_by, verdict="include")


def test_full_text_waits_for_the_report(review, anna, ben):
    citation = make_citation(review)
    for person in (anna, ben):
        decide(citation, person, "include")

    with pytest.raises(DecisionRefused, match="not obtained"):
        decide(citation, anna, "include", FT)


def test_excluding_at_full_text_needs_a_reason(review, anna, ben):
    citation = at_full_text(review, anna, ben)

    with pytest.raises(DecisionRefused, match="needs a reason"):
        record_decision(citation=citation, stage=FT, reviewer=anna, verdict="exclude")


def test_maybe_is_not_offered_at_full_text(review, anna, ben):
    citation = at_full_text(review, anna, ben)

    with pytest.raises(DecisionRefused, match="maybe is not offered"):
        decide(citation, anna, "maybe", FT)


def test_a_reason_of_another_stage_or_review_is_refused(review, anna):
    other = make_review().exclusion_reasons.filter(stage=TA).first()

    with pytest.raises(DecisionRefused, match="does not belong"):
        record_decision(
            citation=make_citation(review), stage=TA, reviewer=anna, verdict="exclude", reason=other
        )


def test_a_changed_rule_of_the_protocol_concludes_anew(review, anna, ben):
    citation = make_citation(review)
    decide(citation, anna, "maybe")
    decide(citation, ben, "include")

    change_protocol(review=review, by=review.created_by, maybe_counts_as_include=False)

    assert state(citation) is Conclusion.CONFLICT
    entry = review.audit_entries.get(act="protocol changed")
    assert entry.details["before"] == {"maybe_counts_as_include": True}


def row(citation, person, **columns):
    return Decision(
        review=citation.review,
        citation=citation,
        reviewer=person,
        **{"stage": TA, "verdict": "include", **columns},
    )


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("one_first_decision_per_reviewer", {}),
        ("full_text_exclusion_has_a_reason", {"stage": FT, "verdict": "exclude"}),
    ],
)
def test_the_database_itself_refuses(review, anna, constraint, columns):
    citation = make_citation(review)
    row(citation, anna).save()

    with pytest.raises(IntegrityError), transaction.atomic():
        row(citation, anna, **columns).save()


def test_the_database_lets_no_history_fork(review, anna):
    citation = make_citation(review)
    first = decide(citation, anna, "include")
    row(citation, anna, supersedes=first).save()

    with pytest.raises(IntegrityError), transaction.atomic():
        row(citation, anna, supersedes=first).save()


def test_the_database_keeps_one_adjudication_history_whoever_settles(review, anna, ben):
    citation = make_citation(review)
    row(citation, anna, kind="adjudicate").save()

    with pytest.raises(IntegrityError), transaction.atomic():
        row(citation, ben, kind="adjudicate").save()

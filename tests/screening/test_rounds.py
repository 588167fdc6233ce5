"""Rounds, their gate, who gets what from the queue, and what happens when somebody leaves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviewsite.reviews.models import AuditEntry, Stage
from reviewsite.reviews.rules import end_membership
from screening import queue
from screening.choosing import Choice, How
from screening.conclusions import Conclusion
from screening.decisions import DecisionRefused, adjudicate, withdraw
from screening.models import Citation, Lease, Round, RoundCitation, RoundEvent
from screening.participation import rounds_at
from screening.protocol import change_protocol
from screening.recount import differences
from screening.room import skip
from screening.rounds import (
    Place,
    RoundRefused,
    change_round,
    dissolve,
    main_round,
    open_round,
    override_gate,
    unblind,
)

from ..makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review, name=name) for name in ("Anna", "Ben", "Cleo")]


def citations(review, number=10):
    run = make_search_run(review, [f"Trial number {n}" for n in range(number)])
    return list(Citation.objects.filter(founding_record__search_run=run).order_by("pk"))


def pilot(review, people=(), n=4, **fields):
    return open_round(
        review=review,
        stage=TA,
        by=review.created_by,
        kind="pilot",
        name="Calibration",
        choice=Choice(How.FIRST, n=n),
        people=[Place(person.pk) for person in people],
        **fields,
    )


def main(review, places, **fields):
    return open_round(
        review=review, stage=TA, by=review.created_by, kind="main", name="Main", people=places, **fields
    )


def waiting(review, person):
    return list(queue.awaiting(review, person, TA).values_list("pk", flat=True))


def state(citation):
    return Citation.objects.get(pk=citation.pk).title_abstract_state


class TestWithoutRounds:
    def test_everybody_who_screens_gets_everything(self, review, people):
        found = citations(review)

        for person in people:
            assert waiting(review, person) == [citation.pk for citation in found]

    def test_there_is_one_implicit_main_round_with_the_protocols_votes(self, review, people):
        (only,) = rounds_at(review, TA)

        assert (only.name, only.terms.required, only.is_shut) == ("Main round", 2, False)
        assert set(only.targets) == {review.created_by.pk, *(person.pk for person in people)}


class TestPilot:
    def test_only_the_pilot_is_open_and_only_to_its_people(self, review, people):
        found = citations(review)
        anna, ben, cleo = people
        pilot(review, [anna, ben])

        assert waiting(review, anna) == [citation.pk for citation in found[:4]]
        assert waiting(review, cleo) == []

    def test_enough_agreement_opens_the_main_round_and_keeps_the_numbers(self, review, people):
        found = citations(review)
        anna, ben, cleo = people
        round = pilot(review, [anna, ben])

        for citation, verdict in zip(found, ["include", "include", "exclude", "exclude"], strict=False):
            for person in (anna, ben):
                decide(citation, person, verdict)

        event = RoundEvent.objects.get(round=round)
        assert (event.act, event.numbers["value"], event.numbers["n"]) == ("passed", 1.0, 4)
        assert waiting(review, cleo) == [citation.pk for citation in found[4:]]

    def test_too_little_agreement_keeps_it_shut_until_the_owner_says_why(self, review, people):
        found = citations(review)
        anna, ben, cleo = people
        round = pilot(review, [anna, ben])
        for citation in found[:4]:
            decide(citation, anna, "include")
            decide(citation, ben, "exclude")

        assert waiting(review, cleo) == []
        with pytest.raises(RoundRefused, match="why"):
            override_gate(round=round, by=review.created_by, reason=" ")
        override_gate(round=round, by=review.created_by, reason="We talked all four through.")

        assert len(waiting(review, cleo)) == 6
        event = RoundEvent.objects.get(round=round)
        assert event.numbers["value"] == 0
        assert AuditEntry.objects.get(act="round overridden").details["reason"].startswith("We talked")

    def test_a_second_pilot_can_pass_where_the_first_did_not(self, review, people):
        found = citations(review)
        anna, ben, cleo = people
        pilot(review, [anna, ben], n=2)
        for citation in found[:2]:
            decide(citation, anna, "include")
            decide(citation, ben, "exclude")
        pilot(review, [anna, ben], n=2)
        for citation, verdict in zip(found[2:4], ["include", "exclude"], strict=True):
            decide(citation, anna, verdict)
            decide(citation, ben, verdict)

        assert len(waiting(review, cleo)) == 6

    def test_a_lower_threshold_opens_a_complete_pilot_and_a_higher_one_closes_nothing(self, review, people):
        found = citations(review)
        anna, ben, cleo = people
        pilot(review, [anna, ben])
        for citation, (one, other) in zip(
            found,
            [("include", "include"), ("exclude", "exclude"), ("include", "exclude"), ("exclude", "exclude")],
            strict=False,
        ):
            decide(citation, anna, one)
            decide(citation, ben, other)
        assert waiting(review, cleo) == []

        change_protocol(review=review, by=review.created_by, pilot_threshold=0.4)
        assert len(waiting(review, cleo)) == 6
        change_protocol(review=review, by=review.created_by, pilot_threshold=0.9)
        assert len(waiting(review, cleo)) == 6

    def test_the_lower_limit_can_be_what_must_reach_the_threshold(self, review, people):
        found = citations(review)
        anna, ben, cleo = people
        change_protocol(
            review=review,
            by=review.created_by,
            pilot_judges_lower_limit=True,
            pilot_statistic="raw",
            pilot_threshold=0.5,
        )
        round = pilot(review, [anna, ben])
        for citation in found[:4]:
            decide(citation, anna, "exclude")
            decide(citation, ben, "exclude")

        # Four of four agreed; the score interval of 4/4 begins at .510 (Wilson 1927: n / (n + z^2)).
        assert RoundEvent.objects.get(round=round).numbers["low"] == pytest.approx(0.510, abs=5e-4)

    def test_a_vote_on_the_main_round_is_refused_while_the_pilot_runs(self, review, people):
        found = citations(review)
        pilot(review, people[:2])

        with pytest.raises(DecisionRefused, match="opens once"):
            decide(found[-1], people[0], "include")
        with pytest.raises(DecisionRefused, match="do not screen"):
            decide(found[0], people[2], "include")

    def test_a_vote_on_what_already_lay_before_somebody_is_never_lost(self, review, people):
        found = citations(review)
        anna = people[0]
        before = queue.take(review, anna, TA, 10)
        Lease.objects.update(expires_at=timezone.now() - timedelta(hours=3))
        pilot(review, people[1:])

        decide(before[-1], anna, "include")

        assert found[-1] == before[-1]

    def test_a_pilot_takes_what_nobody_has_voted_on(self, review, people):
        found = citations(review)
        decide(found[0], people[0], "include")

        pilot(review, people[:2], n=3)

        assert list(RoundCitation.objects.values_list("citation", flat=True)) == [c.pk for c in found[1:4]]

    def test_the_same_seed_chooses_the_same_citations(self, review, people):
        citations(review, 30)
        choice = Choice(How.RANDOM, n=6, seed=7)
        first = pilot_with(review, choice)
        chosen = set(first.places.values_list("citation", flat=True))
        dissolve(round=first, by=review.created_by, reason="Wrong people.")

        second = pilot_with(review, choice)

        assert set(second.places.values_list("citation", flat=True)) == chosen
        assert chosen != set(Citation.objects.order_by("pk").values_list("pk", flat=True)[:6])

    def test_a_dissolved_pilot_gives_its_citations_and_their_votes_back(self, review, people):
        found = citations(review)
        round = pilot(review, people, decisions_needed=3)
        decide(found[0], people[0], "include")
        decide(found[0], people[1], "include")
        assert state(found[0]) == Conclusion.UNDECIDED

        dissolve(round=round, by=review.created_by, reason="Too many votes asked for.")

        assert state(found[0]) == Conclusion.INCLUDED
        assert len(waiting(review, people[2])) == 9
        assert list(differences(review)) == []


def pilot_with(review, choice):
    return open_round(review=review, stage=TA, by=review.created_by, kind="pilot", name="", choice=choice)


class TestVotesNeeded:
    def test_three_votes_are_waited_for(self, review, people):
        found = citations(review, 2)
        main(review, [Place(p.pk) for p in people], decisions_needed=3)

        decide(found[0], people[0], "include")
        decide(found[0], people[1], "include")
        assert state(found[0]) == Conclusion.UNDECIDED
        decide(found[0], people[2], "exclude")

        assert state(found[0]) == Conclusion.CONFLICT
        assert list(differences(review)) == []

    def test_an_expert_must_be_among_them(self, review, people):
        found = citations(review, 2)
        anna, ben, cleo = people
        places = [Place(anna.pk), Place(ben.pk), Place(cleo.pk, is_expert=True)]
        main(review, places, needs_expert=True)

        decide(found[0], anna, "include")

        assert waiting(review, ben) == [found[1].pk]
        assert waiting(review, cleo) == [found[0].pk, found[1].pk]
        # It lay before Ben already, so his vote is kept; the citation still waits for the expert.
        Lease.objects.create(
            review=review, stage=TA, citation=found[0], reviewer=ben, expires_at=timezone.now()
        )
        decide(found[0], ben, "include")
        assert state(found[0]) == Conclusion.UNDECIDED
        decide(found[0], cleo, "include")
        assert state(found[0]) == Conclusion.INCLUDED
        assert list(differences(review)) == []

    def test_an_expert_who_left_was_one(self, review, people):
        found = citations(review, 1)
        anna, ben, cleo = people
        main(review, [Place(anna.pk), Place(cleo.pk, is_expert=True)], needs_expert=True)
        decide(found[0], anna, "include")
        decide(found[0], cleo, "include")

        end_membership(membership=review.memberships.get(user=cleo), by=review.created_by)

        assert state(found[0]) == Conclusion.INCLUDED
        assert list(differences(review)) == []

    def test_changing_the_votes_needed_concludes_anew(self, review, people):
        found = citations(review, 1)
        round = main(review, [Place(p.pk) for p in people], decisions_needed=3)
        decide(found[0], people[0], "include")
        decide(found[0], people[1], "include")

        change_round(
            round=round,
            by=review.created_by,
            name="Main",
            decisions_needed=2,
            needs_expert=False,
            people=[Place(p.pk) for p in people],
        )

        assert state(found[0]) == Conclusion.INCLUDED
        assert Citation.objects.get(pk=found[0].pk).report

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"decisions_needed": 4}, "only 3 can vote"),
            ({"needs_expert": True}, "who of them is an expert"),
        ],
    )
    def test_a_round_that_could_never_end_is_refused(self, review, people, fields, why):
        citations(review)
        with pytest.raises(RoundRefused, match=why):
            main(review, [Place(p.pk) for p in people], **fields)

    def test_a_pilot_of_one_vote_and_one_without_citations_are_refused(self, review, people):
        with pytest.raises(RoundRefused, match="two votes"):
            pilot(review, people, decisions_needed=1)
        with pytest.raises(RoundRefused, match="No citation fits"):
            pilot(review, people)
        assert not Round.objects.exists()

    def test_people_of_other_reviews_cannot_be_named(self, review):
        citations(review)
        stranger = make_member(make_review())
        with pytest.raises(RoundRefused, match="may not screen"):
            main(review, [Place(stranger.pk), Place(review.created_by.pk)])

    def test_the_database_keeps_one_round_that_takes_the_rest(self, review):
        main_round(review=review, stage=TA, by=review.created_by)
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.create(
                review=review,
                stage=TA,
                kind="main",
                name="x",
                takes_the_rest=True,
                created_by=review.created_by,
            )


class TestSharing:
    def test_a_third_person_is_not_given_what_two_already_have(self, review, people):
        found = citations(review, 6)
        anna, ben, cleo = people

        for person in (anna, ben):
            assert queue.take(review, person, TA, 2) == found[:2]

        assert queue.take(review, cleo, TA, 2) == found[2:4]

    def test_a_lease_runs_out(self, review, people):
        found = citations(review, 1)
        anna, ben, cleo = people
        queue.take(review, anna, TA, 1)
        queue.take(review, ben, TA, 1)
        assert queue.take(review, cleo, TA, 1) == []
        assert "half an hour" in queue.why_nothing(review, cleo, TA)

        Lease.objects.filter(reviewer=anna).update(expires_at=timezone.now())

        assert queue.take(review, cleo, TA, 1) == found

    def test_deciding_prolongs_what_else_lies_before_one(self, review, people):
        citations(review, 3)
        taken = queue.take(review, people[0], TA, 3)
        short = Lease.objects.get(citation=taken[1]).expires_at

        decide(taken[0], people[0], "include")

        assert not Lease.objects.filter(citation=taken[0]).exists()
        assert Lease.objects.get(citation=taken[1]).expires_at > short + timedelta(minutes=20)

    def test_what_lies_before_somebody_who_left_is_free(self, review, people):
        found = citations(review, 1)
        anna, ben, cleo = people
        queue.take(review, anna, TA, 1)
        queue.take(review, ben, TA, 1)

        end_membership(membership=review.memberships.get(user=ben), by=review.created_by)

        assert queue.take(review, cleo, TA, 1) == found

    def test_held_ones_are_not_given_twice_and_skipped_ones_come_last(self, review, people):
        found = citations(review, 4)
        anna = people[0]

        assert queue.take(review, anna, TA, 2, held=[found[0].pk]) == found[1:3]
        for citation in (found[1], found[0]):
            skip(citation=citation, stage=TA, reviewer=anna)
        assert queue.take(review, anna, TA, 4) == [found[2], found[3], found[1], found[0]]

    def test_nobody_is_given_more_than_their_target_while_others_can(self, review, people):
        found = citations(review, 4)
        anna, ben, cleo = people
        main(review, [Place(anna.pk, target=1), Place(ben.pk), Place(cleo.pk)])

        decide(found[0], anna, "include")

        assert waiting(review, anna) == []
        assert "target" in queue.why_nothing(review, anna, TA)

    def test_no_citation_is_stranded_when_targets_are_too_small(self, review, people):
        found = citations(review, 3)
        anna, ben, _ = people
        main(review, [Place(anna.pk, target=1), Place(ben.pk, target=3)])
        decide(found[0], anna, "include")

        # Ben can give each one vote; the second of the two left can only be Anna's.
        assert waiting(review, anna) == [found[1].pk, found[2].pk]

    def test_the_open_share_of_somebody_who_left_falls_to_the_others(self, review, people):
        found = citations(review, 3)
        anna, ben, cleo = people
        main(review, [Place(anna.pk, target=1), Place(ben.pk), Place(cleo.pk)])
        decide(found[0], anna, "include")
        assert waiting(review, anna) == []

        end_membership(membership=review.memberships.get(user=cleo), by=review.created_by)

        assert waiting(review, anna) == [found[1].pk, found[2].pk]
        for citation in found:
            decide(citation, ben, "include")
        for citation in found[1:]:
            decide(citation, anna, "include")
        assert {state(citation) for citation in found} == {Conclusion.INCLUDED}


class TestUnblinding:
    def test_it_is_recorded_with_its_reason_and_lets_everybody_read(self, review, people):
        found = citations(review, 2)
        decide(found[0], people[0], "include")
        assert queue.visible_decisions(found[0], TA, people[1]) == []

        round = main_round(review=review, stage=TA, by=review.created_by)
        unblind(round=round, by=review.created_by, reason="Only two of us are left.")

        assert len(queue.visible_decisions(found[0], TA, people[1])) == 1
        assert AuditEntry.objects.get(act="round unblinded").details["reason"] == "Only two of us are left."
        with pytest.raises(RoundRefused, match="already"):
            unblind(round=round, by=review.created_by, reason="Again.")

    def test_it_opens_only_its_own_round(self, review, people):
        found = citations(review)
        round = pilot(review, people)
        decide(found[0], people[0], "include")
        override_gate(round=round, by=review.created_by, reason="In a hurry.")
        decide(found[-1], people[0], "include")

        unblind(round=round, by=review.created_by, reason="To train newcomers.")

        assert queue.visible_decisions(found[0], TA, people[1])
        assert not queue.visible_decisions(found[-1], TA, people[1])

    def test_votes_after_it_are_not_agreement(self, review, people):
        found = citations(review, 2)
        anna, ben, _ = people
        decide(found[0], anna, "include")
        decide(found[0], ben, "include")
        decide(found[1], anna, "include")
        round = main_round(review=review, stage=TA, by=review.created_by)
        unblind(round=round, by=review.created_by, reason="Two of us are left.")
        decide(found[1], ben, "include")

        from screening.first_votes import first_votes

        votes = first_votes(rounds_at(review, TA)[-1])
        assert sorted(votes[found[0].pk]) == sorted([anna.pk, ben.pk])
        assert list(votes[found[1].pk]) == [anna.pk]


class TestReasonConflicts:
    @pytest.fixture
    def excluded(self, review, people):
        from screening.retrieval import record_retrieval

        (found,) = citations(review, 1)
        for person in people[:2]:
            decide(found, person, "include")
        record_retrieval(
            reports=[Citation.objects.get(pk=found.pk).report], state="obtained", note="", by=people[0]
        )
        return Citation.objects.get(pk=found.pk)

    def exclude(self, citation, person, label):
        from screening.decisions import record_decision

        reason = citation.review.exclusion_reasons.get(stage=Stage.FULL_TEXT, label=label)
        return record_decision(
            citation=citation, stage=Stage.FULL_TEXT, reviewer=person, verdict="exclude", reason=reason
        )

    def test_different_reasons_leave_it_excluded_and_ask_for_the_one_that_counts(
        self, review, people, excluded
    ):
        self.exclude(excluded, people[0], "Wrong population")
        self.exclude(excluded, people[1], "Wrong publication type")

        assert Citation.objects.get(pk=excluded.pk).full_text_state == Conclusion.EXCLUDED
        assert list(queue.open_reason_conflicts(review)) == [excluded]
        assert not queue.open_conflicts(review, Stage.FULL_TEXT).exists()

        reason = review.exclusion_reasons.get(stage=Stage.FULL_TEXT, label="Wrong publication type")
        with pytest.raises(DecisionRefused, match="choose the reason"):
            adjudicate(
                citation=excluded, stage=Stage.FULL_TEXT, adjudicator=review.created_by, verdict="include"
            )
        settled = adjudicate(
            citation=excluded,
            stage=Stage.FULL_TEXT,
            adjudicator=review.created_by,
            verdict="exclude",
            reason=reason,
        )
        assert not queue.open_reason_conflicts(review).exists()
        withdraw(decision=settled, by=review.created_by)
        assert queue.open_reason_conflicts(review).exists()

    def test_the_same_reason_is_no_conflict(self, review, people, excluded):
        for person in people[:2]:
            self.exclude(excluded, person, "Wrong population")

        assert not queue.open_reason_conflicts(review).exists()

from hypothesis import given
from hypothesis import strategies as st

from screening.deciding.conclusions import Conclusion, Verdict, Vote, conclude

ANNA, BEN, CORA = 1, 2, 3


def vote(reviewer, verdict, *, settles=False):
    return Vote(reviewer, Verdict(verdict), settles)


def test_nothing_is_concluded_before_enough_people_have_decided():
    assert conclude([], required=1) is Conclusion.UNDECIDED
    assert conclude([vote(ANNA, "include")], required=2) is Conclusion.UNDECIDED


def test_two_reviewers_who_agree_conclude_what_they_said():
    assert conclude([vote(ANNA, "include"), vote(BEN, "include")], required=2) is Conclusion.INCLUDED
    assert conclude([vote(ANNA, "exclude"), vote(BEN, "exclude")], required=2) is Conclusion.EXCLUDED


def test_two_reviewers_who_differ_leave_the_citation_in_conflict():
    assert conclude([vote(ANNA, "include"), vote(BEN, "exclude")], required=2) is Conclusion.CONFLICT


def test_a_maybe_counts_as_include_or_conflicts_as_the_protocol_says():
    votes = [vote(ANNA, "maybe"), vote(BEN, "include")]

    assert conclude(votes, required=2) is Conclusion.INCLUDED
    assert conclude(votes, required=2, maybe_counts_as_include=False) is Conclusion.CONFLICT


def test_a_vote_that_was_taken_back_counts_no_more():
    assert conclude([vote(ANNA, "include"), vote(BEN, "withdrawn")], required=2) is Conclusion.UNDECIDED


def test_a_late_third_vote_is_not_thrown_away():
    votes = [vote(ANNA, "include"), vote(BEN, "include"), vote(CORA, "exclude")]

    assert conclude(votes, required=2) is Conclusion.CONFLICT


def test_an_adjudication_settles_whatever_the_votes_say():
    votes = [vote(ANNA, "include"), vote(BEN, "exclude"), vote(CORA, "exclude", settles=True)]

    assert conclude(votes, required=2) is Conclusion.EXCLUDED


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(list(Verdict))), unique_by=lambda v: v[0]))
def test_the_order_of_the_votes_changes_nothing(cast):
    votes = [Vote(reviewer, verdict) for reviewer, verdict in cast]

    assert conclude(votes, required=2) is conclude(votes[::-1], required=2)

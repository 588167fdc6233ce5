"""The stopping test against closed forms of the hypergeometric distribution, worked out by hand."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.ranking import RankingRefused, StoppingRule, audit_bound, further_reading, standing

RULE = StoppingRule(target=0.95, confidence=0.95, odds=1)


def none_drawn(left: int, relevant: int, read: int) -> float:
    """Probability of drawing no relevant one: C(left - relevant, read) / C(left, read)."""
    return float(Fraction(comb(left - relevant, read), comb(left, read)))


def test_after_the_last_relevant_the_probability_is_that_of_drawing_none():
    # 20 found in the first 20 of 100. A recall below 95% needs 22 relevant: two among the 80 left.
    labels = [True] * 20 + [False] * 50

    now = standing(labels, 100, RULE)

    assert now.p == pytest.approx(none_drawn(80, 2, 50))
    assert not now.is_met


def test_the_rule_is_met_at_the_first_read_whose_probability_is_below_one_minus_the_confidence():
    needed = next(n for n in range(80) if none_drawn(80, 2, n) < 0.05)

    met = [standing([True] * 20 + [False] * n, 100, RULE).is_met for n in range(80)]

    assert met.index(True) == needed
    assert all(met[needed:])


def test_the_lower_bound_is_the_smallest_recall_not_ruled_out():
    labels = [True] * 20 + [False] * 30
    most = max(k for k in range(51) if none_drawn(80, k, 30) >= 0.05)

    now = standing(labels, 100, RULE)

    assert now.most_relevant == 20 + most
    assert now.recall_at_least == pytest.approx(20 / (20 + most))


def test_a_looser_target_is_met_earlier():
    labels = [True] * 20 + [False] * 40

    assert not standing(labels, 100, RULE).is_met
    assert standing(labels, 100, StoppingRule(target=0.8, confidence=0.95, odds=1)).is_met


def test_nothing_found_says_nothing():
    now = standing([False] * 30, 100, RULE)

    assert (now.p, now.recall_at_least, now.is_met) == (1.0, 0.0, False)


def test_when_everything_was_read_everything_was_found():
    now = standing([False, True, False], 3, RULE)

    assert (now.is_met, now.recall_at_least, now.most_relevant) == (True, 1.0, 1)


def test_more_read_than_there_are_is_refused():
    with pytest.raises(RankingRefused, match="holds only 2"):
        standing([True] * 3, 2, RULE)


@pytest.mark.parametrize("target", [0.2, 1.0, 1.5])
def test_a_target_that_cannot_be_is_refused(target):
    with pytest.raises(RankingRefused, match="recall target"):
        StoppingRule(target=target)


@given(st.lists(st.booleans(), min_size=1, max_size=80), st.integers(0, 60))
def test_the_bound_and_the_rule_never_contradict_each_other(labels, unread):
    now = standing(labels, len(labels) + unread, RULE)

    assert now.found <= now.most_relevant <= now.found + unread
    if now.found and unread:
        assert now.is_met == (now.recall_at_least >= 0.95)


def test_drawn_at_random_the_bound_at_the_end_holds_in_most_runs():
    # One look from the beginning is an exact test; many looks cost something, which the ranked order repays.
    draw = np.random.default_rng(7)
    relevant = np.arange(1000) < 60
    held = 0
    for _ in range(200):
        labels = draw.permutation(relevant)[:400]
        held += standing(labels, 1000, RULE).recall_at_least <= labels.sum() / 60
    assert held >= 150


def test_with_odds_a_relevant_citation_escapes_less_often():
    # 50 of 80 read since: two relevant ones escape with ((30 / 80) ** 1.5) ** 2.
    now = standing([True] * 20 + [False] * 50, 100, StoppingRule(odds=1.5))

    assert now.p == pytest.approx((30 / 80) ** 3)


def test_how_much_further_when_nothing_more_is_found():
    labels = [True] * 20 + [False] * 10
    needed = next(n for n in range(80) if none_drawn(80, 2, n) < 0.05)

    ahead = further_reading(labels, 100, RULE)

    assert ahead.fewest == needed - 10
    assert ahead.fewest <= ahead.likely_most <= 70


def test_nothing_found_says_nothing_of_how_much_further():
    assert further_reading([False] * 5, 100, RULE) is None


def test_an_audit_without_a_relevant_one_bounds_what_is_left():
    bound = audit_bound(50, 0, 400, 0.95)

    assert none_drawn(400, bound, 50) >= 0.05 > none_drawn(400, bound + 1, 50)

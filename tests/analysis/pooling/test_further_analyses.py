"""Refusals and identities of subgroups, regression, sensitivity and mixed models."""

import itertools

import numpy as np
import pytest

from analysis.pooling import (
    ImpossibleInput,
    Model,
    Selection,
    TooFewStudies,
    TwoByTwoMeasure,
    bayesian_pool,
    cumulative,
    design_from,
    gosh,
    gosh_sampled,
    leave_one_out,
    lfk_index,
    mantel_haenszel,
    meta_regression,
    permute_signs,
    pool,
    pool_subgroups,
    selection_model,
)
from analysis.pooling.failsafe import orwin
from analysis.pooling.glmm import pool_odds_ratios, pool_proportions
from analysis.pooling.multilevel.nested import pool_nested
from analysis.pooling.multilevel.robust import robust_inference

EFFECTS = np.array([0.2, 0.9, 0.4, -0.1, 0.6])
VARIANCES = np.array([0.04, 0.05, 0.02, 0.1, 0.03])


def test_leaving_a_study_out_is_pooling_the_others():
    without = leave_one_out(EFFECTS, VARIANCES)

    for i in range(5):
        others = pool(np.delete(EFFECTS, i), np.delete(VARIANCES, i))
        assert without.estimate[i] == pytest.approx(others.estimate)
        assert without.tau2[i] == pytest.approx(others.tau2)


def test_the_last_cumulative_result_is_that_of_all_studies():
    assert cumulative(EFFECTS, VARIANCES).estimate[-1] == pytest.approx(pool(EFFECTS, VARIANCES).estimate)


def test_gosh_pools_every_subset():
    subsets = gosh(EFFECTS, VARIANCES)

    members = [m for size in range(1, 6) for m in itertools.combinations(range(5), size)]
    expected = [pool(EFFECTS[list(m)], VARIANCES[list(m)], model=Model.COMMON).estimate for m in members]
    assert np.sort(subsets.estimates) == pytest.approx(np.sort(expected))


def test_gosh_refuses_more_subsets_than_fit():
    with pytest.raises(ImpossibleInput, match="at most 25"):
        gosh(np.zeros(26), np.ones(26))


def test_a_regression_on_an_intercept_alone_is_pooling():
    fitted, pooled = meta_regression(EFFECTS, VARIANCES, np.ones((5, 1))), pool(EFFECTS, VARIANCES)

    assert fitted.coefficients[0] == pytest.approx(pooled.estimate)
    assert fitted.tau2 == pytest.approx(pooled.tau2)
    assert fitted.i2 == pytest.approx(pooled.i2)


def test_moderators_that_determine_one_another_are_refused():
    year = np.arange(5.0)

    with pytest.raises(ImpossibleInput, match="determine one another"):
        meta_regression(EFFECTS, VARIANCES, np.column_stack([np.ones(5), year, 2 * year]))


def test_a_factor_takes_its_first_level_in_sorted_order_as_reference():
    design = design_from("~ year + factor(site)", {"year": [1, 2, 3], "site": ["b", "a", "c"]})

    assert design.names == ("intrcpt", "year", "factor(site)b", "factor(site)c")
    assert design.matrix[:, 2].tolist() == [1, 0, 0]


def test_a_study_without_a_moderator_is_not_complete():
    design = design_from("~ year", {"year": [1, None, 3]})

    assert design.complete.tolist() == [True, False, True]


def test_a_term_that_is_not_understood_is_refused():
    with pytest.raises(ImpossibleInput, match="not understood"):
        design_from("~ bs(year)", {"year": [1, 2, 3]})


def test_one_subgroup_is_nothing_to_compare():
    with pytest.raises(TooFewStudies, match="nothing to compare"):
        pool_subgroups(EFFECTS, VARIANCES, ["a"] * 5)


def test_a_mixed_model_of_no_events_is_refused_with_advice():
    with pytest.raises(ImpossibleInput, match="exact binomial intervals"):
        pool_proportions([0, 0, 0], [20, 35, 12])


def test_an_odds_ratio_with_all_events_in_one_group_is_not_estimable():
    with pytest.raises(TooFewStudies, match="OR is not estimable"):
        mantel_haenszel([0, 0], [20, 30], [2, 3], [20, 30], measure=TwoByTwoMeasure.ODDS_RATIO)
    with pytest.raises(ImpossibleInput, match="one group"):
        pool_odds_ratios([0, 0], [20, 30], [2, 3], [20, 30])


def test_the_order_of_studies_changes_nothing_in_a_mixed_model():
    events, totals = np.array([1, 5, 9, 3]), np.array([20, 25, 30, 40])

    forwards, backwards = pool_proportions(events, totals), pool_proportions(events[::-1], totals[::-1])

    assert forwards.estimate == pytest.approx(backwards.estimate)
    assert forwards.tau2 == pytest.approx(backwards.tau2, rel=1e-5)


def test_one_effect_in_each_group_makes_a_multilevel_model_an_ordinary_one():
    nested, pooled = pool_nested(EFFECTS, VARIANCES, [list("abcde")]), pool(EFFECTS, VARIANCES)

    assert nested.coefficients[0] == pytest.approx(pooled.estimate, rel=1e-5)
    assert nested.sigma2[0] == pytest.approx(pooled.tau2, rel=1e-4)


def test_clusters_must_hold_the_outermost_groups_whole():
    nested = pool_nested(EFFECTS, VARIANCES, [["a", "a", "b", "b", "c"]])

    with pytest.raises(ImpossibleInput, match="whole"):
        robust_inference(nested, ["x", "y", "y", "z", "z"])


def test_drawn_sign_changes_need_a_generator_and_repeat_with_its_seed():
    first = permute_signs(EFFECTS, VARIANCES, draws=50, random=np.random.default_rng(7))
    second = permute_signs(EFFECTS, VARIANCES, draws=50, random=np.random.default_rng(7))

    assert not first.exact
    assert first.p_values.tolist() == second.p_values.tolist()


def test_the_posterior_of_a_study_lies_between_its_own_effect_and_the_mean():
    result = bayesian_pool(EFFECTS, VARIANCES)

    between = (result.shrunken - EFFECTS) * (result.mean.mean - result.shrunken)
    assert (between > -0.01).all()


def test_a_doi_plot_mirrors_when_its_effects_do():
    there, back = lfk_index(EFFECTS, VARIANCES), lfk_index(-EFFECTS, VARIANCES)

    # The half observation taken off each rank leaves a trace that a mirror does not undo.
    assert there.index == pytest.approx(-back.index, abs=0.05)
    assert there.tip == -back.tip


def test_a_doi_plot_needs_studies_that_differ():
    with pytest.raises(TooFewStudies, match="three studies"):
        lfk_index([0.1, 0.2], [0.1, 0.1])
    with pytest.raises(ImpossibleInput, match="no limbs"):
        lfk_index([0.1, 0.1, 0.1], [0.1, 0.2, 0.3])


def test_a_step_between_which_no_study_lies_is_refused():
    effects, variances = [0.9, 0.8, 1.1, 0.7, 1.0], [0.01, 0.02, 0.01, 0.02, 0.01]

    with pytest.raises(ImpossibleInput, match="fewer steps"):
        selection_model(effects, variances, Selection.STEPS, steps=[0.05])


def test_orwins_target_is_on_the_side_of_the_mean():
    above, below = orwin([0.2, 0.3, 0.4], [0.1] * 3, 0.05), orwin([-0.2, -0.3, -0.4], [0.1] * 3, 0.05)

    # fsn(c(.2, .3, .4), c(.1, .1, .1), type="Orwin", target=.05) of metafor 3.8.1
    assert above.studies == below.studies == 15


def test_drawn_subsets_are_among_all_subsets_and_the_same_each_time():
    drawn = gosh_sampled(EFFECTS, VARIANCES, subsets=7_000, seed=3)
    again = gosh_sampled(EFFECTS, VARIANCES, subsets=7_000, seed=3)

    every = gosh(EFFECTS, VARIANCES)
    assert np.array_equal(drawn.estimates, again.estimates)
    assert set(drawn.estimates.round(9)) == set(every.estimates.round(9))
    assert set(drawn.i2.round(6)) == set(every.i2.round(6))
    # Every size of five is as likely as another.
    assert np.bincount(drawn.counts)[1:] / 7_000 == pytest.approx(np.full(5, 0.2), abs=0.03)

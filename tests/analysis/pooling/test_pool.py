"""What pool() promises beside the numbers: what is missing, what is said, what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pooling import (
    ImpossibleInput,
    IntervalMethod,
    Model,
    PredictionMethod,
    Tau2Estimator,
    TooFewStudies,
    pool,
    pool_many,
)

EFFECTS, VARIANCES = [0.2, 0.9, 0.4, -0.1], [0.04, 0.05, 0.02, 0.1]
STUDY = st.tuples(st.floats(-5, 5), st.floats(1e-3, 10))


def test_a_single_study_is_its_own_result_with_a_normal_interval():
    result = pool([0.5], [0.04], interval=IntervalMethod.HARTUNG_KNAPP)

    assert (result.estimate, result.se, result.df) == (0.5, 0.2, None)
    assert result.prediction_low is None
    assert result.heterogeneity is None
    assert "One study only" in result.notes[0]


def test_two_studies_have_no_prediction_interval_on_k_minus_2():
    result = pool([0.2, 0.9], [0.04, 0.05], prediction=PredictionMethod.T_K_MINUS_2)

    assert result.prediction_low is None
    assert "k - 2 leaves no degrees of freedom" in " ".join(result.notes)


def test_a_common_effect_has_no_prediction_interval_and_no_estimator_of_tau2():
    result = pool(EFFECTS, VARIANCES, model=Model.COMMON)

    assert result.prediction_method is None
    assert result.tau2_estimator is None
    assert result.tau2 == 0


def test_identical_effects_make_hartung_knapp_say_that_its_interval_has_no_width():
    result = pool([0.3, 0.3], [0.04, 0.05], interval=IntervalMethod.HARTUNG_KNAPP)

    assert result.se == 0
    assert result.statistic is None
    assert "no width" in result.notes[0]


def test_a_hartung_knapp_interval_narrower_than_wald_is_remarked_on():
    effects, variances = [0.31, 0.3, 0.29, 0.305, 0.298], [0.04, 0.05, 0.03, 0.02, 0.06]

    result = pool(effects, variances, interval=IntervalMethod.HARTUNG_KNAPP)

    assert "vary less than their standard errors explain" in result.notes[0]


def test_the_floor_keeps_hartung_knapp_from_being_narrower_than_t():
    effects, variances = [0.31, 0.3, 0.29, 0.305, 0.298], [0.04, 0.05, 0.03, 0.02, 0.06]

    floored = pool(effects, variances, interval=IntervalMethod.HARTUNG_KNAPP_FLOOR)

    assert floored.se == pytest.approx(pool(effects, variances, interval=IntervalMethod.T).se)


def test_no_study_is_refused():
    with pytest.raises(TooFewStudies, match="no study to pool"):
        pool([], [])


def test_a_zero_variance_is_refused_and_its_study_named():
    with pytest.raises(ImpossibleInput, match="Study 2: the variance must be above zero") as refusal:
        pool([0.1, 0.2, 0.3], [0.1, 0.0, 0.2])

    assert refusal.value.studies == (1,)


def test_a_missing_effect_is_refused_and_never_dropped_in_silence():
    with pytest.raises(ImpossibleInput, match="Study 1: the effect is missing"):
        pool([float("nan"), 0.2], [0.1, 0.2])


def test_columns_of_different_length_are_refused():
    with pytest.raises(ImpossibleInput, match="effects has 2, variances has 1"):
        pool([0.1, 0.2], [0.1])


def test_a_level_in_percent_is_refused():
    with pytest.raises(ImpossibleInput, match="between 0 and 1"):
        pool(EFFECTS, VARIANCES, level=95)


def test_weights_are_percentages_of_the_whole():
    assert pool(EFFECTS, VARIANCES).weights_percent.sum() == pytest.approx(100)


@pytest.mark.parametrize("estimator", list(Tau2Estimator))
def test_a_batch_gives_each_meta_analysis_what_it_gets_alone(estimator):
    padded = np.array([EFFECTS, [0.1, 0.8, 0.0, 0.0]])
    variances = np.array([VARIANCES, [0.02, 0.03, np.inf, np.inf]])

    batch = pool_many(padded, variances, tau2_estimator=estimator)

    alone = [
        pool(EFFECTS, VARIANCES, tau2_estimator=estimator),
        pool([0.1, 0.8], [0.02, 0.03], tau2_estimator=estimator),
    ]
    for field in ("estimate", "se", "tau2", "i2", "q", "q_p", "ci_low", "prediction_high"):
        assert getattr(batch, field) == pytest.approx([getattr(result, field) for result in alone])


def test_a_meta_analysis_without_a_study_is_refused_in_a_batch():
    with pytest.raises(TooFewStudies):
        pool_many([[0.1, 0.2], [0.0, 0.0]], [[0.1, 0.1], [np.inf, np.inf]])


@settings(max_examples=60, deadline=None)
@given(st.lists(STUDY, min_size=2, max_size=12), st.sampled_from([Tau2Estimator.REML, Tau2Estimator.ML]))
def test_no_other_tau2_is_likelier_than_the_one_found(studies, estimator):
    effects, variances = (np.array(column) for column in zip(*studies, strict=True))
    found = pool(effects, variances, tau2_estimator=estimator).tau2
    restricted = estimator is Tau2Estimator.REML

    tried = np.concatenate([[0.0], np.geomspace(1e-6, 1e3, 400)])
    best = max(log_likelihood(effects, variances, tau2, restricted) for tau2 in tried)

    assert log_likelihood(effects, variances, found, restricted) >= best - 1e-9


@settings(max_examples=60, deadline=None)
@given(st.lists(STUDY, min_size=2, max_size=12), st.floats(0.01, 100))
def test_a_change_of_units_changes_nothing_but_the_units(studies, unit):
    effects, variances = (np.array(column) for column in zip(*studies, strict=True))

    plain, scaled = pool(effects, variances), pool(unit * effects, unit**2 * variances)

    assert scaled.estimate == pytest.approx(unit * plain.estimate, rel=1e-6, abs=1e-8)
    assert scaled.tau2 == pytest.approx(unit**2 * plain.tau2, rel=1e-5, abs=1e-8 * unit**2)
    assert scaled.i2 == pytest.approx(plain.i2, rel=1e-5, abs=1e-5)


def log_likelihood(effects, variances, tau2, restricted):
    weights = 1 / (variances + tau2)
    residuals = effects - weights @ effects / weights.sum()
    value = np.log(weights).sum() - weights @ residuals**2
    return (value - np.log(weights.sum()) if restricted else value) / 2

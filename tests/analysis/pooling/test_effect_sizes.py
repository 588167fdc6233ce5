"""Zero cells, missing numbers and the way back to people's scales."""

import numpy as np
import pytest

from analysis.pooling import (
    ImpossibleInput,
    MeanComparison,
    ProportionMeasure,
    TwoByTwoMeasure,
    VarianceType,
    back_transform,
    effects_from_intervals,
    mean_comparison_effects,
    proportion_effects,
    two_by_two_effects,
)

EVENTS1, TOTALS1, EVENTS2, TOTALS2 = [0, 2, 0], [30, 40, 25], [0, 1, 3], [32, 41, 25]


def test_only_studies_of_0_or_100_percent_are_corrected_and_they_are_marked():
    sizes = proportion_effects([0, 5, 10], [10, 10, 10], measure=ProportionMeasure.RAW)

    assert sizes.corrected.tolist() == [True, False, True]
    assert sizes.effects == pytest.approx([0.5 / 11, 0.5, 10.5 / 11])


def test_arcsine_scales_are_left_uncorrected():
    sizes = proportion_effects([0, 5], [10, 10], measure=ProportionMeasure.ARCSINE)

    assert not sizes.corrected.any()


def test_a_study_without_a_reported_total_is_left_out_by_name():
    sizes = proportion_effects([4, 5], [float("nan"), 10])

    assert sizes.studies.tolist() == [1]
    assert sizes.left_out[0].study == 0
    assert "not reported" in sizes.left_out[0].reason


def test_more_events_than_persons_are_refused_and_the_study_named():
    with pytest.raises(ImpossibleInput, match="Study 2: events must lie between 0 and the total"):
        proportion_effects([4, 12], [10, 10])


def test_double_zero_studies_can_be_dropped_with_the_reason():
    sizes = two_by_two_effects(
        EVENTS1, TOTALS1, EVENTS2, TOTALS2, measure=TwoByTwoMeasure.ODDS_RATIO, drop00=True
    )

    assert sizes.studies.tolist() == [1, 2]
    assert "says nothing of a ratio" in sizes.left_out[0].reason


def test_without_a_correction_studies_with_a_zero_cell_have_no_odds_ratio():
    sizes = two_by_two_effects(
        EVENTS1, TOTALS1, EVENTS2, TOTALS2, measure=TwoByTwoMeasure.ODDS_RATIO, to="none"
    )

    assert sizes.studies.tolist() == [1]
    assert "continuity correction" in sizes.left_out[0].reason


def test_an_unknown_rule_for_zero_cells_is_refused():
    with pytest.raises(ImpossibleInput, match="only0"):
        proportion_effects([1], [10], to="sometimes")


def test_a_variance_type_that_a_measure_does_not_have_is_refused():
    with pytest.raises(ImpossibleInput, match="no variance of type UB"):
        mean_comparison_effects(
            [1.0],
            [1.0],
            [10],
            [2.0],
            [1.0],
            [10],
            measure=MeanComparison.DIFFERENCE,
            variance_type=VarianceType.UB,
        )


def test_an_interval_that_excludes_its_own_estimate_is_refused():
    # Printed so in PMID 40120068: 5.3% with a 95% interval from 9.6% to 29.8%.
    with pytest.raises(ImpossibleInput, match="does not hold its own estimate"):
        effects_from_intervals([5.3], [9.6], [29.8], ratio=False)


def test_limits_beyond_the_freeman_tukey_scale_become_0_and_1():
    values = back_transform([-0.5, 2.0], ProportionMeasure.FREEMAN_TUKEY, harmonic_total=20)

    assert values.tolist() == [0.0, 1.0]


def test_freeman_tukey_needs_the_harmonic_total():
    with pytest.raises(ImpossibleInput, match="harmonic mean"):
        back_transform([0.5], ProportionMeasure.FREEMAN_TUKEY)


@pytest.mark.parametrize("measure", list(ProportionMeasure))
def test_the_way_back_undoes_the_transformation(measure):
    sizes = proportion_effects([7], [20], measure=measure)

    assert back_transform(sizes.effects, measure, harmonic_total=20) == pytest.approx([0.35])


def test_raw_limits_outside_0_to_1_are_not_hidden():
    assert back_transform([1.04], ProportionMeasure.RAW).tolist() == [1.04]


def test_r_equal_to_a_rounded_value_of_a_large_study_has_an_unbiased_correlation():
    from analysis.pooling import CorrelationMeasure, correlation_effects

    sizes = correlation_effects([0.05], [326], measure=CorrelationMeasure.UNBIASED)

    assert np.isfinite(sizes.effects).all()

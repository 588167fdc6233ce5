"""Conversions of reported numbers: published examples, and what is refused."""

import pytest

from extraction.derivations.conversions import (
    ConversionError,
    Group,
    RelativeMeasure,
    combine_groups,
    design_effect,
    log_ratio_from_interval,
    logrank_from_p_value,
    mean_sd_from_median,
    risk_with_intervention,
    sd_from_se,
    se_from_interval,
)


def test_the_design_effect_of_the_handbook():
    # Cochrane Handbook 23.1.4: clusters of 295 / 10 pupils, ICC 0.02.
    assert design_effect(29.5, 0.02) == pytest.approx(1.57)


def test_a_risk_ratio_of_three_quarters_lowers_a_risk_of_a_tenth_to_75_per_1000():
    assert risk_with_intervention(0.1, 0.75, RelativeMeasure.RISK_RATIO) == pytest.approx(0.075)


def test_a_risk_does_not_pass_1():
    assert risk_with_intervention(0.6, 2, RelativeMeasure.RISK_RATIO) == 1


def test_two_equal_groups_combine_to_their_mean():
    combined = combine_groups(Group(10, 5, 1), Group(10, 5, 1))

    assert (combined.size, combined.mean) == (20, 5)
    # 18 squared deviations of 1 over 19 degrees of freedom.
    assert combined.sd == pytest.approx((18 / 19) ** 0.5)


def test_the_reported_level_decides_the_quantile():
    assert se_from_interval(-1.644854, 1.644854, level=0.9) == pytest.approx(1, rel=1e-6)


def test_a_standard_deviation_is_the_standard_error_times_the_root_of_the_size():
    assert sd_from_se(0.5, 16) == 2


def test_a_ratio_outside_its_interval_is_refused():
    with pytest.raises(ConversionError, match="within its interval"):
        log_ratio_from_interval(0.5, 0.6, 0.9)


def test_a_median_alone_says_nothing_of_the_spread():
    with pytest.raises(ConversionError, match="minimum and maximum, or both quartiles"):
        mean_sd_from_median(size=20, median=5, q1=4)


def test_quartiles_that_do_not_ascend_are_refused():
    with pytest.raises(ConversionError, match="must ascend"):
        mean_sd_from_median(size=20, median=5, q1=6, q3=7)


def test_the_direction_of_a_log_rank_test_is_given_and_not_guessed():
    fewer = logrank_from_p_value(0.03, 40, 55, favours_first=True)
    more = logrank_from_p_value(0.03, 40, 55, favours_first=False)

    assert fewer.o_minus_e == -more.o_minus_e < 0

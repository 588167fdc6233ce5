"""Slips that can be told from the numbers alone."""

import pytest

from extraction.entering.checks import (
    Scale,
    check_arm_result,
    check_arm_sizes,
    check_contrast,
    check_spread_of_arms,
)


def keys(findings):
    return [finding.key for finding in findings]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"events": 13, "n": 40, "percent": 32.5}, []),
        ({"events": 13, "n": 40, "percent": 33}, []),
        ({"events": 13, "n": 40, "percent": 23}, ["percent"]),
        ({"mean": 50, "sd": 0.9, "n": 40}, ["se_for_sd"]),
        ({"mean": 50, "sd": 9, "se": 1.42, "n": 40}, []),
        ({"mean": 50, "sd": 9, "se": 3, "n": 40}, ["se_against_sd"]),
        ({"mean": 50, "ci_low": 48, "ci_high": 51}, ["mean_off_middle"]),
    ],
)
def test_a_row_is_checked_against_itself(values, found):
    assert keys(check_arm_result(values)) == found


@pytest.mark.parametrize(("mean", "found"), [(5.19, ["grim"]), (5.18, []), (5.21, [])])
def test_a_mean_of_whole_numbers_is_a_multiple_of_one_nth(mean, found):
    # Brown & Heathers 2017, p. 364: 28 participants cannot have a mean of 5.19; 5.18 and 5.21 can be.
    assert keys(check_arm_result({"mean": mean, "n": 28}, scale=Scale(items=1))) == found


def test_more_analysed_than_in_the_arm():
    assert keys(check_arm_result({"events": 3, "n": 41}, arm_n=40)) == ["more_than_arm"]


def test_an_sd_that_is_smaller_by_the_root_of_n_in_one_arm():
    (finding,) = check_spread_of_arms({"A": 2.0, "B": 12.5}, {"A": 40, "B": 40})

    assert "√40" in finding.text


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"estimate": 0.75, "ci_low": 0.6, "ci_high": 0.94, "p_value": 0.012}, []),
        ({"estimate": 0.75, "ci_low": 0.6, "ci_high": 0.94, "p_value": 0.12}, ["p_against_interval"]),
        ({"estimate": 0.75, "ci_low": 0.6, "ci_high": 1.4}, ["off_middle"]),
        ({"estimate": 0.75, "ci_low": -0.6, "ci_high": 0.94}, ["ratio_below_zero"]),
    ],
)
def test_a_ratio_against_its_interval_and_p(values, found):
    assert keys(check_contrast(values, is_ratio=True)) == found


def test_the_arms_against_the_total():
    assert keys(check_arm_sizes([20, 19], 40)) == ["arms_against_total"]
    assert check_arm_sizes([20, 20], 40) == []

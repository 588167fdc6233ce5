"""The coefficients against printed numbers. Each table names where its numbers are printed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.agreement import (
    MISSING,
    NothingToCompare,
    agreement_of_many,
    agreement_of_two,
    cohen_kappa,
)
from screening.agreement.many_raters import brennan_prediger, gwet_ac1, krippendorff_alpha, raw_agreement

# Agresti, Categorical Data Analysis (2nd edition), table 10.8: two pathologists on 118 slides of the uterine
# cervix. Printed there: kappa 0.493 with standard error 0.057.
PATHOLOGISTS = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]]

# Gwet 2014, Handbook of Inter-Rater Reliability (4th edition): two abstractors, 100 pregnancies; the dataset
# cont3x3abstractors of the R package irrCAC 1.0. Value and standard error as its overview vignette prints
# them after kappa2.table, pa2.table, bp2.table, gwet.ac1.table, krippen2.table.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
OF_ABSTRACTORS = {
    "raw": (0.89, 0.03128898),
    "kappa": (0.7964094, 0.05891072),
    "pabak": (0.835, 0.04693346),
    "ac1": (0.8493305, 0.04321747),
    "alpha": (0.7972585, 0.05905473),
}

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units,
# nominal, with missing ratings (0 here); the dataset cac.raw4raters of irrCAC 1.0. Value, standard error and
# interval as its overview vignette prints them after pa.coeff.raw, conger.kappa.raw, bp.coeff.raw,
# gwet.ac1.raw, krippen.alpha.raw.
FOUR_OBSERVERS = [
    [1, 1, 0, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [0, 5, 5, 5], [0, 0, 1, 1], [0, 0, 3, 0],
]  # fmt: skip
OF_FOUR_OBSERVERS = {
    "raw": (0.8181818, 0.12561, 0.542),
    "kappa": (0.76282, 0.14917, 0.435),
    "pabak": (0.77273, 0.14472, 0.454),
    "ac1": (0.77544, 0.14295, 0.461),
    "alpha": (0.74342, 0.14557, 0.419),
}

# Fleiss 1971, Psychol Bull 76:378: six psychiatrists, fifteen of the patients, five diagnoses; the dataset
# distrib.6raters of irrCAC 1.0, printed after gwet.ac1.dist, krippen.alpha.dist and bp.coeff.dist.
SIX_PSYCHIATRISTS = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
]  # fmt: skip


def test_kappa_and_its_interval_are_those_printed_for_the_pathologists():
    kappa = cohen_kappa(PATHOLOGISTS)

    assert kappa.value == pytest.approx(0.493, abs=0.0005)
    assert kappa.error == pytest.approx(0.057, abs=0.0005)
    assert (kappa.high - kappa.low) / (2 * 1.96) == pytest.approx(0.057, abs=0.0005)


@pytest.mark.parametrize("name", OF_ABSTRACTORS)
def test_each_coefficient_of_two_is_the_one_printed_for_the_abstractors(name):
    value, error = OF_ABSTRACTORS[name]

    coefficient = agreement_of_two(ABSTRACTORS).named(name)

    assert coefficient.value == pytest.approx(value, abs=5e-7)
    # For a square table irrCAC divides the spread by n; the general formulas, its own for raw ratings
    # among them, divide by n - 1.
    general = (100 / 99) ** 0.5 if name in {"ac1", "alpha"} else 1
    assert coefficient.error == pytest.approx(error * general, rel=2e-5)


@pytest.mark.parametrize("name", OF_FOUR_OBSERVERS)
def test_each_coefficient_of_many_is_the_one_printed_for_the_four_observers(name):
    value, error, low = OF_FOUR_OBSERVERS[name]

    coefficient = agreement_of_many(np.array(FOUR_OBSERVERS) - 1, 5).named(name)

    assert coefficient.value == pytest.approx(value, abs=5e-6)
    assert coefficient.error == pytest.approx(error, abs=5e-6)
    assert coefficient.low == pytest.approx(low, abs=5e-4)
    assert coefficient.high == 1


def test_the_coefficients_are_those_printed_for_the_six_psychiatrists():
    counts = np.array(SIX_PSYCHIATRISTS, dtype=float)

    for coefficient, value, error in (
        (raw_agreement(counts), 0.5511111, None),
        (gwet_ac1(counts), 0.4448007, 0.08418757),
        # Its error is printed by another formula there than for raw ratings; that one is compared above.
        (krippendorff_alpha(counts), 0.4204384, None),
        (brennan_prediger(counts), 0.4388889, 0.08312142),
    ):
        assert coefficient.value == pytest.approx(value, abs=5e-7)
        if error:
            assert coefficient.error == pytest.approx(error, rel=1e-5)


def test_alpha_of_binary_ratings_is_the_one_krippendorff_prints():
    # Krippendorff 2011, section A: two observers, ten units, binary; printed 0.095.
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

    agreement = agreement_of_many(np.array([first, second]).T, 2)

    assert agreement.alpha.value == pytest.approx(0.095, abs=0.0005)


def test_prevalence_pulls_kappa_down_and_leaves_pabak():
    # Feinstein and Cicchetti 1990, J Clin Epidemiol 43:543, table 1: 85 of 100 agreed; kappa .70 and .32.
    even, skewed = agreement_of_two([[40, 9], [6, 45]]), agreement_of_two([[80, 10], [5, 5]])

    assert (even.kappa.value, skewed.kappa.value) == (
        pytest.approx(0.70, abs=0.005),
        pytest.approx(0.32, abs=0.005),
    )
    # Byrt, Bishop and Carlin 1993: PABAK = 2 p_o - 1.
    assert even.pabak.value == skewed.pabak.value == pytest.approx(0.70)


def test_the_interval_of_raw_agreement_is_the_score_interval():
    # Newcombe 1998, Stat Med 17:857, table I, method 3: 81 of 263 is .2553 to .3662; 0 of 20 is 0 to .1611.
    some, none = agreement_of_two([[81, 182], [0, 0]]).raw, agreement_of_two([[0, 20], [0, 0]]).raw

    assert (some.low, some.high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    assert (none.low, none.high) == (0, pytest.approx(0.1611, abs=5e-5))


def test_perfect_agreement_is_one_and_says_that_its_interval_has_no_width():
    agreement = agreement_of_two([[10, 0], [0, 30]])

    for name in ("raw", "kappa", "pabak", "ac1", "alpha"):
        assert agreement.named(name).value == pytest.approx(1)
    assert agreement.kappa.has_no_width
    assert not agreement.raw.has_no_width


def test_kappa_and_alpha_are_not_defined_when_everything_falls_on_one_side():
    agreement = agreement_of_two([[20, 0], [0, 0]])

    assert agreement.kappa.value is None
    assert agreement.alpha.value is None
    assert agreement.ac1.value == 1


def test_without_a_shared_item_there_is_nothing_to_compare():
    with pytest.raises(NothingToCompare):
        agreement_of_two([[0, 0], [0, 0]])
    with pytest.raises(NothingToCompare):
        agreement_of_many(np.array([[0, MISSING], [MISSING, 1]]), 2)


def test_one_shared_item_gives_a_value_without_an_interval():
    agreement = agreement_of_many(np.array([[0, 0]]), 2)

    assert agreement.raw.value == 1
    assert agreement.raw.low is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=60))
def test_two_raters_get_the_same_values_from_both_ways(pairs):
    """Two independent derivations: the square table, and the general formulas."""
    table = [[sum(p == (i, j) for p in pairs) for j in range(3)] for i in range(3)]

    of_two, of_many = agreement_of_two(table), agreement_of_many(np.array(pairs), 3)

    for name in ("raw", "kappa", "pabak", "ac1", "alpha"):
        one, other = of_two.named(name).value, of_many.named(name).value
        assert (one is None and other is None) or one == pytest.approx(other, abs=1e-9)

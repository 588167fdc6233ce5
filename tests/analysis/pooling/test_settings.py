"""Settings beyond the reference cases. Numbers printed by R 4.2.2 with metafor 3.8.1 (lme4 1.1-31), calls in
the tests; the data are metadat's dat.bcg (Colditz et al. 1994, JAMA 271:698) and dat.hart1999 (Hart &
Benavente 1999, Ann Intern Med 131:492).
"""

import numpy as np
import pytest

from analysis.pooling import (
    ChangeMeasure,
    CorrelationMeasure,
    ImpossibleInput,
    MeanComparison,
    RateComparison,
    Tau2Estimator,
    TwoByTwoMeasure,
    VarianceType,
    change_effects,
    correlation_effects,
    design_from,
    mantel_haenszel_rates,
    mean_comparison_effects,
    meta_regression,
    two_by_two_effects,
)
from analysis.pooling.cases import answer
from analysis.pooling.design import ordered_levels
from analysis.pooling.glmm import TwoGroupModel, pool_odds_ratios

BCG = {
    "ai": [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27],
    "bi": [119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886],
    "ci": [11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29],
    "di": [128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825],
}
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
YEAR = [1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976]
ALLOCATION = [
    "random",
    "random",
    "random",
    "random",
    "alternate",
    "alternate",
    "random",
    "random",
    "random",
    "systematic",
    "systematic",
    "systematic",
    "systematic",
]
MODERATORS = {"ablat": LATITUDE, "year": YEAR, "alloc": ALLOCATION}
HART = {
    "x1i": [9, 8, 3, 6, 7, 20],
    "t1i": [413, 263, 487, 237, 489, 507],
    "x2i": [19, 19, 13, 9, 23, 50],
    "t2i": [398, 245, 435, 241, 483, 405],
}


def bcg_tables():
    a, b, c, d = (np.array(BCG[name], dtype=np.float64) for name in ("ai", "bi", "ci", "di"))
    return a, a + b, c, c + d


@pytest.mark.parametrize(
    ("formula", "coefficients"),
    [
        ("~ log(ablat) + I(year - 1948)", [1.77976566308514, -0.74824795941728, 0.00180717579186]),
        (
            "~ ablat:factor(alloc)",
            [0.1911017286248, -0.0227245749126, -0.0314395106552, -0.0234013647346],
        ),
        (
            "~ poly(ablat, 2) + relevel(factor(alloc), ref = 'random')",
            [-0.834115984133, -1.421313786422, -0.335792312928, 0.239937431881, 0.211645192623],
        ),
        ("~ scale(ablat)", [-0.718494853605, -0.422153016406]),
    ],
)
def test_formulas_give_the_coefficients_that_r_gives(formula, coefficients):
    # Printed by rma(yi, vi, mods = formula, data = escalc("RR", ..., data = dat.bcg), method = "DL")
    sizes = two_by_two_effects(*bcg_tables(), measure=TwoByTwoMeasure.RISK_RATIO)

    design = design_from(formula, MODERATORS)
    fitted = meta_regression(sizes.effects, sizes.variances, design.matrix, tau2_estimator=Tau2Estimator.DL)

    assert fitted.coefficients == pytest.approx(coefficients, rel=1e-8)


@pytest.mark.parametrize(
    "formula", ["~ system(1)", "~ ablat.__class__", "~ 'a'", "~ I(ablat", "~ log(year - 1948)"]
)
def test_what_a_formula_cannot_say_is_refused(formula):
    with pytest.raises(ImpossibleInput):
        design_from(formula, MODERATORS)


def test_levels_are_ordered_as_in_a_dictionary():
    # R's sort() of texts, and with it the reference level of a factor; numbers stay in their own order.
    assert ordered_levels(["Child", "x 1", "adult", "Zinc", "all", "3 mg"]) == [
        "3 mg", "adult", "all", "Child", "x 1", "Zinc",
    ]  # fmt: skip
    assert ordered_levels([10, 9]) == [9, 10]


@pytest.mark.parametrize(
    ("model", "estimate", "se"),
    [
        (TwoGroupModel.FIXED_LEVELS, -0.477255427908, 0.041231887323),
        (TwoGroupModel.RANDOM_LEVELS, -0.4774587894279, 0.0412279114025),
        (TwoGroupModel.CONDITIONAL_APPROXIMATE, -0.4551195078248, 0.0402790891977),
        (TwoGroupModel.CONDITIONAL_EXACT, -0.4771863931502, 0.0412232017163),
    ],
)
def test_a_mixed_model_may_take_the_effect_as_common(model, estimate, se):
    # Printed by rma.glmm("OR", ..., data = dat.bcg, model = model, method = "EE")
    result = pool_odds_ratios(*bcg_tables(), model=model, common_effect=True)

    assert result.tau2 == 0
    assert result.estimate == pytest.approx(estimate, rel=1e-4)
    assert result.se == pytest.approx(se, rel=1e-3)


def test_a_case_of_random_levels_repeats_the_printed_standard_error():
    # Printed by rma.glmm("IRR", ..., data = dat.hart1999, model = "UM.RS"); our own se is 0.16258, from
    # steadier weights.
    case = {"kind": "glmm", "inputs": HART, "settings": {"measure": "IRR", "model": "UM.RS"}}

    result = answer(case)

    assert result["estimate"] == pytest.approx(-1.02968880412, rel=1e-4)
    assert result["se"] == pytest.approx(0.161675308757, rel=5e-4)


def test_rates_take_a_correction_of_the_pooled_counts():
    # Printed by rma.mh("IRD", ..., data = dat.hart1999, add = c(1, 1), to = c("if0all", "all"))
    columns = [HART[name] for name in ("x1i", "t1i", "x2i", "t2i")]

    result = mantel_haenszel_rates(
        *columns, measure=RateComparison.DIFFERENCE, add=1, to="if0all", pooled_add=1, pooled_to="all"
    )

    assert result.estimate == pytest.approx(-0.03954314308598, rel=1e-10)
    assert result.se == pytest.approx(0.00628952123361, rel=1e-10)


def test_selection_in_the_other_direction_is_the_mirror_image():
    effects, variances = [0.2, 0.5, 0.1, 0.9, 0.4, 0.7], [0.02, 0.05, 0.01, 0.2, 0.04, 0.1]
    settings = {"measure": "GEN", "method": "ML", "type": "halfnorm"}

    case = {"kind": "selection_model", "inputs": {"yi": effects, "vi": variances}, "settings": settings}
    mirrored = {
        **case,
        "inputs": {"yi": [-y for y in effects], "vi": variances},
        "settings": {**settings, "alternative": "less"},
    }

    assert answer(mirrored)["estimate"] == pytest.approx(-answer(case)["estimate"], rel=1e-6)
    assert answer(mirrored)["se"] == pytest.approx(answer(case)["se"], rel=1e-4)


def test_the_unbiased_variance_of_unbiased_correlations():
    # Printed by escalc("UCOR", ri = ..., ni = ..., vtype = "UB")
    sizes = correlation_effects(
        [0.1, 0.6, -0.3, 0.5, 0.2, 0.3],
        [30, 30, 30, 40, 50, 60],
        measure=CorrelationMeasure.UNBIASED,
        variance_type=VarianceType.UB,
    )

    printed = [0.0376094294, 0.0145726534, 0.0312063096, 0.0150215923, 0.0199348604, 0.0146530897]
    assert sizes.variances == pytest.approx(printed, abs=6e-11)


def test_change_in_units_of_the_first_measurement_with_unequal_variances():
    # Printed by escalc("SMCRH", m1i = c(0, 2), m2i = c(3, 3), sd1i = c(1, 10), sd2i = c(2, 10), ni = c(3,
    # 5), ri = c(.2, 1))
    sizes = change_effects(
        [0, 2], [3, 3], [1, 10], [2, 10], [3, 5], [0.2, 1],
        measure=ChangeMeasure.STANDARDISED_BY_FIRST_UNEQUAL,
    )  # fmt: skip

    assert sizes.effects == pytest.approx([-1.6925687506, -0.0797884561], abs=6e-11)
    assert sizes.variances == pytest.approx([0.8964234242, 0.0005066059], abs=6e-11)


def test_groups_too_small_for_a_variance_are_left_out_by_name():
    # Printed by escalc("SMD1", n2i = c(1, 2, 3), ...) has NA for the first two.
    sizes = mean_comparison_effects(
        [5, 6, 7], [2, 2, 2], [5, 5, 5], [4, 4, 4], [3, 3, 3], [1, 2, 3], measure=MeanComparison.GLASS
    )

    assert sizes.studies.tolist() == [2]
    assert sizes.effects == pytest.approx([0.5642], abs=5e-5)
    assert [left.study for left in sizes.left_out] == [0, 1]
    assert "too small" in sizes.left_out[0].reason


def test_means_of_different_sign_leave_their_study_out_of_a_ratio():
    sizes = mean_comparison_effects(
        [5, -10], [2, 2], [9, 9], [4, 4], [3, 3], [9, 9], measure=MeanComparison.RATIO
    )

    assert sizes.studies.tolist() == [0]
    assert "same sign" in sizes.left_out[0].reason


def test_a_group_without_persons_is_left_out():
    sizes = two_by_two_effects([1, 0], [10, 0], [2, 3], [10, 10], measure=TwoByTwoMeasure.ODDS_RATIO)

    assert "no persons" in sizes.left_out[0].reason

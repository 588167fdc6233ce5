"""The worked example's pooled proportions, as metafor 3.8.1 printed them."""

import pytest

from analysis.pooling import (
    ImpossibleInput,
    IntervalMethod,
    ProportionMeasure,
    Tau2Estimator,
    back_transform,
    pool,
    proportion_effects,
)
from tests.analysis.pooling.reference import reference

PRINTED = reference("ino_rows")
# The limits are printed in percentage points to three decimals, so half a unit of the last one is rounding.
ROUNDING = 0.00051
METAFOR_DEFAULT_STOP = 1e-5
CASES = [
    pytest.param(case["rows"], method, numbers, id=f"{name} {method}")
    for name, case in PRINTED["pooled"].items()
    for method, numbers in case["printed"].items()
    if method != "GLMM logit"
]


def pooled_percentages(rows, measure, estimator, test, **options):
    """Estimate, confidence and prediction limits in percentage points, then I2, tau2 and the p of Q."""
    events, totals = [row[2] for row in rows], [row[3] for row in rows]
    sizes = proportion_effects(events, totals, measure=ProportionMeasure(measure))
    interval = IntervalMethod.HARTUNG_KNAPP if test == "knha" else IntervalMethod.WALD
    result = pool(
        sizes.effects, sizes.variances, tau2_estimator=Tau2Estimator(estimator), interval=interval, **options
    )
    limits = [result.ci_low, result.ci_high, result.prediction_low, result.prediction_high]
    harmonic_total = len(totals) / sum(1 / total for total in totals)
    percent = 100 * back_transform([result.estimate, *limits], measure, harmonic_total=harmonic_total)
    return [*percent, result.i2, result.tau2, result.q_p]


@pytest.mark.parametrize(("rows", "method", "printed"), CASES)
def test_pooled_proportions_equal_those_metafor_prints(rows, method, printed):
    stop = {"reml_threshold": METAFOR_DEFAULT_STOP} if "REML" in method else {}

    results = pooled_percentages(rows, *method.split(), **stop)

    assert results == pytest.approx(printed, abs=ROUNDING)


@pytest.mark.parametrize(("rows", "method", "printed"), CASES)
def test_the_reml_maximum_is_within_the_early_stop_of_what_metafor_prints(rows, method, printed):
    results = pooled_percentages(rows, *method.split())

    # Estimate and confidence limits, prediction limits, then I2: each as far as tau2 may be when off by 1e-5.
    assert results[:3] == pytest.approx(printed[:3], abs=0.003)
    assert results[3:5] == pytest.approx(printed[3:5], abs=0.01)
    assert results[5] == pytest.approx(printed[5], abs=0.05)


def test_an_early_stop_is_refused_for_estimators_that_do_not_iterate():
    with pytest.raises(ImpossibleInput, match="belongs to REML"):
        pool([0.1, 0.2], [0.01, 0.02], tau2_estimator=Tau2Estimator.DL, reml_threshold=1e-5)

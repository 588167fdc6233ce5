"""Rules on how wide a prediction interval can be and where its centre must lie."""

from collections.abc import Iterator
from math import inf, isfinite, sqrt

from scipy.special import ndtri, stdtrit

from analysis.audit.findings import Finding, Severity
from analysis.audit.printed import Limits, Printed
from analysis.audit.scales import PoolingScale, candidates, fitting, furthest, half_width, is_centred

FEWEST = 4
SIMPLE = "inverse-variance weights with a Wald standard error; not Hartung-Knapp, not a mixed model of counts"


def pi_width(result: Printed, most_studies: int) -> Iterator[Finding]:
    """tau2 can be no larger than k SE^2, which bounds the prediction interval.

    Proof: SE^2 = 1 / sum 1 / (v_i + tau2) >= tau2 / k, as no weight exceeds 1 / tau2. The half-width,
    t(k-2) sqrt(tau2 + SE^2), is then at most t(k-2) SE sqrt(k + 1). Without k all from 4 to `most_studies`
    are tried, and all scales on which the confidence interval is symmetric.
    """
    ci, prediction = result.ci, result.prediction
    if ci is None or prediction is None or not _spreads(prediction):
        return
    scales = fitting(result) or candidates(result)
    per_scale = [_too_wide_for(scale, result, ci, prediction, most_studies) for scale in scales]
    usable = [found for found in per_scale if found is not None]
    if not usable:
        return
    tried = usable[0][0]
    wide = [k for k in tried if all(k in found[1] for found in usable)]
    if not wide:
        return
    _, _, reach, bound = usable[0]
    at = max(wide, key=bound)
    every = len(wide) == len(tried)
    yield Finding(
        rule="pi_wider_than_tau2_allows",
        severity=Severity.IMPLAUSIBLE if every else Severity.SUSPICIOUS,
        formula="half-width <= t(k-2) SE sqrt(k+1), from tau2 <= k SE^2",
        sentence=f"The prediction interval reaches {reach:.3g} from the estimate; with "
        f"{_studies(wide, result)} it can reach at most {bound(at):.3g}"
        + ("" if result.studies else f" (at k = {at})")
        + f" on the {scales[0].name} scale."
        + ("" if every else " With another number of studies it could be so wide."),
        assumption=SIMPLE,
        numbers={
            "reach": reach,
            "bound": bound(at),
            "k_from": wide[0],
            "k_to": wide[-1],
            "scale": scales[0].name,
        },
    )


def _studies(wide: list[int], result: Printed) -> str:
    if result.studies:
        return f"{result.studies} studies"
    runs = wide == list(range(wide[0], wide[-1] + 1))
    return f"{wide[0]} to {wide[-1]} studies" if runs else f"{', '.join(map(str, wide))} studies"


class _Bound:
    """The greatest half-width for k studies, given the largest standard error that rounding allows."""

    def __init__(self, se: float, level: float) -> None:
        self.se, self.tail = se, (1 + level) / 2

    def __call__(self, k: int) -> float:
        return float(stdtrit(k - 2, self.tail)) * self.se * sqrt(k + 1) if k > 2 else inf


def _too_wide_for(
    scale: PoolingScale, result: Printed, ci: Limits, prediction: Limits, most_studies: int
) -> tuple[list[int], set[int], float, _Bound] | None:
    """The k that were tried, those for which the interval is too wide, its reach and the bound."""
    reach = furthest(scale, result.estimate, prediction)
    widest = half_width(scale, ci)[1]
    if not isfinite(reach) or not isfinite(widest):
        return None
    bound = _Bound(widest / float(ndtri((1 + result.level) / 2)), result.level)
    tried = [result.studies] if result.studies else list(range(FEWEST, max(FEWEST, most_studies) + 1))
    return tried, {k for k in tried if reach > bound(k)}, reach, bound


def _spreads(limits: Limits) -> bool:
    return limits.low.value < limits.high.value


def pi_centre(result: Printed) -> Iterator[Finding]:
    prediction = result.prediction
    if prediction is None or not _spreads(prediction):
        return
    scales = candidates(result)
    if any(is_centred(scale, result.estimate, prediction) for scale in scales):
        return
    middles = {scale.name: sum(scale.of(prediction.low) + scale.of(prediction.high)) / 4 for scale in scales}
    yield Finding(
        rule="pi_centre",
        severity=Severity.IMPLAUSIBLE,
        formula="(PI_low + PI_high) / 2 = estimate on the pooling scale, within rounding",
        sentence=f"The prediction interval, {prediction}, is centred on the estimate, {result.estimate}, "
        f"on none of the usual scales ({', '.join(middles)}).",
        assumption="a prediction interval of the form estimate +- quantile x sqrt(tau2 + SE^2)",
        numbers={"raw_middle": middles["raw"]},
    )

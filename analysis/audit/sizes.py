"""Rules that ask how many persons an interval is worth."""

from collections.abc import Iterator

from scipy.special import ndtri

from analysis.audit.findings import Finding, Severity
from analysis.audit.printed import Printed, Scale
from analysis.audit.scales import RAW, fitting, half_width

TOLERANCE = 1.05
UNITS = {Scale.PERCENT: 100.0, Scale.PROPORTION: 1.0}


def implied_persons(result: Printed, persons: int | None) -> Iterator[Finding]:
    """N = p (1 - p) / SE^2 when nothing but chance separates the studies; with I2, SE^2 (1 - I2) in its
    place.

    persons: of the analysis or, at most, of the whole review.
    """
    unit, ci, i2 = UNITS.get(result.scale), result.ci, result.i2
    if unit is None or ci is None or i2 is None or not 0 <= i2.value < 100:
        return
    p = result.estimate.value / unit
    widest = half_width(RAW, ci)[1] / unit
    if not 0 < p < 1 or widest <= 0 or (RAW not in fitting(result) and fitting(result)):
        return
    se = (ci.high.value - ci.low.value) / 2 / unit / float(ndtri((1 + result.level) / 2))
    largest_se = widest / float(ndtri((1 + result.level) / 2))
    if se <= 0:
        return
    known = result.persons or persons
    within = 1 - i2.value / 100
    implied = p * (1 - p) / (se**2 * within)
    fewest = p * (1 - p) / (largest_se**2 * (1 - max(0.0, i2.low) / 100))
    homogeneous = i2.low <= 0
    too_many = known is not None and fewest > TOLERANCE * known
    yield Finding(
        rule="implied_n" if homogeneous else "implied_fixed_n",
        severity=Severity.WARNING if too_many else Severity.INFORMATION,
        formula="N = p (1 - p) / SE^2" if homogeneous else "N = p (1 - p) / (SE^2 (1 - I2))",
        sentence=f"The interval{'' if homogeneous else ', less its heterogeneity,'} is as narrow as that of "
        f"about {implied:,.0f} persons"
        + (f", more than the {known:,} there are." if too_many else f" (of {known:,})." if known else "."),
        assumption="the raw scale, and studies whose proportions do not lie far from the pooled one",
        numbers={"implied": round(implied), "persons": known},
    )

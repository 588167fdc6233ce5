"""A hazard ratio from two printed curves, against the trial whose persons are known."""

from math import log

import pytest

from extraction.derivations import BY_KEY, derive
from extraction.derivations.conversions import ConversionError
from extraction.derivations.kaplan_meier import reconstruct
from extraction.derivations.two_curves import Group, group_of, hazard_ratio

# Weeks in remission with 6-MP and placebo: Freireich et al. 1963, Blood 21:699, as printed by Gehan 1965,
# Biometrika 52:203.
PLACEBO = Group({1: 2, 2: 2, 3: 1, 4: 2, 5: 2, 8: 4, 11: 2, 12: 2, 15: 1, 17: 1, 22: 1, 23: 1}, {})
TREATED = Group(
    {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1},
    {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1},
)


def test_the_ratio_of_known_persons_is_that_of_the_proportional_hazards_model():
    found = hazard_ratio(PLACEBO, TREATED)

    # R's survival, coxph(Surv(time, cens) ~ treat, data = MASS::gehan): 1.5721 (SE 0.4124), ties by Efron.
    assert found.log == pytest.approx(1.5721, abs=1e-4)
    assert found.se == pytest.approx(0.4124, abs=1e-4)


def test_the_groups_exchanged_turn_the_ratio_over():
    found, other = hazard_ratio(PLACEBO, TREATED), hazard_ratio(TREATED, PLACEBO)

    assert found.estimate * other.estimate == pytest.approx(1)


def curve_of(group: Group) -> tuple[list[tuple[float, float]], list[tuple[float, int]]]:
    """What a figure of a group would print: its steps, and the numbers at risk every five weeks."""
    points, share, at_risk, table = [(0.0, 1.0)], 1.0, group.size, []
    times = sorted({*group.events, *group.censored, *range(0, 36, 5)})
    for time in times:
        if time % 5 == 0 and at_risk:
            table.append((float(time), at_risk))
        died, left = group.events.get(time, 0), group.censored.get(time, 0)
        if died:
            share *= 1 - died / at_risk
            points.append((float(time), share))
        at_risk -= died + left
    if points[-1][0] < times[-1] and group.censored:
        points.append((float(max(group.censored)), share))
    return points, table


def as_text(pairs) -> str:
    return "\n".join(f"{time:g} {value:.4g}" for time, value in pairs)


def test_two_printed_curves_give_nearly_the_ratio_of_the_persons():
    given = {}
    for arm, group in (("first", PLACEBO), ("second", TREATED)):
        points, table = curve_of(group)
        given |= {f"points_{arm}": as_text(points), f"risk_{arm}": as_text(table)}

    values = derive(BY_KEY["hr_from_curves"], {}, given).values

    # Guyot et al. found hazard ratios within a few percent of the persons' own.
    assert log(values["estimate"]) == pytest.approx(1.5721, abs=0.12)
    assert values["se"] == pytest.approx(0.4124, abs=0.02)
    assert values["ci_low"] < values["estimate"] < values["ci_high"]


def test_whoever_is_left_at_the_end_of_a_curve_is_censored_there():
    curve = reconstruct(times=[0, 4], survival=[1, 0.5], risk_times=[0], at_risk=[10])

    group = group_of(curve)

    assert group.size == 10


def test_a_curve_without_an_event_has_no_ratio():
    with pytest.raises(ConversionError, match="at least one event"):
        hazard_ratio(PLACEBO, Group({}, {10: 20}))

"""Derived values against printed examples; what cannot be derived is refused in words."""

import pytest

from extraction.derivations import BY_KEY, derive, fitting
from extraction.derivations.conversions import ConversionError
from extraction.derivations.kaplan_meier import reconstruct
from extraction.derivations.quantile_estimation import mean_sd_by_quantile_estimation

# Freireich et al. 1963, Blood 21:699, the 6-MP arm: the usual textbook example (Kleinbaum & Klein, Survival
# Analysis, table 2.2): weeks and the product-limit estimate printed there; 9 events, 12 censored.
WEEKS = [0, 6, 7, 10, 13, 16, 22, 23, 35]
SURVIVAL = [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448, 0.448]
AT_RISK = {0: 21, 5: 21, 10: 15, 15: 11, 20: 8, 25: 5, 30: 4}


def value(key, values, **parameters):
    return derive(BY_KEY[key], values, parameters).values


def test_quantile_estimation_gives_what_estmeansd_prints():
    # README of estmeansd 1.0.1: qe.mean.sd(min.val = 2, med.val = 4, max.val = 9, n = 100).
    found = mean_sd_by_quantile_estimation(size=100, median=4, minimum=2, maximum=9)

    assert found.mean == pytest.approx(4.347284, rel=1e-5)
    assert found.sd == pytest.approx(1.502171, rel=1e-5)


def test_symmetric_quartiles_give_a_normal_distribution():
    found = mean_sd_by_quantile_estimation(size=50, median=10, q1=10 - 0.6744898, q3=10 + 0.6744898)

    assert (found.mean, found.sd) == (pytest.approx(10, abs=1e-3), pytest.approx(1, rel=1e-3))


def test_the_persons_behind_a_printed_curve_are_found_again():
    found = reconstruct(
        times=WEEKS,
        survival=SURVIVAL,
        risk_times=list(AT_RISK),
        at_risk=list(AT_RISK.values()),
        total_events=9,
    )

    assert (found.size, found.all_events, sum(found.censored)) == (21, 9, 8)
    at_10 = found.survival_at(10)
    # Printed: 0.7529 with a standard error of 0.0963.
    assert at_10.share == pytest.approx(0.7529, abs=0.001)
    assert at_10.se == pytest.approx(0.0963, abs=0.001)
    assert (at_10.events, found.survival_at(9.9).events) == (5, 4)


def test_numbers_at_risk_are_met_at_each_printed_time():
    found = reconstruct(
        times=WEEKS, survival=SURVIVAL, risk_times=list(AT_RISK), at_risk=list(AT_RISK.values())
    )

    at_risk = dict(zip(found.times, found.at_risk, strict=True))
    assert {time: at_risk[time] for time in AT_RISK} == AT_RISK


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"survival": [1, 0.5, 0.6, *SURVIVAL[3:]]}, "only falls"),
        ({"at_risk": [21, 22, 15, 11, 8, 5, 4]}, "never rise"),
        ({"risk_times": [1, 5, 10, 15, 20, 25, 30]}, "begin with the number at time 0"),
        ({"times": [6, 0, *WEEKS[2:]]}, "ascend in time"),
    ],
)
def test_a_curve_that_cannot_be_is_refused(change, told):
    given = {
        "times": WEEKS,
        "survival": SURVIVAL,
        "risk_times": list(AT_RISK),
        "at_risk": list(AT_RISK.values()),
    }

    with pytest.raises(ConversionError, match=told):
        reconstruct(**{**given, **change})


def test_a_pasted_curve_becomes_events_out_of_participants():
    points = "\n".join(f"{time}\t{100 * share:.1f}" for time, share in zip(WEEKS, SURVIVAL, strict=True))
    table = "\n".join(f"{time}; {n}" for time, n in AT_RISK.items())

    found = value("kaplan_meier", {}, points=points, risk_table=table, total_events="9", time="10")

    # 24.7% of 21.
    assert found == {"n": 21, "events": 5}


def test_a_pasted_curve_with_words_in_it_names_the_line():
    with pytest.raises(ConversionError, match="points, line 2: “six weeks"):
        value("kaplan_meier", {}, points="0 1\nsix weeks 0.9", risk_table="0 21", time="5")


def test_an_sd_from_a_confidence_interval_of_a_small_group():
    # Cochrane Handbook 6.5.2.2: 25 participants, interval 30.0 to 34.2, t = 2.064, gives an SD of 5.09.
    assert value("sd_from_interval", {"ci_low": 30.0, "ci_high": 34.2, "n": 25})["sd"] == pytest.approx(
        5.09, abs=0.005
    )


def test_an_sd_of_changes_from_both_sds_and_a_correlation():
    # Case change-sd-from-corr of metafor's reference results: 8, 9, r = 0.6.
    found = value("change", {}, first_mean="20", first_sd="8", last_mean="15", last_sd="9", correlation="0.6")

    assert found == {"mean": -5, "sd": pytest.approx(7.65506368360186)}


def test_a_standard_error_from_a_p_value():
    # metafor 5.1 conv.wald(out = log(0.85), pval = 0.04): vi = 0.0062620021706471.
    found = value("from_p_value", {"estimate": 0.85, "p_value": 0.04, "measure": "HR"})

    assert found["se"] ** 2 == pytest.approx(0.0062620021706471, rel=1e-8)
    assert found["ci_low"] < 0.85 < found["ci_high"] < 1


def test_a_hazard_ratio_from_a_log_rank_p_and_events():
    # Parmar et al. 1998: V = e1 e2 / (e1 + e2); reference case parmar-p-events.
    found = value("hr_from_logrank_p", {"p_value": 0.03}, events1="40", events2="55", favours="first")

    assert found["se"] ** 2 == pytest.approx(0.0431818181818182, rel=1e-8)
    assert found["estimate"] == pytest.approx(0.63702, abs=1e-4)


def test_events_follow_from_a_percentage_only_where_it_is_fine_enough():
    assert value("events_from_percent", {"percent": 32.5, "n": 40}) == {"events": 13}
    with pytest.raises(ConversionError, match="may be 129 to 131 events"):
        value("events_from_percent", {"percent": 43, "n": 302})
    with pytest.raises(ConversionError, match="no whole number"):
        value("events_from_percent", {"percent": 33.3, "n": 40})


def test_what_fits_a_row_is_offered_and_what_is_known_is_not():
    offered = {each.key for each in fitting("arm", {"median": 5, "q1": 3, "q3": 8, "n": 40, "se": 1})}

    assert {"sd_from_se", "quartiles_luo", "quartiles_mcgrath"} <= offered
    assert "range_wan" not in offered
    assert "sd_from_se" not in {each.key for each in fitting("arm", {"sd": 2, "se": 1, "n": 4})}


def test_a_derived_value_keeps_formula_source_and_inputs():
    record = derive(BY_KEY["sd_from_se"], {"se": 0.5, "n": 16, "mean": 3}, {}).record()

    assert record["inputs"] == {"se": 0.5, "n": 16}
    assert record["formula"] == "SD = SE × √n"
    assert "Handbook" in record["source"]


def test_every_derivation_names_formula_and_source():
    assert all(each.formula and each.source and each.gives for each in BY_KEY.values())


def test_quantile_estimation_refuses_a_median_alone_in_words():
    with pytest.raises(ConversionError, match="a median needs minimum and maximum"):
        mean_sd_by_quantile_estimation(size=100, median=4)


def test_quantile_estimation_refuses_quantiles_that_do_not_ascend():
    with pytest.raises(ConversionError, match="must ascend"):
        mean_sd_by_quantile_estimation(size=100, median=4, minimum=5, maximum=9)

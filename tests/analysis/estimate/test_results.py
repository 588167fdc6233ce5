"""From rows to results: every kind of data gives what metafor printed for it (see the reference files)."""

import json
import math
from pathlib import Path

import pytest

from analysis.estimate.arms import combined, shared_out
from analysis.estimate.comparison import moves
from analysis.estimate.plan import Plan
from analysis.estimate.results import as_json
from analysis.estimate.robustness import by_part, cumulative, leave_one_out, multiverse, small_study_tests
from analysis.estimate.rows import ArmNumbers, DatasetRow, ReportedEstimate, changes, row_from

FOLDER = Path(__file__).parents[2] / "reference" / "pooling"
# What is printed has ten digits.
PRINTED = {"rel": 1e-6}


def reference(data: str, name: str):
    """The table and the printed result of one case."""
    told = json.loads((FOLDER / f"{data}.json").read_text())
    case = next(each for each in told["cases"] if each["name"] == name)
    return told["tables"][case["table"]], case["expected"]


def trials(name: str):
    """The trials of BCG vaccine as rows, with the result printed for a case."""
    table, printed = reference("bcg", name)
    groups = table.get("group", [""] * 13)
    moderators = table.get("mods", {}).get("ablat", [None] * 13)
    rows = [
        DatasetRow(
            study_pk=n,
            study=f"Trial {n}",
            outcome="Tuberculosis",
            experimental=ArmNumbers("Vaccine", events=table["ai"][n], n=table["ai"][n] + table["bi"][n]),
            comparator=ArmNumbers("None", events=table["ci"][n], n=table["ci"][n] + table["di"][n]),
            group=groups[n],
            moderator=moderators[n],
            year=1930 + n,
        )
        for n in range(13)
    ]
    return rows, printed


RISK_RATIO = Plan(measure="RR", interval="wald")


def test_risk_ratios_of_two_arms():
    rows, printed = trials("rr-reml-z")

    told = as_json(rows, RISK_RATIO)

    assert told["estimate"] == pytest.approx(math.exp(printed["estimate"]), **PRINTED)
    assert told["ci_low"] == pytest.approx(math.exp(printed["ci_lb"]), **PRINTED)
    assert told["prediction_high"] == pytest.approx(math.exp(printed["pi"][1]), **PRINTED)
    assert told["scale"]["tau2"] == pytest.approx(printed["tau2"], rel=1e-5)
    weights = [study["weight_percent"] for study in told["studies"]]
    assert weights == pytest.approx(printed["weights_pct"], rel=1e-5)
    assert told["shown"] == {"kind": "ratio", "label": "Risk ratio", "null": 1.0}


def test_mantel_haenszel_odds_ratio():
    rows, printed = trials("mh-or")

    told = as_json(rows, Plan(measure="OR", method="mantel_haenszel"))

    assert told["estimate"] == pytest.approx(math.exp(printed["estimate"]), **PRINTED)
    assert told["scale"]["q"] == pytest.approx(printed["Q"], **PRINTED)
    assert told["prediction_low"] is None


def test_subgroups_each_with_its_own_tau2():
    rows, printed = trials("rr-subgroup-alloc")

    told = as_json(rows, Plan(measure="RR", interval="wald", group_by="allocation"))["subgroups"]

    assert [each["label"] for each in told["levels"]] == printed["levels"]
    estimates = [math.log(each["estimate"]) for each in told["levels"]]
    assert estimates == pytest.approx(printed["estimate"], rel=1e-5)
    assert told["between"]["statistic"] == pytest.approx(printed["Q_between"], rel=1e-5)


def test_a_regression_on_a_number_of_each_study():
    rows, printed = trials("rr-ablat")

    told = as_json(rows, Plan(measure="RR", interval="wald", moderator="ablat"))["regression"]

    assert told["coefficients"] == pytest.approx(printed["estimate"], rel=1e-5)
    assert told["names"] == ["intercept", "ablat"]
    assert told["r2"] == pytest.approx(printed["R2"], rel=1e-4)


def test_mean_differences():
    table, printed = reference("normand", "md-reml")
    rows = [
        DatasetRow(
            study_pk=n,
            study=f"Hospital {n}",
            outcome="Stay",
            experimental=ArmNumbers("Stroke unit", mean=m1, sd=sd1, n=n1),
            comparator=ArmNumbers("Usual", mean=m2, sd=sd2, n=n2),
        )
        for n, (m1, sd1, n1, m2, sd2, n2) in enumerate(
            zip(*(table[key] for key in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")), strict=True)
        )
    ]

    told = as_json(rows, Plan(measure="MD", interval="wald"))

    assert told["estimate"] == pytest.approx(printed["estimate"], rel=1e-5)
    assert told["ci_high"] == pytest.approx(printed["ci_ub"], rel=1e-4)
    assert told["scale"]["i2"] == pytest.approx(printed["I2"], rel=1e-5)


def test_reported_ratios_with_their_intervals():
    table, _ = reference("hackshaw", "or-ci-to-yi-vi")
    _, printed = reference("hackshaw", "gen-reml")
    rows = [
        DatasetRow(
            study_pk=n,
            study=f"Study {n}",
            outcome="Lung cancer",
            estimate=ReportedEstimate("OR", estimate, low, high),
        )
        for n, (estimate, low, high) in enumerate(zip(table["est"], table["lb"], table["ub"], strict=True))
    ]

    told = as_json(rows, Plan(measure="GEN_OR", interval="wald"))

    assert told["estimate"] == pytest.approx(math.exp(printed["estimate"]), rel=1e-5)
    assert told["studies"][0]["shown"] == pytest.approx(1.18)
    assert small_study_tests(rows, Plan(measure="GEN_OR"))[0][0].name == "Egger's regression"


def test_a_study_without_events_in_either_group_is_named_and_not_pooled():
    rows, _ = trials("rr-reml-z")
    empty = DatasetRow(
        study_pk=99,
        study="Nobody",
        outcome="Tuberculosis",
        experimental=ArmNumbers("Vaccine", events=0, n=50),
        comparator=ArmNumbers("None", events=0, n=50),
    )

    told = as_json([empty, *rows], RISK_RATIO)

    assert told["scale"]["k"] == 13
    assert told["not_pooled"][0]["study"] == "Nobody"
    assert told["studies"][0]["study"] == "Trial 0"


def test_leaving_each_study_out_and_adding_them_by_year_are_what_metafor_printed():
    rows, printed = trials("rr-loo")

    without = leave_one_out(rows, RISK_RATIO)
    grown = cumulative(rows, RISK_RATIO)

    assert [math.log(each.estimate) for each in without] == pytest.approx(printed["estimate"], rel=1e-5)
    assert [each.i2 for each in without] == pytest.approx(printed["I2"], rel=1e-4)
    assert grown[-1].estimate == as_json(rows, RISK_RATIO)["estimate"]
    assert [each.k for each in grown] == list(range(1, 14))


def test_the_multiverse_holds_every_estimator_and_marks_the_run():
    rows, _ = trials("rr-reml-z")

    choices = multiverse(rows, RISK_RATIO)

    assert [each.label for each in choices if each.is_the_run] == ["Random effects, REML, Wald"]
    assert {"Common effect", "Mantel-Haenszel", "Random effects, PM, Hartung-Knapp"} <= {
        each.label for each in choices
    }
    assert all(each.estimate for each in choices if not each.refusal)


def test_a_part_is_offered_only_where_it_differs_from_the_whole():
    rows, _ = trials("rr-reml-z")
    low = [DatasetRow(**{**vars(row), "risk": "low"}) for row in rows[:5]]

    assert by_part(rows, RISK_RATIO) == []
    (told,) = by_part([*low, *rows[5:]], RISK_RATIO)
    assert (told.label, told.k) == ("At low risk of bias only", 5)


def test_how_far_a_change_moves_the_estimate_is_what_pooling_the_changed_rows_gives():
    rows, _ = trials("rr-reml-z")
    other = DatasetRow(**{**vars(rows[3]), "experimental": ArmNumbers("Vaccine", events=26, n=13598)})
    after = [*rows[:3], other, *rows[4:]]

    (move,) = moves(rows, after, RISK_RATIO)

    start, end = (as_json(each, RISK_RATIO)["estimate"] for each in (rows, after))
    assert move.change.sentence == "experimental events 62 → 26"
    assert move.shift == pytest.approx(end - start)
    assert changes(rows, after)[0].study == "Trial 3"


def test_groups_are_combined_as_the_cochrane_handbook_does():
    """Handbook 6.5.2.10: the mean and SD of all values together, here of {1, 3} and {5, 7, 9}."""
    first = ArmNumbers("A", mean=2, sd=math.sqrt(2), n=2, events=1)
    second = ArmNumbers("B", mean=7, sd=2, n=3, events=2)

    both = combined([first, second])

    assert (both.n, both.events, both.mean) == (5, 3, 5)
    assert both.sd == pytest.approx(
        math.sqrt(((1 - 5) ** 2 + (3 - 5) ** 2 + 0 + (7 - 5) ** 2 + (9 - 5) ** 2) / 4)
    )


def test_a_shared_comparator_counts_everybody_once():
    share = shared_out(ArmNumbers("Placebo", events=10, n=40, mean=3, sd=1), 2)

    assert (share.events, share.n, share.mean, share.sd) == (5, 20, 3, 1)


def test_a_row_comes_back_from_a_snapshot_as_it_was():
    rows, _ = trials("rr-reml-z")
    stored = json.loads(
        json.dumps(
            [
                vars(rows[0])
                | {"experimental": vars(rows[0].experimental), "comparator": vars(rows[0].comparator)}
            ]
        )
    )

    assert row_from(stored[0]) == rows[0]

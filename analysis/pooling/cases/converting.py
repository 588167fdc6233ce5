"""Cases of kind conversion, told apart by the columns they give."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.pooling.cases.reading import Fields
from analysis.pooling.errors import ImpossibleInput
from extraction.derivations import conversions

Case = Mapping[str, Any]
Row = Mapping[str, Any]
FIVE_NUMBERS = ("min", "q1", "median", "q3", "max", "n")


def conversion_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    names = set(inputs)
    for needed, convert in _CONVERSIONS:
        if names == set(needed):
            try:
                return _columns([convert(row, settings) for row in _rows(inputs)])
            except conversions.ConversionError as problem:
                raise ImpossibleInput(str(problem)) from problem
    raise ImpossibleInput(f"no conversion starts from {', '.join(inputs)}")


def _rows(inputs: Fields) -> list[Row]:
    """One mapping for each position of the columns."""
    columns = {name: value if isinstance(value, list) else [value] for name, value in inputs.items()}
    size = max(len(column) for column in columns.values())
    return [{name: column[i] for name, column in columns.items()} for i in range(size)]


def _columns(rows: Sequence[Row]) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _level(settings: Fields) -> float:
    return float(settings.get("level", 95)) / 100


def _five_numbers(row: Row, settings: Fields) -> Row:
    simple = "method" not in settings
    found = conversions.mean_sd_from_median(
        size=row["n"],
        median=row["median"],
        minimum=row["min"],
        q1=row["q1"],
        q3=row["q3"],
        maximum=row["max"],
        method=conversions.SummaryMethod.SIMPLE if simple else conversions.SummaryMethod.OPTIMAL,
    )
    return {"mean": found.mean, "sd": found.sd}


def _estimate_fields(found: conversions.Estimate) -> Row:
    return {"yi": found.effect, "vi": found.variance}


def _ratio_interval(row: Row, settings: Fields) -> Row:
    estimate = row["est"] if "est" in row else row["out"]
    low, high = (row["lb"], row["ub"]) if "lb" in row else (row["ci.lb"], row["ci.ub"])
    return _estimate_fields(conversions.log_ratio_from_interval(estimate, low, high, level=_level(settings)))


def _difference_interval(row: Row, settings: Fields) -> Row:
    low, high, level, n = row["ci.lb"], row["ci.ub"], _level(settings), row["n"]
    return {
        "vi": conversions.se_from_interval(low, high, level=level) ** 2,
        "se_with_df_n_minus_2": conversions.se_from_interval(low, high, level=level, df=n - 2),
        "se_with_df_n_minus_1": conversions.se_from_interval(low, high, level=level, df=n - 1),
    }


def _p_value(row: Row, settings: Fields) -> Row:
    return _estimate_fields(conversions.log_ratio_from_p_value(row["out"], row["pval"]))


def _logrank(row: Row, settings: Fields) -> Row:
    return _estimate_fields(conversions.log_hazard_ratio_from_logrank(row["o_minus_e"], row["v"]))


def _logrank_p(row: Row, settings: Fields) -> Row:
    found = conversions.logrank_from_p_value(
        row["p"], row["events_t"], row["events_c"], favours_first=row["direction"] < 0
    )
    estimate = conversions.log_hazard_ratio_from_logrank(found.o_minus_e, found.variance)
    return {"v": found.variance, "o_minus_e": found.o_minus_e, **_estimate_fields(estimate)}


def _combined(row: Row, settings: Fields) -> Row:
    group = conversions.combine_groups(
        conversions.Group(row["n1"], row["m1"], row["sd1"]),
        conversions.Group(row["n2"], row["m2"], row["sd2"]),
    )
    return {"n": group.size, "mean": group.mean, "sd": group.sd}


def _change(row: Row, settings: Fields) -> Row:
    return {"sd_change": conversions.change_sd(row["sd_pre"], row["sd_post"], row["r"])}


def _absolute(row: Row, settings: Fields) -> Row:
    measure, assumed = conversions.RelativeMeasure(row["measure"]), row["acr"]
    risk, low, high = (
        1000 * conversions.risk_with_intervention(assumed, row[name], measure) for name in ("est", "lb", "ub")
    )
    return {"risk_per_1000": risk, "lb": low, "ub": high, "diff_per_1000": risk - 1000 * assumed}


def _smd(row: Row, settings: Fields) -> Row:
    return _estimate_fields(conversions.log_odds_ratio_from_smd(row["d"], row["v"]))


def _clusters(row: Row, settings: Fields) -> Row:
    factor = conversions.design_effect(row["m"], row["icc"])
    return {"deff": factor, "n_eff": row["n"] / factor, "events_eff": row["events"] / factor}


def _split(row: Row, settings: Fields) -> Row:
    return {"events": row["events"] / row["k_arms"], "n": row["n"] / row["k_arms"]}


_CONVERSIONS: tuple[tuple[tuple[str, ...], Callable[[Row, Fields], Row]], ...] = (
    (FIVE_NUMBERS, _five_numbers),
    (("out", "ci.lb", "ci.ub"), _ratio_interval),
    (("est", "lb", "ub"), _ratio_interval),
    (("out", "ci.lb", "ci.ub", "n"), _difference_interval),
    (("out", "pval"), _p_value),
    (("o_minus_e", "v"), _logrank),
    (("p", "events_t", "events_c", "direction"), _logrank_p),
    (("n1", "m1", "sd1", "n2", "m2", "sd2"), _combined),
    (("sd_pre", "sd_post", "r"), _change),
    (("acr", "measure", "est", "lb", "ub"), _absolute),
    (("d", "v"), _smd),
    (("n", "events", "m", "icc"), _clusters),
    (("events", "n", "k_arms"), _split),
)

KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {"conversion": conversion_case}

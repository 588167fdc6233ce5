"""Published results from a CSV table, with the names that authors and tools give its columns."""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from analysis.audit.printed import AuditProblem, Limits, Number, Printed, Scale, number

NAMES: dict[str, tuple[str, ...]] = {
    "outcome": ("outcome", "name", "analysis", "endpoint", "label", "comparison", "study", "id"),
    "timepoint": ("timepoint", "time_point", "time", "followup", "follow_up"),
    "estimate": ("estimate", "est", "effect", "pooled", "value", "point_estimate", "pooled_estimate"),
    "ci_low": (
        "ci_low",
        "ci_lower",
        "ci_lb",
        "lo",
        "low",
        "lower",
        "lcl",
        "ll",
        "ci_l",
        "lower_ci",
        "cil",
        "lci",
    ),
    "ci_high": (
        "ci_high",
        "ci_upper",
        "ci_ub",
        "hi",
        "high",
        "upper",
        "ucl",
        "ul",
        "ci_u",
        "upper_ci",
        "ciu",
        "uci",
    ),
    "ci": ("ci", "95_ci", "ci_95", "confidence_interval"),
    "pi_low": ("pi_low", "pi_lower", "pi_lb", "pi_lo", "pi_l", "lower_pi", "lpi"),
    "pi_high": ("pi_high", "pi_upper", "pi_ub", "pi_hi", "pi_u", "upper_pi", "upi"),
    "pi": ("pi", "95_pi", "pi_95", "prediction_interval"),
    "i2": ("i2", "i_2", "i_squared", "isquared", "i2_percent", "i_sq"),
    "p": ("p", "p_value", "pvalue", "p_het", "q_p", "p_heterogeneity", "p_q", "phet", "het_p"),
    "k": ("k", "studies", "n_studies", "number_of_studies", "no_studies"),
    "n": ("n", "persons", "patients", "participants", "n_total", "total", "sample_size", "n_patients"),
    "scale": ("scale", "measure", "effect_measure", "type", "unit", "units", "sm"),
    "level": ("level", "ci_level", "confidence_level"),
}
SCALES: dict[str, Scale] = {
    **dict.fromkeys(("percent", "%", "percentage", "pct", "praw", "pr%", "rate%"), Scale.PERCENT),
    **dict.fromkeys(
        ("proportion", "prop", "risk", "pr", "plo", "pft", "pas", "probability"), Scale.PROPORTION
    ),
    **dict.fromkeys(
        ("ratio", "or", "rr", "hr", "irr", "rom", "odds ratio", "risk ratio", "hazard ratio"), Scale.RATIO
    ),
    **dict.fromkeys(("difference", "md", "smd", "rd", "mean difference", "d", "g", "wmd"), Scale.DIFFERENCE),
    **dict.fromkeys(("correlation", "cor", "r", "zcor"), Scale.CORRELATION),
}
# A hyphen after a digit parts two limits; elsewhere it is a minus.
LIMIT = re.compile(
    "(?<![\\d.%])[+\\-\u2212]?\\d+(?:[.,\u00b7]\\d+)?|(?<=[\\d%][\\-\u2212])\\d+(?:[.,\u00b7]\\d+)?"
)
Row = Mapping[str, str]


def read_table(name: str, text: str) -> tuple[Printed, ...]:
    """The results of a CSV table with a header; `name` is said in problems.

    Columns: outcome, estimate, and of ci_low, ci_high, pi_low, pi_high, i2, p, k, n, scale, timepoint, level
    those that there are, also under other usual names. Raises AuditProblem naming file, line and field.
    """
    lines = text.lstrip("\ufeff")
    delimiter = max(",;\t", key=lines.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(lines), delimiter=delimiter)
    try:
        header = next(reader, None)
        if not header or not any(cell.strip() for cell in header):
            raise AuditProblem(f"{name}: the file is empty; it needs a header and a line for each result")
        fields = _fields(name, header)
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as problem:
        raise AuditProblem(f"{name}, line {reader.line_num}: {problem}") from problem
    if not rows:
        raise AuditProblem(f"{name}: there is a header but no result below it")
    named = [(line, _row(name, line, fields, cells, len(header))) for line, cells in rows]
    common = _common_scale(name, named)
    return tuple(_printed(name, line, row, common) for line, row in named)


def _fields(name: str, header: list[str]) -> dict[str, int]:
    """Which column holds which field."""
    cleaned = [_plain(cell) for cell in header]
    fields: dict[str, int] = {}
    for field, names in NAMES.items():
        at = next((cleaned.index(each) for each in names if each in cleaned), None)
        if at is not None and at not in fields.values():
            fields[field] = at
    for needed in ("outcome", "estimate"):
        if needed not in fields:
            known = ", ".join(NAMES[needed])
            raise AuditProblem(f"{name}, line 1: there is no column {needed!r} (nor one called {known})")
    return fields


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.strip().casefold().replace("\u00b2", "2")).strip("_")


def _row(name: str, line: int, fields: Mapping[str, int], cells: list[str], width: int) -> Row:
    if len(cells) > width:
        raise AuditProblem(
            f"{name}, line {line}: {len(cells)} cells under {width} headings; "
            "a comma inside a number needs quotes around it"
        )
    padded = [*cells, *[""] * (width - len(cells))]
    return {field: padded[at].strip() for field, at in fields.items()}


def _common_scale(name: str, rows: Iterable[tuple[int, Row]]) -> Scale:
    """The scale of results that do not say theirs: percent where one estimate is too large for anything
    else.
    """
    unsaid = [(line, row) for line, row in rows if not row.get("scale")]
    values = [_cell(name, line, row, "estimate") for line, row in unsaid]
    known = [value.value for value in values if value is not None]
    if any(value < 0 for value in known):
        return Scale.DIFFERENCE
    return Scale.PERCENT if any(10 < value <= 100 for value in known) else Scale.UNKNOWN


def _printed(name: str, line: int, row: Row, common: Scale) -> Printed:
    estimate = _cell(name, line, row, "estimate")
    if estimate is None:
        raise AuditProblem(f"{name}, line {line}, estimate: a result needs its estimate")
    said = row.get("scale", "").casefold()
    if said and said not in SCALES:
        known = ", ".join(Scale)
        raise AuditProblem(f"{name}, line {line}, scale: {row['scale']!r} is not known; take one of {known}")
    level = _cell(name, line, row, "level")
    return Printed(
        outcome=row["outcome"] or f"line {line}",
        timepoint=row.get("timepoint", ""),
        estimate=estimate,
        ci=_limits(name, line, row, "ci"),
        prediction=_limits(name, line, row, "pi"),
        i2=_cell(name, line, row, "i2"),
        p=_cell(name, line, row, "p"),
        studies=_count(name, line, row, "k"),
        persons=_count(name, line, row, "n"),
        scale=SCALES[said] if said else common,
        level=_share(name, line, level),
        line=line,
    )


def _share(name: str, line: int, level: Number | None) -> float:
    if level is None:
        return 0.95
    share = level.value / 100 if level.value > 1 else level.value
    if not 0 < share < 1:
        raise AuditProblem(f"{name}, line {line}, level: {level} is no confidence level; take one such as 95")
    return share


def _cell(name: str, line: int, row: Row, field: str) -> Number | None:
    try:
        return number(row.get(field, ""))
    except AuditProblem as problem:
        raise AuditProblem(f"{name}, line {line}, {field}: {problem}") from problem


def _limits(name: str, line: int, row: Row, which: str) -> Limits | None:
    both = row.get(which, "")
    if both:
        found = LIMIT.findall(both)
        if len(found) != 2:
            raise AuditProblem(
                f"{name}, line {line}, {which}: {both!r} is not two numbers such as 1.2 to 3.4"
            )
        row = {f"{which}_low": found[0], f"{which}_high": found[1]}
    low, high = (_cell(name, line, row, f"{which}_{end}") for end in ("low", "high"))
    if (low is None) != (high is None):
        missing = "low" if low is None else "high"
        raise AuditProblem(
            f"{name}, line {line}, {which}_{missing}: the other limit is there, this one is not"
        )
    return Limits(low, high) if low is not None and high is not None else None


def _count(name: str, line: int, row: Row, field: str) -> int | None:
    cell = row.get(field, "").replace(",", "").replace(" ", "")
    if not cell or cell.casefold() in ("na", "nr", "-"):
        return None
    if not cell.isdigit() or int(cell) == 0:
        raise AuditProblem(f"{name}, line {line}, {field}: {row[field]!r} is not a whole number above zero")
    return int(cell)

"""What the agreed extractions say, as tables: characteristics, results side by side, and long form for R.

Only agreed extractions that stand now are read. Every derived number is marked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from reviewsite.reviews.models import Review
from screening.models import Study

from ..agreeing.comparison import shown
from ..entering.columns import ARM_RESULT_COLUMNS, CONTRAST_COLUMNS
from ..models import ArmResult, Contrast, Extraction, Outcome, TimePoint

ABOUT = ("study", "arm", "arm_role", "arm_n", "outcome", "kind", "direction", "unit", "time_point")
WHICH = ("scores", "subgroup", "population", "analysis_set")
SOURCE = ("provenance", "derived", "derivation", "page", "quote", "source_url", "note")
LONG_COLUMNS = (*ABOUT, *WHICH, *ARM_RESULT_COLUMNS, *SOURCE)
CONTRAST_LONG = (
    *("study", "arm", "comparator", "outcome", "kind", "direction", "time_point", "measure", "adjusted_for"),
    *("subgroup", "population", "analysis_set"),
    *CONTRAST_COLUMNS,
    *SOURCE,
)


@dataclass(frozen=True)
class Table:
    """A table to show or to write into a file: cells are numbers, texts or None."""

    name: str
    columns: list[str]
    rows: list[list[Any]]


def characteristics(review: Review) -> Table:
    """One row a study, one column a question of any form version in use by an agreed extraction."""
    extractions = list(
        Extraction.objects.filter(review=review)
        .agreed()
        .select_related("study", "form_version")
        .prefetch_related("arms")
        .order_by("study__label")
    )
    versions = {each.form_version_id: each.form_version for each in extractions}
    questions: dict[str, str] = {}
    # The newest version names a question; what only earlier ones asked follows.
    for version in sorted(versions.values(), key=lambda version: -version.number):
        for field in version.form.fields:
            questions.setdefault(field.key, f"{field.label} ({field.unit})" if field.unit else field.label)
    rows = [
        [each.study.label, each.study.registration, _arms(each), *(_answer(each, key) for key in questions)]
        for each in extractions
    ]
    return Table(
        "characteristics",
        [gettext("Study"), gettext("Registration"), gettext("Arms"), *questions.values()],
        rows,
    )


def _arms(extraction: Extraction) -> str:
    return "; ".join(f"{arm.label} (n = {arm.n})" if arm.n else arm.label for arm in extraction.arms.all())


def _answer(extraction: Extraction, key: str) -> Any:
    value = extraction.answers.get(key, {}).get("value")
    return shown(value) if isinstance(value, list) else value


def long_results(review: Review) -> Table:
    """One row an arm, outcome and time point, ready for R."""
    rows = ArmResult.objects.agreed(review).iterator(chunk_size=2000)
    return Table("results", list(LONG_COLUMNS), [_long(row, LONG_COLUMNS) for row in rows])


def long_contrasts(review: Review) -> Table:
    """One row a comparison as reported."""
    rows = (
        Contrast.objects.filter(arm__extraction__in=Extraction.objects.filter(review=review).agreed())
        .select_related("arm__extraction__study", "comparator", "outcome", "time_point")
        .order_by("arm__extraction__study__label", "outcome__position", "time_point__position", "pk")
    )
    return Table("contrasts", list(CONTRAST_LONG), [_long(row, CONTRAST_LONG) for row in rows])


def _long(row: ArmResult | Contrast, columns: Sequence[str]) -> list[Any]:
    told = {
        "study": row.arm.extraction.study.label,
        "arm": row.arm.label,
        "arm_role": row.arm.role,
        "arm_n": row.arm.n,
        "outcome": row.outcome.name,
        "kind": row.outcome.kind,
        "direction": row.outcome.direction,
        "unit": row.outcome.unit,
        "time_point": row.time_point.label if row.time_point else None,
        "derived": " ".join(row.derived_columns),
        "page": row.page or _said(row, "page"),
        "quote": row.quote or _said(row, "quote"),
    }
    if isinstance(row, Contrast):
        told["comparator"] = row.comparator.label
    return [told[name] if name in told else getattr(row, name) for name in columns]


def _said(row: ArmResult | Contrast, part: str) -> str:
    """Pages or quotes of the row's cells: one where all are the same, else each with its column."""
    said = {column: str(told[part]) for column, told in row.cells.items() if told.get(part)}
    if len(set(said.values())) <= 1:
        return next(iter(said.values()), "")
    return "; ".join(f"{column}: {text}" for column, text in said.items())


# Results side by side


DERIVED = " ƒ"


@dataclass(frozen=True)
class WideTable:
    """Cells are texts, the derived ones with a mark at the end, or None where a study reports nothing."""

    columns: list[str]
    rows: list[tuple[int, str, list[str | None]]]
    has_derived: bool


Key = tuple[int, int | None]
_FIELDS = (
    *("pk", "arm__extraction__study_id", "outcome_id", "time_point_id", "arm__label", "scores", "population"),
    *("events", "n", "mean", "sd", "median", "q1", "q3", "person_time", "estimate", "ci_low", "ci_high"),
)


def agreed_studies(review: Review) -> QuerySet[Study]:
    """The studies with an agreed extraction, by label."""
    agreed = Extraction.objects.filter(review=review).agreed().values("study")
    return Study.objects.filter(pk__in=agreed).order_by("label", "pk")


def wide_results(review: Review, studies: Sequence[Study] | None = None) -> WideTable:
    """A row a study, a column an outcome at a time point; main rows of the whole study only.

    studies: those of one page; all when left out. The columns are the same on every page.
    """
    agreed = Extraction.objects.filter(review=review).agreed()
    main = ArmResult.objects.filter(arm__extraction__in=agreed, analysis_set="main", subgroup="")
    used = set(main.order_by().values_list("outcome_id", "time_point_id").distinct())
    shown_here = list(agreed_studies(review)) if studies is None else list(studies)
    main = main.filter(arm__extraction__study__in=shown_here)
    derived = {pk for pk, cells in main.exclude(cells={}).values_list("pk", "cells") if _is_derived(cells)}
    derived |= set(main.exclude(provenance="reported").values_list("pk", flat=True))
    cells: dict[tuple[int, Key], list[tuple[str, str]]] = {}
    # Plain tuples: a table of many thousand cells has no time for model instances.
    for row in main.order_by("arm__position", "pk").values_list(*_FIELDS):
        if text := _words(row):
            marked = text + DERIVED if row[0] in derived else text
            cells.setdefault((row[1], (row[2], row[3])), []).append((row[4], marked))
    columns = _columns(review, used)
    rows = [(s.pk, s.label, [_wide(cells.get((s.pk, key))) for key, _ in columns]) for s in shown_here]
    return WideTable([name for _, name in columns], rows, bool(derived))


def _is_derived(cells: dict[str, Any]) -> bool:
    return any("derived" in said for said in cells.values())


def _columns(review: Review, used: set[Key]) -> list[tuple[Key, str]]:
    outcomes = {o.pk: (n, o.name) for n, o in enumerate(Outcome.objects.filter(review=review))}
    times = {t.pk: (n, t.label) for n, t in enumerate(TimePoint.objects.filter(review=review))}
    untimed = (-1, "")
    keys = sorted(used, key=lambda key: (outcomes[key[0]][0], times.get(key[1], untimed)[0]))
    return [
        (key, ", ".join(p for p in (outcomes[key[0]][1], times.get(key[1], untimed)[1]) if p)) for key in keys
    ]


def _wide(parts: list[tuple[str, str]] | None) -> str | None:
    if parts is None:
        return None
    return parts[0][1] if len(parts) == 1 else "; ".join(f"{arm}: {text}" for arm, text in parts)


def _words(row: tuple[Any, ...]) -> str:
    """The numbers of one row as a paper would print them."""
    scores, population, events, n, mean, sd, median, q1, q3, time, estimate, low, high = row[5:]
    which = f" ({population})" if population else ""
    if scores == "change":
        which = " " + gettext("change") + which
    if events is not None:
        if time is None:
            return f"{events}/{n}{which}"
        return gettext("%(events)s in %(time)s") % {"events": events, "time": f"{time:g}{which}"}
    if mean is not None:
        return f"{mean:g}{f' ({sd:g})' if sd is not None else ''}{f', n = {n}' if n else ''}{which}"
    if median is not None:
        return f"{median:g}{f' [{q1:g}, {q3:g}]' if q1 is not None and q3 is not None else ''}{which}"
    if estimate is not None:
        return f"{estimate:g}{f' [{low:g}, {high:g}]' if low is not None and high is not None else ''}{which}"
    return ""


def as_table(wide: WideTable) -> Table:
    rows = [[label, *cells] for _, label, cells in wide.rows]
    return Table("results-by-study", ["Study", *wide.columns], rows)


TABLES = {
    "characteristics": characteristics,
    "results": long_results,
    "contrasts": long_contrasts,
    "by-study": lambda review: as_table(wide_results(review)),
}


def all_tables(review: Review) -> Iterable[Table]:
    return (make(review) for make in TABLES.values())


def full_json(review: Review) -> list[dict[str, Any]]:
    """Everything the agreed extractions say, with page, quote and derivation of each cell."""
    results = ArmResult.objects.select_related("outcome", "time_point")
    contrasts = Contrast.objects.select_related("outcome", "time_point", "comparator")
    extractions = (
        Extraction.objects.filter(review=review)
        .agreed()
        .select_related("study", "form_version")
        .prefetch_related("arms", Prefetch("arms__results", results), Prefetch("arms__contrasts", contrasts))
        .order_by("study__label")
    )
    return [_told(each) for each in extractions]


def _told(extraction: Extraction) -> dict[str, Any]:
    return {
        "study": extraction.study.label,
        "registration": extraction.study.registration,
        "form_version": extraction.form_version.number,
        "answers": extraction.answers,
        "arms": [
            {
                "label": arm.label,
                "role": arm.role,
                "n": arm.n,
                "results": [_row_told(row) for row in arm.results.all()],
                "contrasts": [
                    {**_row_told(row), "comparator": row.comparator.label} for row in arm.contrasts.all()
                ],
            }
            for arm in extraction.arms.all()
        ],
    }


def _row_told(row: ArmResult | Contrast) -> dict[str, Any]:
    left_out = {"id", "arm", "comparator", "outcome", "time_point"}
    fields = [f.name for f in row._meta.concrete_fields if f.name not in left_out]
    values = {name: getattr(row, name) for name in fields}
    kept = {name: value for name, value in values.items() if value not in (None, "", {})}
    return {"outcome": row.outcome.name, "time_point": str(row.time_point or ""), **kept}

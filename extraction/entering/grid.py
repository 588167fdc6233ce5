"""The tables into which results are typed: a row for an outcome at a time point, the arms side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from ..models import Arm, ArmResult, Contrast, Extraction, Outcome, TimePoint
from .addresses import RowAddress, address_of
from .columns import BY_KIND, COLUMNS, OF_CONTRAST, Column, text_of
from .findings import RowFinding, all_findings

# A review with more combinations than this shows those in use, and others on request.
MOST_ROWS = 60


@dataclass(frozen=True)
class Cell:
    """One input of a table."""

    address: str
    name: str
    value: str
    column: Column
    is_more: bool
    said: Mapping[str, object]

    @property
    def derived(self) -> Mapping[str, object] | None:
        return self.said.get("derived")  # type: ignore[return-value]


@dataclass(frozen=True)
class Part:
    """The cells of one stored row: one arm's, or a comparison's."""

    address: str
    cells: list[Cell]
    findings: list[RowFinding]


@dataclass(frozen=True)
class GridRow:
    heading: str
    details: str
    parts: list[Part]


@dataclass
class Grid:
    """A table: the groups above it (arms), the columns of each group, and the rows."""

    key: str
    title: str
    groups: list[str]
    columns: list[Column]
    more: list[str]
    open_more: list[str]
    rows: list[GridRow] = field(default_factory=list)


# What a row is about besides its arm: outcome, time point, scores, subgroup, denominator.
Place = tuple[int, int | None, str, str, str]


def grids(
    extraction: Extraction, asked_for: Sequence[Place] = ()
) -> tuple[list[Grid], Grid | None, list[RowFinding]]:
    """One table for each kind of outcome in the review, the table of comparisons, and all findings.

    asked_for: rows that the person wants to fill though the review's usual ones do not hold them.
    """
    arms = list(extraction.arms.all())
    outcomes = {outcome.pk: outcome for outcome in extraction.review.outcomes.all()}
    times = {time.pk: time for time in extraction.review.time_points.all()}
    results = ArmResult.objects.filter(arm__extraction=extraction).select_related(
        "arm", "outcome", "time_point"
    )
    stored = {str(address_of(row)): row for row in results}
    findings = all_findings(extraction)
    said = _by_row(findings)
    places = _places(outcomes, times, stored.values(), asked_for)
    found = []
    for kind in Outcome.Kind:
        of_kind = [place for place in places if outcomes[place[0]].kind == kind]
        if of_kind:
            grid = _empty_grid(kind, arms, [stored[a] for a in stored if stored[a].outcome.kind == kind])
            grid.rows = [_row(grid, place, arms, outcomes, times, stored, said) for place in of_kind]
            found.append(grid)
    return found, _contrasts(extraction, arms, said), findings


def _by_row(findings: Iterable[RowFinding]) -> dict[str, list[RowFinding]]:
    found: dict[str, list[RowFinding]] = {}
    for each in findings:
        found.setdefault(str(address_of(each.row)), []).append(each)
    return found


def _place(row: ArmResult) -> Place:
    return row.outcome_id, row.time_point_id, row.scores, row.subgroup, row.population


def _places(
    outcomes: Mapping[int, Outcome],
    times: Mapping[int, TimePoint],
    stored: Iterable[ArmResult],
    asked_for: Sequence[Place],
) -> list[Place]:
    """Rows to show: what holds numbers, what was asked for, and all usual ones while they are few."""
    wanted = {_place(row) for row in stored} | {
        p for p in asked_for if p[0] in outcomes and p[1] in {None, *times}
    }
    usual: list[Place] = [(o, t, "final", "", "") for o in outcomes for t in (times or {None: None})]
    if len(usual) <= MOST_ROWS:
        wanted |= set(usual)
    order = {pk: n for n, pk in enumerate(outcomes)}, {pk: n for n, pk in enumerate(times)}
    return sorted(wanted, key=lambda p: (order[0][p[0]], order[1].get(p[1], -1), p[4], p[3], p[2] != "final"))


def _empty_grid(kind: str, arms: Sequence[Arm], stored: Sequence[ArmResult]) -> Grid:
    core, more = BY_KIND[kind]
    in_use = [
        name for name in more if any(getattr(row, name) is not None for row in stored) and name != "ci_level"
    ]
    return Grid(
        key=kind,
        title=gettext(Outcome.Kind(kind).label),
        groups=[arm.label for arm in arms],
        columns=[COLUMNS[name] for name in (*core, *more)],
        more=list(more),
        open_more=in_use,
    )


def _row(grid: Grid, place: Place, arms, outcomes, times, stored, said) -> GridRow:
    outcome, time = outcomes[place[0]], times.get(place[1])
    about = [
        str(time) if time else "",
        gettext("change from baseline") if place[2] == "change" else "",
        *place[3:],
    ]
    details = ", ".join(part for part in about if part)
    heading = f"{outcome}{f' ({outcome.unit})' if outcome.unit else ''}"
    parts = []
    for arm in arms:
        address = RowAddress("result", (str(arm.pk), str(place[0]), str(place[1] or ""), *place[2:]))
        name = ", ".join(part for part in (str(outcome), details, arm.label) if part)
        parts.append(_part(grid, address, name, stored.get(str(address)), said))
    return GridRow(heading, details, parts)


def _part(grid: Grid, address: RowAddress, name: str, row, said) -> Part:
    cells = []
    for column in grid.columns:
        value = getattr(row, column.name) if row else None
        if column.name == "ci_level" and value == 95:
            value = None
        cells.append(
            Cell(
                address.cell(column.name),
                f"{column.label}, {name}",
                text_of(value),
                column,
                column.name in grid.more,
                row.cells.get(column.name, {}) if row else {},
            )
        )
    return Part(str(address), cells, said.get(str(address), []))


def _contrasts(extraction: Extraction, arms: Sequence[Arm], said) -> Grid | None:
    """The comparisons that hold numbers. None where there is only one arm."""
    if len(arms) < 2:
        return None
    core, more = OF_CONTRAST
    rows = Contrast.objects.filter(arm__extraction=extraction)
    stored = list(rows.select_related("arm", "comparator", "outcome", "time_point"))
    in_use = [
        name for name in more if name != "ci_level" and any(getattr(r, name) is not None for r in stored)
    ]
    columns = [COLUMNS[name] for name in (*core, *more)]
    grid = Grid("contrast", gettext("Comparisons between arms"), [""], columns, list(more), in_use)
    for row in stored:
        grid.rows.append(contrast_row(grid, row, said))
    return grid


def contrast_row(grid: Grid, row: Contrast, said=None) -> GridRow:
    part = _part(grid, address_of(row), row.description, row, said or {})
    about = (gettext(row.get_measure_display()), row.between, row.adjustment)
    details = ", ".join(part for part in about if part)
    when = f", {row.when_and_of_whom}" if row.when_and_of_whom else ""
    return GridRow(f"{row.outcome}{when}", details, [part])

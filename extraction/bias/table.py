"""The table of an appraisal: every study with its agreed judgements; and how well the two people agreed."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import Appraisal, Assessment
from ..overview import StudyState
from ..risk_of_bias import Level
from ..risk_of_bias.agreement import WeightedAgreement, weighted_kappa
from ..risk_of_bias.model import OVERALL
from .assessments import judgements_of


@dataclass(frozen=True)
class Cell:
    """One judgement in the table, with whether a person overrode the algorithm and why."""

    level: Level | None
    override: str = ""


@dataclass(frozen=True)
class Row:
    state: StudyState
    cells: tuple[Cell, ...]
    score: int | None


@dataclass(frozen=True)
class Table:
    """Columns (slot, label) and a row for each study."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    @property
    def has_agreed(self) -> bool:
        return any(row.state.agreed for row in self.rows)

    @property
    def overrides(self) -> list[tuple[str, str, str]]:
        """Study, domain and reason of each judgement that is not the proposed one."""
        return [
            (str(row.state.study), label, cell.override)
            for row in self.rows
            for (_, label), cell in zip(self.columns, row.cells, strict=False)
            if cell.override
        ]


def columns_of(appraisal: Appraisal) -> tuple[tuple[str, str], ...]:
    """Slot and label of every judgement of the tool, the overall one last."""
    found = [(domain.slot, domain.label) for domain in appraisal.domains]
    return (*found, *(((OVERALL, "Overall"),) if appraisal.tool.has_overall else ()))


def table_of(appraisal: Appraisal, states: Sequence[StudyState]) -> Table:
    columns = columns_of(appraisal)
    return Table(columns, tuple(_row(appraisal, columns, state) for state in states))


def _row(appraisal: Appraisal, columns: Sequence[tuple[str, str]], state: StudyState) -> Row:
    if state.agreed is None:
        return Row(state, (), None)
    tool, agreed = appraisal.tool, state.agreed
    judged = judgements_of(agreed)
    overrides = {each.domain: each.reason for each in agreed.domain_judgements.all() if each.is_override}
    cells = tuple(Cell(tool.level(judged.get(slot), slot), overrides.get(slot, "")) for slot, _ in columns)
    answers = {each.item: each.answer for each in agreed.judgements.all()}
    return Row(state, cells, tool.score(answers) if tool.has_score else None)


@dataclass(frozen=True)
class DomainAgreement:
    label: str
    agreement: WeightedAgreement | None


def agreement_by_domain(appraisal: Appraisal) -> list[DomainAgreement]:
    """How well two people agreed on each domain, over the studies on which both have submitted."""
    pairs = _pairs(appraisal)
    if not pairs:
        return []
    return [
        DomainAgreement(label, _agreement(appraisal, slot, pairs)) for slot, label in columns_of(appraisal)
    ]


def _pairs(appraisal: Appraisal) -> list[tuple[dict[str, str], dict[str, str]]]:
    submitted = Assessment.objects.filter(appraisal=appraisal).current().independent().submitted()
    rows = submitted.select_related("appraisal__own_tool").prefetch_related("judgements", "domain_judgements")
    by_study: dict[int, list[Assessment]] = {}
    for row in rows.order_by("submitted_at", "pk"):
        by_study.setdefault(row.study_id, []).append(row)
    return [(judgements_of(two[0]), judgements_of(two[1])) for two in by_study.values() if len(two) >= 2]


def _agreement(appraisal: Appraisal, slot: str, pairs) -> WeightedAgreement | None:
    """None while nothing was judged by both. "No information" has no place in the order and is left out."""
    order = [level.value for level in appraisal.tool.levels_of(slot) if level.tone != "none"]
    table = [[0] * len(order) for _ in order]
    for left, right in pairs:
        if left.get(slot) in order and right.get(slot) in order:
            table[order.index(left[slot])][order.index(right[slot])] += 1
    return weighted_kappa(table) if any(map(any, table)) else None

"""What looks like a slip in an extraction, row by row, and which findings a note answers."""

from dataclasses import dataclass

from ..agreeing.consensus import rows_of
from ..derivations.contrasts import is_ratio
from ..models import ArmResult, Contrast, Extraction
from .checks import Finding, Scale, check_arm_result, check_arm_sizes, check_contrast, check_spread_of_arms
from .columns import numbers_of


@dataclass(frozen=True)
class RowFinding:
    """A finding on a row, with the note that answers it where there is one."""

    row: ArmResult | Contrast
    finding: Finding
    note: str


def findings_of(row: ArmResult | Contrast) -> list[RowFinding]:
    """Findings on one row by itself."""
    values = numbers_of(row)
    if isinstance(row, Contrast):
        found = check_contrast(values, is_ratio=is_ratio(row.measure))
    else:
        outcome = row.outcome
        scale = Scale(outcome.scale_low, outcome.scale_high, outcome.scale_items)
        found = check_arm_result(values, arm_n=row.arm.n, scale=scale)
        # What Winnow derived needs no check against itself.
        found = [each for each in found if not set(each.columns) <= set(row.derived_columns)]
    return [RowFinding(row, each, row.explained.get(each.key, "")) for each in found]


def all_findings(extraction: Extraction) -> list[RowFinding]:
    """Findings on every row, also those that show only between the arms of a study."""
    rows = rows_of(extraction)
    found = [each for row in rows for each in findings_of(row)]
    beside: dict[tuple[str, ...], list[ArmResult]] = {}
    for row in rows:
        if isinstance(row, ArmResult) and row.sd is not None:
            beside.setdefault(row.identity[2:], []).append(row)
    for together in beside.values():
        sds = {row.arm.label: row.sd for row in together}
        sizes = {row.arm.label: row.n for row in together if row.n}
        smallest = min(together, key=lambda row: row.sd)
        for each in check_spread_of_arms(sds, sizes):
            found.append(RowFinding(smallest, each, smallest.explained.get(each.key, "")))
    return found


def finding_on_arms(extraction: Extraction) -> list[Finding]:
    """The arms against the number of participants that the form says in all."""
    total = next((f for f in extraction.form_version.form.fields if f.is_total), None)
    said = extraction.answers.get(total.key, {}).get("value") if total else None
    sizes = [arm.n for arm in extraction.arms.all()]
    if said is None or any(size is None for size in sizes):
        return []
    return check_arm_sizes([size for size in sizes if size is not None], float(said))

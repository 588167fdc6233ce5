"""Agreed judgements beside analyses: whose weight lies where, and pictures of an appraisal."""

from collections.abc import Mapping
from dataclasses import replace

from extraction.bias.agreed import agreed_judgements
from extraction.bias.table import columns_of
from extraction.models import Appraisal
from extraction.risk_of_bias.model import OVERALL, Level

from .figures.lights import Light, LightCell
from .figures.model import ColumnGroup, ForestPlot, ForestRow
from .figures.traffic import TrafficPlot
from .models import AnalysisRun


def weights_of(run: AnalysisRun | None) -> dict[int, float]:
    """The weight in percent of each study of a run, by its primary key."""
    studies = (run.result or {}).get("studies", ()) if run else ()
    return {
        each["study_pk"]: each["weight_percent"] for each in studies if each.get("weight_percent") is not None
    }


def weight_by_tone(levels: Mapping[int, Level], weights: Mapping[int, float]) -> dict[str, float]:
    """Share of the weight in percent by the tone of the overall judgement; "unknown" where none is agreed."""
    total = sum(weights.values())
    if not levels or total <= 0 or not set(levels) & set(weights):
        return {}
    shares: dict[str, float] = {}
    for study_pk, weight in weights.items():
        tone = levels[study_pk].tone if study_pk in levels else "unknown"
        shares[tone] = shares.get(tone, 0.0) + 100 * weight / total
    return shares


def lights_of(appraisal: Appraisal) -> tuple[Light, ...]:
    """Every judgement of the tool, once, as it is drawn."""
    tool = appraisal.tool
    return tuple(dict.fromkeys(_light(level) for level in (*tool.levels, *tool.overall_levels)))


def _light(level: Level) -> Light:
    return Light(level.value, level.label, level.tone, level.symbol)


def traffic_of(appraisal: Appraisal) -> TrafficPlot:
    """The traffic-light plot of an appraisal's agreed judgements."""
    tool = appraisal.tool
    columns = columns_of(appraisal)
    rows = []
    for study, judged in agreed_judgements(appraisal).items():
        levels = [tool.level(judged.get(slot), slot) for slot, _ in columns]
        rows.append((study.label, tuple(_light(level) if level else None for level in levels)))
    named = tuple(("Overall" if slot == OVERALL else slot, label) for slot, label in columns)
    return TrafficPlot(f"Risk of bias: {appraisal}", named, tuple(rows), lights_of(appraisal))


def with_bias(plot: ForestPlot, appraisal: Appraisal) -> ForestPlot:
    """The forest plot with a column of lights for each domain, and what they mean below it.

    Rows are found by their key, the study's; a study without agreed judgements has empty cells.
    """
    tool = appraisal.tool
    slots = [slot for slot, _ in columns_of(appraisal)]
    judged = {str(study.pk): told for study, told in agreed_judgements(appraisal).items()}

    def lit(row: ForestRow) -> ForestRow:
        levels = [tool.level(judged.get(row.key, {}).get(slot), slot) for slot in slots]
        cells = tuple(LightCell(_light(level)) if level else "" for level in levels)
        return replace(row, cells=(*row.cells, *cells))

    first = len(plot.columns)
    group = ColumnGroup("Risk of bias", first, first + len(slots) - 1)
    signs = ", ".join(f"{light.symbol} {light.label.lower()}" for light in lights_of(appraisal))
    names = "; ".join(f"{slot}: {label}" for slot, label in columns_of(appraisal) if slot != OVERALL)
    return replace(
        plot,
        columns=(*plot.columns, *("All" if slot == OVERALL else slot for slot in slots)),
        rows=tuple(lit(row) for row in plot.rows),
        subgroups=tuple(replace(g, rows=tuple(lit(row) for row in g.rows)) for g in plot.subgroups),
        column_groups=(*plot.column_groups, group),
        footer=(*plot.footer, f"Risk of bias by {tool.title}: {signs}. {names}."),
    )

"""Agreed judgements beside analyses: whose weight lies where, and pictures of an appraisal."""

from collections.abc import Mapping

from extraction.agreed_bias import agreed_judgements
from extraction.bias_table import columns_of
from extraction.models import Appraisal
from extraction.risk_of_bias.model import OVERALL, Level

from .figures.lights import Light
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

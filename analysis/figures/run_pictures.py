"""The figures of a run, by name. Pure: rows, plan and result in, Figures out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .. import pooling
from ..estimate.effects import counts, sizes_of
from ..estimate.measures import Needs
from ..estimate.plan import Plan
from ..estimate.results import engine_options
from ..estimate.rows import DatasetRow
from .arm_columns import arm_names
from .comparisons import draw_bubble, draw_labbe
from .diagnostics import (
    draw_baujat,
    draw_drapery,
    draw_gosh,
    draw_influence,
    draw_normal_quantiles,
)
from .effect_axis import EffectScale, Reading
from .forest import draw_forest
from .forest_variants import caterpillar, summary_only
from .funnel import FilledIn, draw_doi, draw_funnel, draw_radial
from .look import Look, dressed, pages_of
from .model import ForestPlot, UndrawablePlot
from .multiverse import draw_multiverse
from .plain_axes import Studies
from .refits import cumulative, fitted_line, leave_one_out, moderators, specifications
from .run_forest import forest_of
from .scale import MINUS

# With more studies a GOSH plot is of subsets drawn at random, the same ones each time.
MOST_GOSH_STUDIES, GOSH_SEED = 15, 1
FEWEST = 3
READINGS: dict[str, Reading] = {"PLO": "logit", "PR": "percent", "RD": "percent", "ZCOR": "tanh"}


class NoPicture(Exception):
    """This run has no such figure; the text says why."""


class _Run:
    """What the drawings share: effects on the analysis scale with their names."""

    def __init__(
        self,
        title: str,
        rows: Sequence[DatasetRow],
        plan: Plan,
        result: Mapping[str, Any],
        stored: Mapping[str, Any],
        asked: "Asked",
    ) -> None:
        sizes = sizes_of(rows, plan)
        self.title, self.plan, self.result, self.stored = title, plan, result, stored
        self.all_rows, self.asked, self.style = rows, asked, asked.look.measures
        self.rows = [rows[place] for place in sizes.studies]
        self.effects, self.variances = sizes.effects, sizes.variances
        reading: Reading = "log" if plan.of.is_ratio else READINGS.get(plan.measure, "linear")
        null = None if plan.of.null is None else (0.0 if plan.of.is_ratio else plan.of.null)
        self.labels = tuple(row.label for row in self.rows)
        self.studies = Studies(
            self.labels,
            self.effects,
            np.sqrt(self.variances),
            EffectScale(reading, plan.of.label, null),
            tuple(str(row.study_pk) for row in self.rows),
        )
        self.pooled = float(result["scale"]["estimate"])

    def named(self, kind: str) -> str:
        """The heading that was asked for, or the analysis' title and what the figure is."""
        return f"{self.title}: {kind}" if self.asked.look.title is None else self.asked.look.title

    def forest(self) -> ForestPlot:
        plot = forest_of(
            self.title,
            self.result,
            self.stored,
            self.all_rows,
            direction=self.asked.direction,
            unit=self.asked.unit,
        )
        return self.asked.further(plot)

    def influence(self) -> pooling.Influence:
        options = engine_options(self.plan)
        return pooling.influence(
            self.effects, self.variances, model=options["model"], tau2_estimator=options["tau2_estimator"]
        )


def _funnel(run: _Run) -> Figure:
    sizes = None
    if run.plan.of.arms == 1 and run.plan.of.needs is Needs.EVENTS:
        sizes = counts(run.rows)[1]
    return draw_funnel(
        run.studies, title=run.named("funnel plot"), pooled=run.pooled, sizes=sizes, style=run.style
    )


def _contours(run: _Run) -> Figure:
    if run.studies.scale.null is None:
        raise NoPicture("Contours need a value of no effect; one group's results have none.")
    options = engine_options(run.plan)
    found = pooling.trim_and_fill(
        run.effects, run.variances, model=options["model"], tau2_estimator=options["tau2_estimator"]
    )
    filled = FilledIn(found.filled_effects, np.sqrt(found.filled_variances))
    return draw_funnel(
        run.studies,
        title=run.named("contour-enhanced funnel plot"),
        pooled=run.pooled,
        contours=True,
        filled=filled,
        style=run.style,
    )


def _baujat(run: _Run) -> Figure:
    found = run.influence()
    return draw_baujat(
        run.labels,
        found.baujat_x,
        found.baujat_y,
        title=run.named("Baujat plot"),
        keys=run.studies.keys,
        style=run.style,
    )


def _influence(run: _Run) -> Figure:
    found, k = run.influence(), len(run.labels)
    panels: dict[str, tuple[Any, float | None]] = {
        "Residual": (found.rstudent, 1.96),
        "DFFITS": (found.dffits, 3 * float(np.sqrt(1 / (k - 1)))),
        "Cook's distance": (found.cook_distance, 0.455),
        "\u03c4\u00b2 without": (found.tau2_without, None),
        "Weight": (found.hat, 3 / k),
    }
    return draw_influence(
        run.labels,
        panels,
        title=run.named("influence of each study"),
        keys=run.studies.keys,
        style=run.style,
    )


def _gosh(run: _Run) -> Figure:
    every = len(run.labels) <= MOST_GOSH_STUDIES
    if every:
        subsets = pooling.gosh(run.effects, run.variances)
    else:
        subsets = pooling.gosh_sampled(run.effects, run.variances, seed=GOSH_SEED)
    return draw_gosh(
        subsets.estimates,
        subsets.i2,
        title=run.named("all subsets" if every else "subsets drawn at random"),
        drawn_with_seed=None if every else GOSH_SEED,
        scale=run.studies.scale,
        style=run.style,
    )


def _drapery(run: _Run) -> Figure:
    scale = run.result["scale"]
    return draw_drapery(
        run.studies,
        title=run.named("p-value functions"),
        style=run.style,
        pooled=run.pooled,
        pooled_se=float(scale["se"]),
        tau2=float(scale["tau2"]) if run.plan.model == "random" else None,
    )


def _labbe(run: _Run) -> Figure:
    if run.plan.of.needs is not Needs.EVENTS or run.plan.of.arms != 2:
        raise NoPicture("A L'Abb\u00e9 plot needs events in two groups.")
    events, totals, other_events, other_totals = counts(run.rows)
    ratio = float(np.exp(run.pooled)) if run.plan.of.is_ratio else None
    return draw_labbe(
        run.labels,
        events / totals,
        other_events / other_totals,
        1 / run.variances,
        title=run.named("L'Abb\u00e9 plot"),
        groups=arm_names(run.rows),
        style=run.style,
        ratio=ratio,
        odds=run.plan.measure == "OR",
        keys=run.studies.keys,
    )


def _quantiles(run: _Run) -> Figure:
    return draw_normal_quantiles(
        run.labels,
        run.influence().rstandard,
        title=run.named("normal quantiles"),
        keys=run.studies.keys,
        style=run.style,
    )


def _bubble(run: _Run) -> Figure:
    fit = run.result.get("regression")
    if not fit:
        raise NoPicture("A bubble plot needs a regression: plan one on a number of each study.")
    values, places = moderators(run.rows)
    tau2 = float(fit["tau2"])
    studies = Studies(
        tuple(run.labels[at] for at in places),
        run.effects[places],
        np.sqrt(run.variances[places]),
        run.studies.scale,
        tuple(run.studies.keys[at] for at in places),
    )
    r2 = "" if fit["r2"] is None else f"; R\u00b2 = {fit['r2']:.1f}%"
    slope = f"Slope {fit['coefficients'][1]:.4g} on the analysis scale".replace("-", MINUS)
    p = "p < 0.001" if fit["p_values"][1] < 0.001 else f"p = {fit['p_values'][1]:.3f}"
    return draw_bubble(
        studies,
        values,
        1 / (run.variances[places] + tau2),
        fitted_line(fit, run.plan.level, float(values.min()), float(values.max())),
        title=run.named("regression"),
        moderator_label=run.asked.moderator or str(fit["moderator"]),
        caption=(
            f"{slope}, {p}{r2}; {fit['k']} studies. Band: {run.plan.level:g}% confidence; broken lines: "
            "prediction.",
        ),
        style=run.style,
    )


def _multiverse(run: _Run) -> Figure:
    return draw_multiverse(
        specifications(run.all_rows, run.plan),
        run.forest().axis,
        title=run.named("other ways to analyse"),
        style=run.style,
    )


# Name in the address to the words on the page and the drawing.
PICTURES: dict[str, tuple[str, Callable[[_Run], Figure]]] = {
    "funnel": ("Funnel", _funnel),
    "contours": ("Funnel with contours", _contours),
    "radial": (
        "Radial",
        lambda run: draw_radial(
            run.studies, title=run.named("radial plot"), pooled=run.pooled, style=run.style
        ),
    ),
    "doi": ("Doi", lambda run: draw_doi(run.studies, title=run.named("Doi plot"), style=run.style)),
    "baujat": ("Baujat", _baujat),
    "influence": ("Influence", _influence),
    "gosh": ("GOSH", _gosh),
    "drapery": ("Drapery", _drapery),
    "labbe": ("L'Abb\u00e9", _labbe),
    "bubble": ("Bubble", _bubble),
    "quantiles": ("Normal quantiles", _quantiles),
    "multiverse": ("Specification curve", _multiverse),
}
# Those that are a table with a plot in it; they can be sorted, lose columns and be broken into pages.
FORESTS: dict[str, tuple[str, Callable[[_Run], ForestPlot]]] = {
    "forest": ("Forest", _Run.forest),
    "summary": ("Forest of subgroups", lambda run: summary_only(run.forest())),
    "leaveoneout": (
        "Leave-one-out",
        lambda run: leave_one_out(f"{run.title}: without each study", run.all_rows, run.plan, run.forest()),
    ),
    "cumulative": (
        "Cumulative",
        lambda run: cumulative(f"{run.title}: as it grew", run.all_rows, run.plan, run.forest()),
    ),
    "caterpillar": ("Caterpillar", lambda run: caterpillar(run.forest())),
}
ALL = {**{name: words for name, (words, _) in FORESTS.items()}, **{n: w for n, (w, _) in PICTURES.items()}}
ANY_NUMBER = {"forest", "caterpillar", "summary"}


def _as_it_is(plot: ForestPlot) -> ForestPlot:
    return plot


@dataclass(frozen=True)
class Asked:
    """What a figure takes from beside the run: looks, and words that the outcome brings.

    direction: which values are better. unit: of a mean. moderator: its name as people read it. further: what
    is put into the forest plot besides, such as a column of judgements.
    """

    look: Look = Look()
    direction: str = ""
    unit: str = ""
    moderator: str = ""
    further: Callable[[ForestPlot], ForestPlot] = _as_it_is


PLAIN = Asked()


def pictures(
    name: str,
    *,
    title: str,
    rows: Sequence[DatasetRow],
    plan: Plan,
    result: Mapping[str, Any],
    stored: Mapping[str, Any],
    asked: Asked = PLAIN,
) -> list[Figure]:
    """The figure of that name; several where a forest plot is broken into pages.

    stored: the plan as the run keeps it. Raises NoPicture where it makes no sense.
    """
    try:
        run = _Run(title, rows, plan, result, stored, asked)
        if len(run.labels) < FEWEST and name not in ANY_NUMBER:
            raise NoPicture("This figure needs at least three studies.")
        if name not in FORESTS:
            return [PICTURES[name][1](run)]
        plot = dressed(FORESTS[name][1](run), asked.look)
        pages = pages_of(plot, asked.look.studies_a_page) if asked.look.studies_a_page else (plot,)
        return [draw_forest(page, style=run.style) for page in pages]
    except (pooling.PoolingError, UndrawablePlot) as problem:
        raise NoPicture(str(problem)) from problem


def picture(name: str, **told: Any) -> Figure:
    """The figure of that name in one piece; takes what `pictures` takes."""
    return pictures(name, **told)[0]


def columns_for(
    title: str, rows: Sequence[DatasetRow], result: Mapping[str, Any], stored: Mapping[str, Any]
) -> list[str]:
    """The names of the forest plot's columns, each with its group, for somebody to choose from."""
    plot = forest_of(title, result, stored, rows)
    over = {at: g.heading for g in plot.column_groups for at in range(g.first, g.last + 1)}
    return [f"{over[at]}: {name}" if at in over else name for at, name in enumerate(plot.columns)]


def pictures_for(
    rows: Sequence[DatasetRow], plan: Plan, result: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Names and words of the figures that such a run can have, forest plots first."""
    two_groups = plan.of.needs is Needs.EVENTS and plan.of.arms == 2
    absent = set()
    if not two_groups:
        absent.add("labbe")
    if plan.of.null is None:
        absent.add("contours")
    if not (result or {}).get("regression"):
        absent.add("bubble")
    if not (result or {}).get("subgroups"):
        absent.add("summary")
    if len(rows) < FEWEST:
        absent |= set(ALL) - ANY_NUMBER
    return {name: words for name, words in ALL.items() if name not in absent}

"""The further figures of a run, by name. Pure: rows, plan and result in, a Figure out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .. import pooling
from ..effects import counts, sizes_of
from ..measures import Needs
from ..plan import Plan
from ..results import engine_options
from ..rows import DatasetRow
from .comparisons import draw_labbe
from .diagnostics import (
    draw_baujat,
    draw_drapery,
    draw_gosh,
    draw_influence,
    draw_normal_quantiles,
)
from .effect_axis import EffectScale, Reading
from .forest import draw_forest
from .forest_variants import caterpillar
from .funnel import FilledIn, draw_doi, draw_funnel, draw_radial
from .plain_axes import Studies
from .run_forest import forest_of

MOST_GOSH_STUDIES = 15
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
    ) -> None:
        sizes = sizes_of(rows, plan)
        self.title, self.plan, self.result, self.stored = title, plan, result, stored
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

    def influence(self) -> pooling.Influence:
        options = engine_options(self.plan)
        return pooling.influence(
            self.effects, self.variances, model=options["model"], tau2_estimator=options["tau2_estimator"]
        )


def _funnel(run: _Run) -> Figure:
    sizes = None
    if run.plan.of.arms == 1 and run.plan.of.needs is Needs.EVENTS:
        sizes = counts(run.rows)[1]
    return draw_funnel(run.studies, title=f"{run.title}: funnel plot", pooled=run.pooled, sizes=sizes)


def _contours(run: _Run) -> Figure:
    if run.studies.scale.null is None:
        raise NoPicture("Contours need a value of no effect; one group's results have none.")
    options = engine_options(run.plan)
    found = pooling.trim_and_fill(
        run.effects, run.variances, model=options["model"], tau2_estimator=options["tau2_estimator"]
    )
    filled = FilledIn(found.filled_effects, np.sqrt(found.filled_variances))
    title = f"{run.title}: contour-enhanced funnel plot"
    return draw_funnel(run.studies, title=title, pooled=run.pooled, contours=True, filled=filled)


def _baujat(run: _Run) -> Figure:
    found = run.influence()
    return draw_baujat(
        run.labels, found.baujat_x, found.baujat_y, title=f"{run.title}: Baujat plot", keys=run.studies.keys
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
    return draw_influence(run.labels, panels, title=f"{run.title}: influence of each study")


def _gosh(run: _Run) -> Figure:
    if len(run.labels) > MOST_GOSH_STUDIES:
        raise NoPicture(
            f"A GOSH plot is drawn for up to {MOST_GOSH_STUDIES} studies; here are {len(run.labels)}."
        )
    subsets = pooling.gosh(run.effects, run.variances)
    return draw_gosh(
        subsets.estimates, subsets.i2, title=f"{run.title}: all subsets", scale=run.studies.scale
    )


def _drapery(run: _Run) -> Figure:
    scale = run.result["scale"]
    return draw_drapery(
        run.studies,
        title=f"{run.title}: p-value functions",
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
        title=f"{run.title}: L'Abb\u00e9 plot",
        ratio=ratio,
        odds=run.plan.measure == "OR",
        keys=run.studies.keys,
    )


def _quantiles(run: _Run) -> Figure:
    return draw_normal_quantiles(
        run.labels, run.influence().rstandard, title=f"{run.title}: normal quantiles"
    )


# Name in the address to the words on the page and the drawing.
PICTURES: dict[str, tuple[str, Callable[[_Run], Figure]]] = {
    "funnel": ("Funnel", _funnel),
    "contours": ("Funnel with contours", _contours),
    "radial": (
        "Radial",
        lambda run: draw_radial(run.studies, title=f"{run.title}: radial plot", pooled=run.pooled),
    ),
    "doi": ("Doi", lambda run: draw_doi(run.studies, title=f"{run.title}: Doi plot")),
    "baujat": ("Baujat", _baujat),
    "influence": ("Influence", _influence),
    "gosh": ("GOSH", _gosh),
    "drapery": ("Drapery", _drapery),
    "labbe": ("L'Abb\u00e9", _labbe),
    "quantiles": ("Normal quantiles", _quantiles),
    "caterpillar": (
        "Caterpillar",
        lambda run: draw_forest(caterpillar(forest_of(run.title, run.result, run.stored))),
    ),
}


def picture(
    name: str,
    *,
    title: str,
    rows: Sequence[DatasetRow],
    plan: Plan,
    result: Mapping[str, Any],
    stored: Mapping[str, Any],
) -> Figure:
    """The figure of that name. stored: the plan as the run keeps it. Raises NoPicture where it makes no
    sense.
    """
    run = _Run(title, rows, plan, result, stored)
    if len(run.labels) < FEWEST and name != "caterpillar":
        raise NoPicture("This figure needs at least three studies.")
    try:
        return PICTURES[name][1](run)
    except pooling.PoolingError as problem:
        raise NoPicture(str(problem)) from problem


def pictures_for(rows: Sequence[DatasetRow], plan: Plan) -> dict[str, str]:
    """Names and words of the figures that such a run can have."""
    two_groups = plan.of.needs is Needs.EVENTS and plan.of.arms == 2
    absent = set()
    if not two_groups:
        absent.add("labbe")
    if plan.of.null is None:
        absent.add("contours")
    if len(rows) > MOST_GOSH_STUDIES:
        absent.add("gosh")
    if len(rows) < FEWEST:
        absent |= set(PICTURES) - {"caterpillar"}
    return {name: words for name, (words, _) in PICTURES.items() if name not in absent}


__all__ = ["PICTURES", "NoPicture", "picture", "pictures_for"]

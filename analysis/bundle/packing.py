"""A run as a bundle that stands alone. Pure: rows, plan and result in, a zip out."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..estimate.effects import sizes_of
from ..estimate.measures import Needs
from ..estimate.plan import Method, Plan
from ..estimate.rows import DatasetRow
from ..figures.export import FileFormat, figure_bytes
from ..figures.run_pictures import PLAIN, Asked, NoPicture, picture, pictures_for
from . import Analysis, Settings, files_of, zip_of

# Our names of an arm's numbers to metafor's, by what a measure needs and how many arms it has.
COLUMNS: dict[tuple[Needs, int], tuple[tuple[str, ...], tuple[str, ...]]] = {
    (Needs.EVENTS, 1): (("events", "n"), ("xi", "ni")),
    (Needs.EVENTS, 2): (("events", "n"), ("ai", "n1i", "ci", "n2i")),
    (Needs.MEANS, 1): (("mean", "sd", "n"), ("mi", "sdi", "ni")),
    (Needs.MEANS, 2): (("mean", "sd", "n"), ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")),
    (Needs.RATES, 1): (("events", "person_time"), ("xi", "ti")),
    (Needs.RATES, 2): (("events", "person_time"), ("x1i", "t1i", "x2i", "t2i")),
}


def settings_of(plan: Plan) -> Settings:
    """The plan in the bundle's words. Ratios of means go as effects: metafor's versions correct them
    differently.
    """
    own_method = plan.method in (Method.MANTEL_HAENSZEL, Method.PETO)
    return Settings(
        measure="PETO" if plan.method == Method.PETO else plan.measure,
        model="common" if own_method else plan.model,
        method=str(plan.method),
        tau2_estimator=plan.tau2_estimator,
        interval=plan.interval,
        prediction=plan.prediction or ("normal" if plan.interval == "wald" else "t_k_minus_1"),
        level=plan.level,
        zero_cells=plan.zero_cells,
        drop_double_zero=plan.drop_double_zero and plan.of.is_ratio,
    )


def data_of(rows: Sequence[DatasetRow], plan: Plan) -> list[dict[str, Any]]:
    """A line for each pooled study in metafor's columns; effects with variances where reports gave
    effects.
    """
    sizes = sizes_of(rows, plan)
    pooled = [rows[place] for place in sizes.studies]
    if plan.of.needs is Needs.ESTIMATE or plan.measure == "ROM":
        return [
            {"study": row.label, "yi": float(effect), "vi": float(variance)}
            for row, effect, variance in zip(pooled, sizes.effects, sizes.variances, strict=True)
        ]
    ours, theirs = COLUMNS[plan.of.needs, plan.of.arms]
    arms = ("experimental", "comparator")[: plan.of.arms]
    lines = []
    for row in pooled:
        values = [getattr(getattr(row, arm), name) for arm in arms for name in ours]
        lines.append({"study": row.label, **dict(zip(theirs, values, strict=True))})
    return lines


FIGURE_FORMATS: tuple[FileFormat, ...] = ("svg", "pdf")


def files_of_run(
    title: str,
    rows: Sequence[DatasetRow],
    plan: Plan,
    result: Mapping[str, Any],
    *,
    stored: Mapping[str, Any],
    software: str,
    further: Mapping[str, str],
    asked: Asked = PLAIN,
    pdf_of: Sequence[str] | None = None,
) -> dict[str, bytes]:
    """The files of one run by their names, with every figure that it can have.

    pdf_of: names of the figures that are made as PDF besides SVG; None for all. A PDF takes ten times as
    long, since its fonts are cut down to the letters it shows.
    """
    drawn: dict[str, Any] = {}
    for name in pictures_for(rows, plan, result):
        try:
            drawn[name] = picture(
                name, title=title, rows=rows, plan=plan, result=result, stored=stored, asked=asked
            )
        except NoPicture:
            continue
    figures = {
        f"{name}.{kind}": figure_bytes(figure, kind)
        for name, figure in drawn.items()
        for kind in FIGURE_FORMATS
        if kind != "pdf" or pdf_of is None or name in pdf_of
    }
    return files_of(
        Analysis(title, settings_of(plan), data_of(rows, plan), result, figures, further, software)
    )


def bundle_of(
    title: str,
    rows: Sequence[DatasetRow],
    plan: Plan,
    result: Mapping[str, Any],
    *,
    folder: str,
    **told: Any,
) -> bytes:
    """The zip of one run, its figures as SVG and PDF; takes what `files_of_run` takes."""
    return zip_of(files_of_run(title, rows, plan, result, **told), folder=folder)

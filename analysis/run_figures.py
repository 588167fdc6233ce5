"""Figures of a stored run: what they take from the outcome, and where each of their marks leads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.urls import reverse

from extraction.models import Appraisal, ArmResult, Contrast

from .bias_results import with_bias
from .estimate.plan import plan_from
from .estimate.rows import DatasetRow
from .figures.export import Link, figure_bytes, linked
from .figures.look import Look
from .figures.run_pictures import Asked, columns_for, pictures, pictures_for
from .models import AnalysisRun
from .runs import rows_of_run
from .telling import number_in_words

LONGEST_QUOTE = 220
SHOWN = ("shown", "ci_low", "ci_high")


def figures_of(
    run: AnalysisRun, name: str, look: Look | None = None, appraisal: Appraisal | None = None
) -> list:
    """The figure of that name of a run, page by page. Raises NoPicture where the run has none such."""
    return pictures(
        name,
        title=str(run.spec),
        rows=rows_of_run(run),
        plan=plan_from(run.plan),
        result=run.result,
        stored=run.plan,
        asked=asked_of(run, look or Look(), appraisal),
    )


def asked_of(run: AnalysisRun, look: Look, appraisal: Appraisal | None = None) -> Asked:
    """What the run's outcome brings to a figure: which values are better, unit, name of the moderator."""
    outcome = run.spec.outcome
    moderator = run.plan.get("moderator", "")
    asked = Asked(
        look=look,
        direction=outcome.direction,
        unit=outcome.unit,
        moderator="Year of the first report" if moderator == "year" else moderator.replace("_", " "),
    )
    return replace(asked, further=partial(with_bias, appraisal=appraisal)) if appraisal else asked


def available(run: AnalysisRun) -> dict[str, str]:
    """Names and words of the figures that a run can have."""
    return pictures_for(rows_of_run(run), plan_from(run.plan), run.result)


def columns_of_forest(run: AnalysisRun) -> list[str]:
    return columns_for(str(run.spec), rows_of_run(run), run.result, run.plan)


def linked_figure(run: AnalysisRun, name: str, look: Look | None = None, appraisal=None) -> str:
    """The figure as SVG for a page: each study's mark is a link to what stands behind it."""
    figure = figures_of(run, name, look, appraisal)[0]
    return linked(figure_bytes(figure, "svg"), links_of(run)).decode()


def links_of(run: AnalysisRun) -> dict[str, Link]:
    """For each study of a run: the page of its sources, and its row and quoted sentence in words."""
    rows = {row.key: row for row in rows_of_run(run)}
    quotes = _quotes(list(rows.values()))
    links = {}
    for study in run.result["studies"]:
        row = rows[study["key"]]
        limits = (
            number_in_words(study[name], run.result["shown"]) for name in ("shown", "ci_low", "ci_high")
        )
        words = "{study}: {numbers}; {} [{}, {}]".format(*limits, study=study["study"], numbers=row.numbers)
        quote = quotes.get(row.key, "")
        address = reverse("analysis:lineage", args=[run.spec.review.slug, run.pk, study["study_pk"]])
        links[f"row-{study['study_pk']}"] = Link(address, f"{words}. {quote}".strip())
    return links


def _quotes(rows: Sequence[DatasetRow]) -> dict[str, str]:
    """The sentence each row's first number was read from, with its page, by the row's key."""
    arms = {row.key: row.experimental.result_pk for row in rows if row.experimental}
    contrasts = {row.key: row.estimate.contrast_pk for row in rows if row.estimate}
    told: dict[str, str] = {}
    for kind, keys in ((ArmResult, arms), (Contrast, contrasts)):
        found: Mapping[int, ArmResult | Contrast] = kind.objects.in_bulk([pk for pk in keys.values() if pk])
        told |= {key: _said(found[pk]) for key, pk in keys.items() if pk in found}
    return told


def _said(row: ArmResult | Contrast) -> str:
    """Page and quote of a row, or of the first of its cells that has one."""
    places = [(row.page, row.quote), *((c.get("page", ""), c.get("quote", "")) for c in row.cells.values())]
    page, quote = next(((page, quote) for page, quote in places if quote), ("", ""))
    if not quote:
        return ""
    short = quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE].rstrip()}\u2026"
    return f"{f'p. {page}: ' if page else ''}\u201c{short}\u201d"


def quoted_rows(run: AnalysisRun) -> list[tuple[Mapping, DatasetRow, str]]:
    """Each pooled study's result with the row it came from and the sentence that says so."""
    rows = {row.key: row for row in rows_of_run(run)}
    quotes = _quotes(list(rows.values()))
    return [(study, rows[study["key"]], quotes.get(study["key"], "")) for study in run.result["studies"]]

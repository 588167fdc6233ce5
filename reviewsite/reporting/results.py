"""The results as text, tables and figures, each from its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.bias_results import traffic_of
from analysis.certainty.evidence import lines
from analysis.certainty.findings import findings
from analysis.estimate.plan import plan_from
from analysis.figures.export import figure_bytes
from analysis.figures.forest import draw_forest
from analysis.figures.model import UndrawablePlot
from analysis.figures.run_forest import forest_of
from analysis.figures.traffic import draw_summary, draw_traffic, summary_of
from analysis.models import AnalysisRun
from analysis.runs import rows_of_run, standings
from analysis.telling import in_words
from extraction.tables.outputs import Table as Data
from extraction.tables.outputs import agreed_studies, as_table, characteristics, wide_results
from reviewsite.reviews.models import Review
from screening.models import Report, Study
from screening.prisma.counts import included_studies
from screening.prisma.report import Flow, file_of, flow_of

from .document import Block, Paragraph, Picture, Section, Subheading, Table
from .methods import latest_runs
from .words import count_of, joined, lower_first

Step = Callable[[str], None]
FILES = ("svg", "pdf", "png")
WORD_DPI = 200
MOST_COLUMNS = 12
NOT_JUDGED = "The certainty of this evidence has not been judged."


@dataclass(frozen=True)
class Pen:
    """Draws figures. step: told before each, so that a job can say so and be cancelled.

    is_dry: pictures get no files; for whoever only asks which sections there are.
    """

    step: Step
    is_dry: bool = False

    def picture(self, name: str, caption: str, make: Callable[[], dict[str, bytes]]) -> Picture:
        self.step(f"Drawing {caption}")
        return Picture(name, caption, {} if self.is_dry else make())


def results(review: Review, pen: Pen) -> list[Section]:
    """Sections of the results; those without rows have no blocks."""
    return [
        Section("results-selection", "Selection of studies", tuple(_selection(review, pen))),
        Section("results-included", "Included studies", tuple(_included(review))),
        Section("results-characteristics", "Characteristics", tuple(_characteristics(review))),
        Section("results-bias", "Risk of bias", tuple(_bias(review, pen))),
        Section("results-syntheses", "Results of syntheses", tuple(_syntheses(review, pen))),
        Section("results-heterogeneity", "Exploring heterogeneity", tuple(_heterogeneity(review))),
        Section("results-sensitivity", "Sensitivity analyses", tuple(_sensitivity(review))),
        Section("results-certainty", "Summary of findings", tuple(_findings(review))),
    ]


def _selection(review: Review, pen: Pen) -> Iterator[Block]:
    flow = flow_of(review)
    if not flow.counts.records_identified:
        return
    yield Paragraph(" ".join(_flow_sentences(flow)))
    caption = "PRISMA 2020 flow of records, reports and studies."
    yield pen.picture("prisma-flow", caption, lambda: _flow_files(flow))


def _flow_files(flow: Flow) -> dict[str, bytes]:
    files = {kind: file_of(flow, {"png": "word"}.get(kind, kind)) for kind in FILES}
    return {kind: text.encode() if isinstance(text, str) else text for kind, text in files.items()}


def _flow_sentences(flow: Flow) -> Iterator[str]:
    n = flow.counts
    others = n.other.records_identified if n.other else 0
    yield (
        f"Databases and registers gave {count_of(n.records_identified, 'record')}"
        + (f", other methods {others:,}" if others else "")
        + f"; {n.duplicates_removed:,} duplicates were removed."
    )
    if n.not_screened:
        yield f"{count_of(n.not_screened, 'record')} were not screened because the stopping rule was met."
    yield (
        f"Of {count_of(n.screened, 'record')} screened on title and abstract, {n.excluded_title_abstract:,} "
        f"were excluded; {count_of(n.sought, 'report')} were sought and {n.not_retrieved:,} not retrieved."
    )
    reasons = [f"{lower_first(each.reason)} ({each.reports:,})" for each in n.excluded_by_reason]
    because = f": {joined(reasons)}" if reasons else ""
    yield f"Of {count_of(n.assessed, 'report')} assessed, {n.excluded_full_text:,} were excluded{because}."
    new = "new " if n.previous else ""
    yield (
        f"{count_of(n.included_studies, f'{new}study', f'{new}studies')} with "
        f"{count_of(n.new_reports, 'report')} were included."
    )
    if not n.is_finished:
        yield "The review is still going on: what is open stands apart in the diagram."


def _included(review: Review) -> Iterator[Block]:
    studies = list(
        included_studies(review).prefetch_related("reports__citation__representative").order_by("label", "pk")
    )
    if not studies:
        return
    kept = set(Report.objects.filter(review=review).included().values_list("pk", flat=True))
    rows = tuple(
        (study.label, study.registration, _cited(report, study))
        for study in studies
        for report in sorted(study.reports.all(), key=lambda r: (not r.is_primary, r.pk))
        if report.pk in kept
    )
    yield Table(
        "included-studies",
        f"{count_of(len(studies), 'included study', 'included studies')} and their reports.",
        ("Study", "Registration", "Report"),
        rows,
        (2, 2, 7),
    )


def _cited(report: Report, study: Study) -> str:
    said = citation_line(report)
    return f"{said} (main report)" if report.is_primary and study.reports.count() > 1 else said


def citation_line(report: Report) -> str:
    """A report as it stands in a list of references."""
    record = report.citation.representative
    where = " ".join(
        part for part in (record.journal, record.volume and f"{record.volume}:{record.pages}") if part
    )
    ids = [f"doi:{record.doi}" if record.doi else "", f"PMID {record.pmid}" if record.pmid else ""]
    parts = (record.short_authors, record.title.rstrip("."), where, str(record.year or ""), *ids)
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _characteristics(review: Review) -> Iterator[Block]:
    data = characteristics(review)
    if data.rows:
        yield from _split(data, "Characteristics of the included studies, from the agreed extractions")


def _split(data: Data, caption: str) -> Iterator[Table]:
    """A table in parts that a page can hold, each with the study's name in front."""
    filled = [i for i in range(1, len(data.columns)) if any(row[i] not in (None, "") for row in data.rows)]
    size = MOST_COLUMNS - 4
    parts = [filled[i : i + size] for i in range(0, len(filled), size)] or [[]]
    for number, part in enumerate(parts, 1):
        header = (data.columns[0], *(data.columns[i] for i in part))
        rows = tuple((str(row[0]), *(_cell(row[i]) for i in part)) for row in data.rows)
        which = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        yield Table(
            f"{data.name}{f'-{number}' if len(parts) > 1 else ''}", f"{caption}{which}.", header, rows
        )


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bias(review: Review, pen: Pen) -> Iterator[Block]:
    for appraisal in review.appraisals.select_related("outcome", "own_tool"):
        name = f"risk-of-bias-{appraisal.pk}"
        try:
            plot = traffic_of(appraisal)
            yield pen.picture(
                f"{name}-traffic",
                f"Risk of bias of each study: {appraisal}.",
                lambda plot=plot: _files(draw_traffic(plot)),
            )
            yield pen.picture(
                f"{name}-summary",
                f"Risk of bias over all studies: {appraisal}.",
                lambda plot=plot: _files(draw_summary(summary_of(plot))),
            )
        except UndrawablePlot:
            # Nothing is agreed yet, so there is nothing to show.
            continue


def _files(drawn) -> dict[str, bytes]:
    return {kind: figure_bytes(drawn, kind, dpi=WORD_DPI) for kind in FILES}


def _syntheses(review: Review, pen: Pen) -> Iterator[Block]:
    if pen.is_dry:
        # Whoever only asks which sections there are need not wait for every analysis to be compared.
        if agreed_studies(review).exists() or AnalysisRun.objects.filter(spec__review=review).exists():
            yield Paragraph("")
        return
    stale = {each.spec.pk for each in standings(review) if each.is_stale}
    for run in latest_runs(review):
        yield Subheading(run.spec.title)
        yield Paragraph(paragraph_of(run))
        if run.spec_id in stale:
            yield Paragraph("The rows or the plan have changed since this analysis was run.", is_note=True)
        yield pen.picture(
            f"forest-{run.spec_id}",
            f"{run.spec.title}.",
            lambda run=run: _files(draw_forest(forest_of(run.spec.title, run.result, run.plan))),
        )
    table = as_table(wide_results(review))
    if table.rows:
        yield from _split(table, "Results of the included studies, from the agreed extractions")


def paragraph_of(run: AnalysisRun) -> str:
    pooled = {study["study_pk"] for study in run.result["studies"]}
    rows = [row for row in rows_of_run(run) if row.study_pk in pooled]
    said = in_words(run.spec.outcome.name, rows, plan_from(run.plan), run.result)
    # Certainty has a table of its own.
    return said.removesuffix(NOT_JUDGED).strip()


def _heterogeneity(review: Review) -> Iterator[Block]:
    for run in latest_runs(review):
        if groups := run.result.get("subgroups"):
            told = [f"{level['label']} ({level['scale']['k']} studies)" for level in groups["levels"]]
            yield Paragraph(
                f"{run.spec.title} by {groups['by']}: {joined(told)}; the forest plot has the estimates."
            )


def _sensitivity(review: Review) -> Iterator[Block]:
    for run in latest_runs(review):
        if run.plan.get("only_low_risk") or run.plan.get("excluded"):
            yield Paragraph(f"{run.spec.title}: {lower_first(paragraph_of(run))}")


def _findings(review: Review) -> Iterator[Block]:
    rows = findings(lines(review))
    if not rows:
        return
    cells = []
    for row in rows:
        for index, each in enumerate(row.absolute or (None,)):
            head = (
                row.outcome,
                row.people,
                f"{row.symbols} {row.certainty} {row.letters}".strip(),
                row.relative,
            )
            told = (each.label, each.without, each.with_it, each.difference) if each else ("", "", "", "")
            cells.append((*(head if index == 0 else ("", "", "", "")), *told))
    header = (
        *("Outcome", "Participants (studies)", "Certainty", "Relative effect [95% CI]", "Baseline risk"),
        *("Without, per 1,000", "With, per 1,000 [95% CI]", "Difference, per 1,000 [95% CI]"),
    )
    yield Table("summary-of-findings", "Summary of findings.", header, tuple(cells))
    for letter, reason in dict(note for row in rows for note in row.notes).items():
        yield Paragraph(f"{letter}. {reason}", is_note=True)

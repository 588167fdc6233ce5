"""One run, or everything that a review's results rest on, as a zip that stands alone. Reads only."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.text import slugify

from extraction.bias.agreed import agreed_judgements
from extraction.risk_of_bias import robvis
from extraction.tables.files import as_csv, as_json
from extraction.tables.outputs import all_tables, full_json
from reviewsite.reviews.models import Review
from screening.prisma.counts import flow_counts
from screening.prisma.template_csv import as_csv as flow_csv

from .bias_results import weights_of
from .bundle import zip_in_pieces, zip_of
from .bundle.packing import files_of_run
from .certainty.evidence import lines
from .certainty.findings import as_csv as findings_csv
from .certainty.findings import findings
from .estimate.plan import plan_from
from .figures.look import Look
from .models import AnalysisRun
from .run_figures import asked_of
from .runs import rows_of_run

README = """\
{title}

analyses/     a folder for each analysis: data, settings, results, methods, R script, and all figures as SVG,
              the forest plot as PDF too
extraction/   the agreed data: characteristics, results and estimates as CSV; extraction.json has every
              number with its page and quote
risk-of-bias/ the agreed judgements, a tool a file, in the layout of robvis
certainty/    the summary of findings
prisma.csv    the numbers of the flow diagram
plan.json     the analyses as planned, and what was done otherwise, with the reason

Everything is as it stood when this file was made. Each analysis repeats its numbers with
Rscript reproduce.R in its folder.
"""
NOT_RUN = "No result yet: {reason}\n"


def run_bundle(run: AnalysisRun, folder: str) -> bytes:
    """One run with every figure that it can have."""
    return zip_of(_files_of(run), folder=folder)


def review_bundle(review: Review, folder: str) -> Iterator[bytes]:
    """Everything in pieces: each analysis' latest run with its figures, data, judgements, plan, flow."""
    return zip_in_pieces(_everything(review), folder=folder)


def _everything(review: Review) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", README.format(title=review.title).encode()
    yield from _analyses(review)
    yield from _extraction(review)
    yield from _bias(review)
    yield "certainty/summary-of-findings.csv", findings_csv(findings(lines(review))).encode()
    yield "prisma.csv", flow_csv(flow_counts(review)).encode()
    yield "plan.json", _json(_plan(review))


def _files_of(run: AnalysisRun, pdf_of: tuple[str, ...] | None = None) -> dict[str, bytes]:
    return files_of_run(
        str(run.spec),
        rows_of_run(run),
        plan_from(run.plan),
        run.result,
        stored=run.plan,
        software=f"Winnow {run.versions.get('winnow', '')}".strip(),
        further={
            "plan.json": _json(run.plan).decode(),
            "left_out.json": _json(run.snapshot.left_out).decode(),
            "versions.json": _json(run.versions).decode(),
        },
        asked=asked_of(run, Look()),
        pdf_of=pdf_of,
    )


def _analyses(review: Review) -> Iterator[tuple[str, bytes]]:
    specs = review.analyses.select_related("outcome", "time_point", "review")
    latest: dict[int, AnalysisRun] = {}
    runs = AnalysisRun.objects.filter(spec__review=review).select_related("snapshot", "spec__outcome")
    for run in runs.order_by("run_at", "pk"):
        latest[run.spec_id] = run
    for number, spec in enumerate(specs, 1):
        folder = f"analyses/{number:03d}-{slugify(spec.title)[:60] or 'analysis'}"
        run = latest.get(spec.pk)
        if run is None or not run.result:
            reason = run.refusal if run else "it has not been run."
            yield f"{folder}/README.txt", f"{spec.title}\n\n{NOT_RUN.format(reason=reason)}".encode()
            continue
        for name, content in _files_of(run, pdf_of=("forest",)).items():
            yield f"{folder}/{name}", content


def _extraction(review: Review) -> Iterator[tuple[str, bytes]]:
    for table in all_tables(review):
        yield f"extraction/{table.name}.csv", as_csv(table)
    yield "extraction/extraction.json", as_json(full_json(review))


def _bias(review: Review) -> Iterator[tuple[str, bytes]]:
    for appraisal in review.appraisals.select_related("review", "outcome", "own_tool"):
        run = AnalysisRun.objects.filter(spec__review=review, spec__outcome=appraisal.outcome).first()
        weights = weights_of(run) if appraisal.outcome else {}
        rows = [
            robvis.StudyJudgements(study.label, judged, weights.get(study.pk))
            for study, judged in agreed_judgements(appraisal).items()
        ]
        name = slugify(str(appraisal))[:60] or "tool"
        text = robvis.write(appraisal.tool, appraisal.effect, rows)
        yield f"risk-of-bias/{appraisal.pk}-{name}.csv", text.encode()


def _plan(review: Review) -> dict[str, Any]:
    freeze = getattr(review, "plan_freeze", None)
    return {
        "frozen_at": freeze.frozen_at.isoformat() if freeze else None,
        "planned": freeze.content if freeze else None,
        "deviations": [
            {"analysis": each.title, "what": each.what, "why": each.reason, "at": each.made_at.isoformat()}
            for each in review.plan_deviations.all()
        ],
        "now": [{"title": spec.title, "settings": spec.plan.as_stored} for spec in review.analyses.all()],
    }


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False, default=str).encode()

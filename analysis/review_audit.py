"""A review's own results, what is printed beside them, and the estimates extracted for them, audited."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from extraction.models import Contrast, Extraction
from reviewsite.reviews.models import Review
from screening.prisma.counts import included_studies

from .audit import Report
from .audit.own_audit import audited_estimate, audited_print, audited_run
from .estimate.rows import ReportedEstimate
from .models import AnalysisRun

LATEST_FIRST = ("spec__position", "spec_id", "-run_at", "-pk")


@dataclass(frozen=True)
class Audited:
    """One number of the review with what the rules say of it. url: the rows behind it."""

    kind: str
    url: str
    report: Report


def audit_of(review: Review) -> list[Audited]:
    """Latest runs, printed results beside analyses, and agreed estimates; what is wrong comes first."""
    order = ["impossible", "implausible", "suspicious", "warning", "passes"]
    found = [*_runs(review), *_estimates(review)]
    return sorted(found, key=lambda each: order.index(each.report.verdict))


def _runs(review: Review) -> Iterator[Audited]:
    seen, included = set(), included_studies(review).count()
    runs = AnalysisRun.objects.filter(spec__review=review).select_related("spec").order_by(*LATEST_FIRST)
    for run in runs:
        if run.spec_id in seen:
            continue
        seen.add(run.spec_id)
        address = reverse("analysis:analysis", args=[review.slug, run.spec_id])
        if run.result:
            yield Audited("Our result", address, audited_run(run.spec.title, run.result, run.plan))
        printed = audited_print(run.spec.title, run.spec.published or {}, included)
        if printed:
            yield Audited("Printed elsewhere", address, printed)


def _estimates(review: Review) -> Iterator[Audited]:
    rows = (
        Contrast.objects.filter(
            arm__extraction__in=Extraction.objects.filter(review=review).agreed(), estimate__isnull=False
        )
        .select_related("arm__extraction__study", "outcome", "time_point")
        .order_by("arm__extraction__study__label", "pk")
    )
    for row in rows:
        study = row.arm.extraction.study
        told = ReportedEstimate(row.measure, row.estimate, row.ci_low, row.ci_high, row.ci_level, row.se)
        title = f"{study.label}: {row.outcome}, {row.get_measure_display().lower()}"
        address = reverse("extraction:agreed", args=[review.slug, study.pk])
        yield Audited("Extracted estimate", address, audited_estimate(title, told))

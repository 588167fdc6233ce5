"""From a study down to the analyses that it feeds: the other way of lineage.py. Reads only."""

from dataclasses import dataclass

from django.db.models import Max

from screening.models import Study

from ..models import AnalysisRun


@dataclass(frozen=True)
class Fed:
    """The latest run of an analysis that pooled the study. weight_percent: None where nothing weighs it."""

    run: AnalysisRun
    weight_percent: float | None


def fed_by(study: Study) -> list[Fed]:
    """The analyses whose latest run pooled the study, in the order of the plan."""
    runs = AnalysisRun.objects.filter(spec__review_id=study.review_id)
    latest = runs.order_by().values("spec").annotate(last=Max("pk")).values("last")
    found = runs.filter(pk__in=latest, result__isnull=False).select_related("spec__outcome")
    return [
        Fed(run, pooled["weight_percent"])
        for run in found.order_by("spec__position", "spec_id")
        for pooled in run.result["studies"]
        if pooled["study_pk"] == study.pk
    ]

"""What a review comes to, so that a copy can be held against it: counts, hashes, estimates."""

from dataclasses import asdict
from typing import Any

from analysis.models import AnalysisRun
from analysis.recheck import differences as analysis_differences
from analysis.runs import standings
from extraction.bias.recount import differences as bias_differences
from extraction.recheck import differences as extraction_differences
from reviewsite.reviews.models import Review
from screening.full_text.kept_files import differences as file_differences
from screening.order.recount import differences as order_differences
from screening.prisma.counts import flow_counts
from screening.recount import differences as screening_differences

# Each counts or computes again what a part of the site says.
SECOND_OPINIONS = (
    screening_differences,
    order_differences,
    extraction_differences,
    bias_differences,
    analysis_differences,
    file_differences,
)


def differing(review: Review) -> list[str]:
    """Sentences, one for each number, hash or estimate that the rows do not come to; empty when all agree."""
    return [told for differences in SECOND_OPINIONS for told in differences(review)]


def summary_of(review: Review) -> dict[str, Any]:
    """The flow's counts, the hash of every analysis's present rows, every run's hash and pooled estimate."""
    runs = AnalysisRun.objects.filter(spec__review=review).select_related("spec", "snapshot").order_by("pk")
    return {
        "flow": asdict(flow_counts(review)),
        "analyses": {each.spec.title: each.present.sha256 for each in standings(review)},
        "runs": [[run.spec.title, run.snapshot.sha256, _estimate(run)] for run in runs],
        "differing": len(differing(review)),
    }


def _estimate(run: AnalysisRun) -> list[float | None] | None:
    if run.result is None:
        return None
    return [run.result.get(name) for name in ("estimate", "ci_low", "ci_high")]

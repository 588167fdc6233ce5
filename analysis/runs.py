"""The rules of running an analysis: run, rerun, and whether a run still speaks for the present rows."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import scipy
from django.db import transaction
from django.db.models import OuterRef, Subquery

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job, Review, record_act

from . import pooling
from .data.agreed import Agreed, agreed_of
from .data.dataset import Dataset, dataset
from .estimate.results import as_json
from .estimate.rows import RowChange, changes, row_from
from .models import AnalysisRun, AnalysisSpec, DatasetSnapshot

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Standing:
    """A spec with its latest run and what has changed since."""

    spec: AnalysisSpec
    run: AnalysisRun | None
    present: Dataset
    row_changes: Sequence[RowChange]
    plan_changes: Sequence[str]

    @property
    def is_stale(self) -> bool:
        return self.run is not None and (
            self.run.snapshot.sha256 != self.present.sha256 or bool(self.plan_changes)
        )


def standing(spec: AnalysisSpec, agreed: Agreed | None = None) -> Standing:
    """How an analysis stands: its latest run against the rows and the plan of this moment."""
    run = spec.runs.select_related("snapshot", "run_by").first()
    return _standing(spec, run, dataset(spec, agreed))


def standings(review: Review, agreed: Agreed | None = None) -> list[Standing]:
    """How every analysis of a review stands, in a handful of queries however many there are."""
    agreed = agreed or agreed_of(review)
    specs = list(review.analyses.select_related("review", "outcome", "time_point", "created_by"))
    latest = _latest_runs(review)
    return [_standing(spec, latest.get(spec.pk), dataset(spec, agreed)) for spec in specs]


def _latest_runs(review: Review) -> dict[int, AnalysisRun]:
    """The newest run of each analysis by the analysis' key; earlier ones are not read."""
    newest = AnalysisRun.objects.filter(spec=OuterRef("spec")).order_by("-run_at", "-pk").values("pk")[:1]
    runs = AnalysisRun.objects.filter(spec__review=review, pk=Subquery(newest))
    return {run.spec_id: run for run in runs.select_related("snapshot", "run_by")}


def _standing(spec: AnalysisSpec, run: AnalysisRun | None, present: Dataset) -> Standing:
    if run is None:
        return Standing(spec, None, present, (), ())
    return Standing(
        spec,
        run,
        present,
        # Equal hashes are equal rows; only where they differ is it worth while to say how.
        changes(rows_of_run(run), present.rows) if run.snapshot.sha256 != present.sha256 else (),
        [
            f"{name.replace('_', ' ')}: {run.plan.get(name) or '(none)'} → {value or '(none)'}"
            for name, value in spec.plan.as_stored.items()
            if name in run.plan and run.plan[name] != value
        ],
    )


def rows_of_run(run: AnalysisRun):
    """The rows that a run pooled, as they were."""
    return [row_from(stored) for stored in run.snapshot.rows]


@transaction.atomic
def run(
    *, spec: AnalysisSpec, by, agreed: Agreed | None = None, present: Dataset | None = None
) -> AnalysisRun:
    """Pool the present rows and keep the answer with the rows it came from. Earlier runs stay.

    present: the rows, where they were read of `agreed` a moment ago.
    """
    present = present or dataset(spec, agreed)
    snapshot = DatasetSnapshot.objects.create(
        review_id=spec.review_id,
        rows=[asdict(row) for row in present.rows],
        left_out=[asdict(row) for row in present.left_out],
        sha256=present.sha256,
    )
    result, refusal = None, ""
    try:
        result = as_json(present.rows, spec.plan)
    except pooling.PoolingError as error:
        refusal = str(error)
    stored = AnalysisRun.objects.create(
        spec=spec,
        snapshot=snapshot,
        plan=spec.plan.as_stored,
        result=result,
        refusal=refusal,
        versions=versions(),
        run_by=by,
    )
    told = {"sha256": snapshot.sha256, "estimate": result["estimate"] if result else None, "refusal": refusal}
    record_act(spec.review_id, by, "analysis run", analysis=spec.title, **told)
    return stored


def stale_standings(review: Review) -> list[Standing]:
    """The analyses that have no run yet or whose rows or plan have changed since."""
    return [each for each in standings(review) if each.run is None or each.is_stale]


def rerun_stale(*, review: Review, by, progress: Progress | None = None) -> list[AnalysisRun]:
    """Run every analysis that has no run yet or whose rows or plan have changed since."""
    stale = stale_standings(review)
    fresh = []
    for number, each in enumerate(stale, 1):
        fresh.append(run(spec=each.spec, by=by, present=each.present))
        if progress:
            progress(number, len(stale))
    return fresh


@transaction.atomic
def ask_for_rerun(*, review: Review, by) -> Job:
    """A job that runs all that changed in the background; one at a time in a review."""
    from .tasks import rerun_all

    waiting = Job.objects.unfinished().filter(review=review, kind=Job.Kind.ANALYSIS).first()
    if waiting is not None:
        return waiting
    job = jobs.enqueue(
        review=review, kind=Job.Kind.ANALYSIS, title="Running all analyses that changed", requested_by=by
    )
    rerun_all.enqueue(job.pk)
    record_act(review, by, "asked to run what changed")
    return job


def versions() -> dict[str, str]:
    """What a run must name so that it can be repeated."""
    from reviewsite import __version__

    return {
        "winnow": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }

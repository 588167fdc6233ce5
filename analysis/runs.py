"""The rules of running an analysis: run, rerun, and whether a run still speaks for the present rows."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import scipy
from django.db import transaction

from reviewsite.reviews.models import Review

from . import pooling
from .dataset import Dataset, RowChange, changes, dataset
from .models import AnalysisRun, AnalysisSpec, DatasetSnapshot
from .results import as_json

PLAN_FIELDS = ("measure", "model", "tau2_estimator", "interval", "level", "leave_out_overlaps")


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


def standing(spec: AnalysisSpec) -> Standing:
    """How an analysis stands: its latest run against the rows and the plan of this moment."""
    present = dataset(spec)
    run = spec.runs.select_related("snapshot", "run_by").first()
    if run is None:
        return Standing(spec, None, present, (), ())
    return Standing(
        spec,
        run,
        present,
        changes(run.snapshot.rows, [asdict(row) for row in present.rows]),
        [
            f"{name.replace('_', ' ')}: {run.plan[name]} → {value}"
            for name, value in plan_of(spec).items()
            if run.plan.get(name) != value
        ],
    )


@transaction.atomic
def run(*, spec: AnalysisSpec, by) -> AnalysisRun:
    """Pool the present rows and keep the answer with the rows it came from. Earlier runs stay."""
    present = dataset(spec)
    snapshot = DatasetSnapshot.objects.create(
        review_id=spec.review_id,
        rows=[asdict(row) for row in present.rows],
        left_out=[asdict(row) for row in present.left_out],
        sha256=present.sha256,
    )
    result, refusal = None, ""
    try:
        result = as_json(present.rows, spec)
    except pooling.PoolingError as error:
        refusal = str(error)
    return AnalysisRun.objects.create(
        spec=spec,
        snapshot=snapshot,
        plan=plan_of(spec),
        result=result,
        refusal=refusal,
        versions=versions(),
        run_by=by,
    )


def rerun_stale(*, review: Review, by) -> list[AnalysisRun]:
    """Run every analysis that has no run yet or whose rows or plan have changed since."""
    stands = [standing(spec) for spec in review.analyses.select_related("outcome", "time_point", "review")]
    return [run(spec=each.spec, by=by) for each in stands if each.run is None or each.is_stale]


def plan_of(spec: AnalysisSpec) -> dict[str, object]:
    return {name: getattr(spec, name) for name in PLAN_FIELDS}


def versions() -> dict[str, str]:
    """What a run must name so that it can be repeated."""
    from reviewsite import __version__

    return {
        "winnow": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }

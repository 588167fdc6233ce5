"""Pools every stored run again from its own snapshot and says where the stored result differs."""

import math
from collections.abc import Iterator

from reviewsite.reviews.models import Review

from . import pooling
from .estimate.plan import plan_from
from .estimate.results import as_json
from .estimate.rows import sha256_of
from .models import AnalysisRun
from .runs import rows_of_run

TOLERANCE = 1e-9


def differences(review: Review) -> Iterator[str]:
    """Sentences, one for each run whose rows or result are not what they were."""
    runs = AnalysisRun.objects.filter(spec__review=review).select_related("spec", "snapshot")
    for run in runs:
        if sha256_of(rows_of_run(run)) != run.snapshot.sha256:
            yield f"run {run.pk} ({run.spec}): the rows of its snapshot do not match their hash"
        if not _same(run.result, _again(run)):
            yield f"run {run.pk} ({run.spec}): pooling its rows again gives another result"


def _again(run: AnalysisRun) -> object:
    try:
        return as_json(rows_of_run(run), plan_from(run.plan))
    except pooling.PoolingError:
        return None


def _same(stored: object, fresh: object) -> bool:
    """Equal in structure, and in numbers but for rounding of the last places between library versions."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        return stored.keys() == fresh.keys() and all(_same(stored[key], fresh[key]) for key in stored)
    if isinstance(stored, list) and isinstance(fresh, list):
        return len(stored) == len(fresh) and all(map(_same, stored, fresh))
    if isinstance(stored, (int, float)) and isinstance(fresh, (int, float)):
        return math.isclose(stored, fresh, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return stored == fresh

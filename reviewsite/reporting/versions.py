"""The rules of a living review: freeze a version with a hash, compare, open the round of an update."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext, gettext_noop

from analysis.runs import Standing, standings
from reviewsite.reviews.models import Review, Stage, record_act
from reviewsite.web.english import in_english
from screening.models import Report, ReviewVersion, Round
from screening.prisma.boxes import boxes
from screening.prisma.counts import included_studies
from screening.prisma.flow import imbalances
from screening.prisma.lasting import basis_content, lasting
from screening.prisma.past import facts_now
from screening.prisma.placing import place
from screening.prisma.report import flow_of
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import RoundRefused, open_round

from .changes import Changes, compare

PROTOCOL = (
    *("population", "intervention", "comparator", "outcomes", "study_designs"),
    *("inclusion_criteria", "exclusion_criteria", "registration"),
)


# How `changes` names them.
PROTOCOL_WORDS = (
    gettext_noop("population"),
    gettext_noop("intervention"),
    gettext_noop("comparator"),
    gettext_noop("outcomes"),
    gettext_noop("study designs"),
    gettext_noop("inclusion criteria"),
    gettext_noop("exclusion criteria"),
    gettext_noop("registration"),
)


class VersionRefused(Exception):
    """The version cannot be frozen or used as asked; the text is a sentence for the person."""


@transaction.atomic
def freeze(*, review: Review, name: str, by, note: str = "") -> ReviewVersion:
    """Keep the review as it is now, with a hash. Raises VersionRefused when it does not add up."""
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    name = name.strip()
    if not name:
        raise VersionRefused(gettext("Give the version a name, such as the journal and its date."))
    broken = imbalances(flow_of(review).counts)
    if broken:
        raise VersionRefused(gettext("The flow does not add up: %(broken)s") % {"broken": broken[0].sentence})
    content = content_of(review)
    last = review.versions.aggregate(last=Max("number"))["last"] or 0
    version = ReviewVersion.objects.create(
        review=review,
        number=last + 1,
        name=name[:120],
        note=note,
        content=content,
        sha256=sha256_of(content),
        frozen_by=by,
    )
    record_act(review, by, "version frozen", number=version.number, name=name, sha256=version.sha256)
    return version


def sha256_of(content: dict[str, Any]) -> str:
    """The hash of a version: of its content with sorted keys, so that any database gives the same."""
    told = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def is_untouched(version: ReviewVersion) -> bool:
    """Whether a version still says what it said when it was frozen."""
    return sha256_of(version.content) == version.sha256


@in_english()
def content_of(review: Review) -> dict[str, Any]:
    """Everything that a version keeps, as plain values; rows by names that last."""
    flow = flow_of(review)
    placed = place(facts_now(review))
    runs = review.search_runs.complete().annotate(n=Count("records")).order_by("run_on", "pk")
    included = Report.objects.filter(review=review).included()
    studies = included_studies(review).prefetch_related("reports__citation__representative")
    kept = set(included.values_list("pk", flat=True))
    return {
        "title": review.title,
        "protocol": {name: getattr(review.protocol, name) for name in PROTOCOL},
        "flow": [
            [line.key, line.label, line.count] for b in boxes(flow.counts, flow.words) for line in b.lines
        ],
        "runs": [
            {
                "run": lasting(run.created_at),
                "database": run.database,
                "on": run.run_on.isoformat(),
                "records": run.n,
            }
            for run in runs
        ],
        "studies": [
            {
                "study": lasting(study.created_at),
                "label": study.label,
                "registration": study.registration,
                "reports": sorted(str(report) for report in study.reports.all() if report.pk in kept),
            }
            for study in studies.order_by("label", "pk")
        ],
        "estimates": [_estimate(each) for each in standings(review)],
        "basis": basis_content(review, placed),
    }


def _estimate(now: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {"analysis": lasting(now.spec.created_at), "title": now.spec.title, "run": None}
    if now.run is None:
        return told
    result = now.run.result or {}
    names = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")
    return {
        **told,
        "run": lasting(now.run.run_at),
        "rows": now.run.snapshot.sha256,
        "is_stale": now.is_stale,
        "k": (result.get("scale") or {}).get("k"),
        "i2": (result.get("scale") or {}).get("i2"),
        "kind": (result.get("shown") or {}).get("kind", ""),
        "measure": (result.get("shown") or {}).get("label", ""),
        **{name: _plain(result.get(name)) for name in names},
    }


def _plain(value: float | None) -> float | None:
    """Without the sign of a nought, which PostgreSQL does not keep."""
    return None if value is None else value + 0.0


def latest_version(review: Review) -> ReviewVersion | None:
    return review.versions.order_by("-number").first()


def changes_since(version: ReviewVersion, until: ReviewVersion | None = None) -> Changes:
    """What changed from a version to another one, or to the review as it is now."""
    after = until.content if until else content_of(version.review)
    return compare(version.content, after)


def open_update_round(*, version: ReviewVersion, by) -> Round:
    """A round over what searches brought since a version, open on title and abstract."""
    try:
        return open_round(
            review=version.review,
            stage=Stage.TITLE_ABSTRACT,
            by=by,
            kind=Round.Kind.MAIN,
            name=f"Update since {version.name}"[:80],
            choice=Choice(How.SINCE, since=version.number),
        )
    except RoundRefused as refusal:
        raise VersionRefused(str(refusal)) from None

"""Which citations a list shows: narrowed by what is known of them and by what its reader may know."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from reviewsite.reviews.models import ExclusionReason, Review, Stage

from ..deciding.conclusions import Conclusion, Verdict
from ..models import Citation, Decision, Label, Labelling, Record
from ..rounds.participation import LIVE_CITATION


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to; an empty value does not narrow.

    mine: stage and verdict of the reader's own decision, as "title_abstract:include"; "none" for no decision.
    abstract: "yes" or "no".
    """

    text: str = ""
    title_abstract: str = ""
    full_text: str = ""
    mine: str = ""
    reason: ExclusionReason | None = None
    label: Label | None = None
    database: str = ""
    year_from: int | None = None
    year_to: int | None = None
    abstract: str = ""


def listed(review: Review, viewer: Any, wanted: Narrowing) -> QuerySet[Citation]:
    """The review's citations that match all that is wanted, in the order of import.

    Each condition is one list of keys that the database makes once, never a subquery for every citation.
    """
    found = review.citations.live()
    if wanted.title_abstract:
        found = found.filter(title_abstract_state=wanted.title_abstract)
    if wanted.full_text:
        found = found.at(Stage.FULL_TEXT).filter(full_text_state=wanted.full_text)
    if wanted.mine:
        found = _decided_by(found, review, viewer, *wanted.mine.split(":"))
    if wanted.reason:
        found = found.filter(_excluded_because(wanted.reason, viewer))
    if wanted.label:
        labelled = Labelling.objects.filter(label=wanted.label).standing().visible_to(viewer).order_by()
        found = found.filter(pk__in=labelled.annotate(live=LIVE_CITATION).values("live"))
    return _of_records(found, review, wanted)


def _decided_by(found: QuerySet[Citation], review: Review, viewer, stage: str, verdict: str):
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=viewer).screening().standing()
    mine = mine.order_by().annotate(live=LIVE_CITATION)
    if verdict == "none":
        return found.exclude(pk__in=mine.values("live"))
    return found.filter(pk__in=mine.filter(verdict=verdict).values("live"))


def _excluded_because(reason: ExclusionReason, viewer) -> Q:
    """The blinding rule: a colleague's reason counts once the citation has its decisions."""
    given = Decision.objects.filter(review_id=reason.review_id, reason=reason, verdict=Verdict.EXCLUDE)
    given = given.standing().order_by().annotate(live=LIVE_CITATION)
    concluded = ~Q(**{f"{reason.stage}_state": Conclusion.UNDECIDED})
    own = given.screening().filter(reviewer=viewer)
    return Q(pk__in=own.values("live")) | (concluded & Q(pk__in=given.values("live")))


def _of_records(found: QuerySet[Citation], review: Review, wanted: Narrowing) -> QuerySet[Citation]:
    """Narrowed by the records behind the citations: any copy for words and databases, else the one shown."""
    found = found.matching(review, text=wanted.text, database=wanted.database)
    records = Record.objects.filter(review=review).order_by()
    if wanted.year_from:
        found = found.filter(representative__in=records.filter(year__gte=wanted.year_from))
    if wanted.year_to:
        found = found.filter(representative__in=records.filter(year__lte=wanted.year_to))
    if wanted.abstract:
        without = Q(representative__in=records.filter(abstract=""))
        found = found.filter(without if wanted.abstract == "no" else ~without)
    return found

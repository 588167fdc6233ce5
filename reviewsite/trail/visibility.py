"""Which entries of the audit log a person may read: none that tells what is still blind to them.

An entry that is kept from somebody is not in their list at all: that a number is missing says that somebody
did something, never what. Whoever acted reads their own. No owner is above this.
"""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext, ngettext_lazy

from extraction.models import Assessment, Extraction
from reviewsite.reviews.models import AuditEntry, BlindKind, Review, Stage
from screening.deciding.conclusions import Conclusion
from screening.models import Citation, Decision, Round, RoundEvent
from screening.rounds.participation import rounds_at

VOTES = ngettext_lazy("%(count)s vote on %(stage)s", "%(count)s votes on %(stage)s", "count")
OWN_WORK = (
    (Extraction, "extractor", ngettext_lazy("%(count)s extraction", "%(count)s extractions", "count")),
    (
        Assessment,
        "assessor",
        ngettext_lazy("%(count)s judgement of risk of bias", "%(count)s judgements of risk of bias", "count"),
    ),
)


def entries_for(review: Review, viewer) -> QuerySet[AuditEntry]:
    """The entries that this person may read, newest first."""
    entries = AuditEntry.objects.filter(review=review)
    is_open = Q(blind_kind="")
    for stage in Stage.values:
        is_open |= Q(blind_kind=stage) & ~Q(blind_key__in=blind_citations(review, stage))
    for kind, model in ((BlindKind.EXTRACTION, Extraction), (BlindKind.ASSESSMENT, Assessment)):
        is_open |= Q(blind_kind=kind, blind_key__in=no_longer_blind(review, model))
    return entries.filter(is_open | Q(actor=viewer)).order_by("-number")


def blind_citations(review: Review, stage: str) -> QuerySet:
    """Keys of the citations, and of copies merged into them, that are blind at a stage (`queue.is_blind`)."""
    undecided = Citation.objects.filter(
        review=review, merged_into=None, **{f"{stage}_state": Conclusion.UNDECIDED}
    ).order_by()
    opened = set(
        RoundEvent.objects.filter(
            round__in=Round.objects.at(review.pk, stage), act=RoundEvent.Act.UNBLINDED
        ).values_list("round", flat=True)
    )
    for at in rounds_at(review, stage) if opened else ():
        if at.round and at.round.pk in opened:
            # An empty condition means every citation: the only round, which takes the rest.
            undecided = undecided.exclude(at.members) if at.members else undecided.none()
    live = undecided.values("pk")
    return Citation.objects.filter(Q(pk__in=live) | Q(merged_into__in=live)).order_by().values("pk")


def no_longer_blind(review: Review, model: type[Extraction] | type[Assessment]) -> QuerySet:
    """Keys of the extractions or assessments of studies on which two people have submitted."""
    same = {"study": OuterRef("study")}
    if model is Assessment:
        same["appraisal"] = OuterRef("appraisal")
    both = model.objects.filter(review=review, **same).current().independent().submitted().order_by()
    counted = both.values("study").annotate(n=Count("pk")).values("n")
    rows = model.objects.filter(review=review).order_by()
    found = rows.annotate(submitted=Subquery(counted, output_field=IntegerField()))
    return found.filter(submitted__gte=2).values("pk")


def blind_work(review: Review, viewer) -> list[str]:
    """What colleagues have done that is still blind to this person, in words; empty when nothing is."""
    told = []
    for stage in Stage:
        votes = Decision.objects.filter(review=review, stage=stage).standing().exclude(reviewer=viewer)
        if count := votes.filter(citation__in=blind_citations(review, stage)).count():
            told.append(VOTES % {"count": count, "stage": gettext(stage.label).lower()})
    for model, person, words in OWN_WORK:
        own = model.objects.filter(review=review).current().independent().exclude(**{person: viewer})
        if count := own.exclude(pk__in=no_longer_blind(review, model)).count():
            told.append(words % {"count": count})
    return told

"""What waits for a person, and for the owner how far everybody is. Reads only; blind-safe by construction."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from analysis.runs import stale_standings
from extraction.models import Assessment, Extraction
from reviewsite.reviews.models import Membership, Review, Stage
from reviewsite.web.language import ngettext_noop
from screening.models import Decision, DuplicateLink, Report, Retrieval
from screening.prisma.counts import included_studies
from screening.room import queue
from screening.room.queue import LIVE_CITATION, open_conflicts, open_reason_conflicts

CONFLICTS = {
    Stage.TITLE_ABSTRACT: ngettext_noop(
        "conflict to settle (title and abstract)", "conflicts to settle (title and abstract)"
    ),
    Stage.FULL_TEXT: ngettext_noop("conflict to settle (full text)", "conflicts to settle (full text)"),
}


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much of it, in words, and where it is done."""

    count: int
    words: tuple[str, str]
    url: str

    @property
    def label(self) -> str:
        return ngettext(*self.words, self.count)


def awaiting(review: Review, member: Membership) -> list[Waiting]:
    """The member's open work in the order of the review; kinds without any are left out."""
    kinds = [
        *(_screening(review, member) if member.may_screen else []),
        *(_settling(review) if member.may_adjudicate else []),
        *(_reports(review) if member.may_extract else []),
        *(_extracting(review, member) if member.may_extract else []),
        *(_analysing(review) if member.may_analyse else []),
    ]
    return [waiting for waiting in kinds if waiting.count]


def _screening(review: Review, member: Membership) -> list[Waiting]:
    unsure = DuplicateLink.objects.filter(review=review).awaiting_a_person().count()
    return [
        Waiting(
            unsure,
            ngettext_noop("possible duplicate to tell apart", "possible duplicates to tell apart"),
            _url("screening:duplicates", review),
        ),
        *(
            Waiting(
                queue.awaiting(review, member.user, stage).count(),
                words,
                _url("screening:screen", review, stage.value),
            )
            for stage, words in (
                (Stage.TITLE_ABSTRACT, ngettext_noop("abstract to screen", "abstracts to screen")),
                (Stage.FULL_TEXT, ngettext_noop("full text to screen", "full texts to screen")),
            )
        ),
    ]


def _settling(review: Review) -> list[Waiting]:
    return [
        Waiting(
            open_conflicts(review, stage).count(),
            CONFLICTS[stage],
            _url("screening:settle", review, stage.value),
        )
        for stage in Stage
    ] + [
        Waiting(
            open_reason_conflicts(review).count(),
            ngettext_noop("exclusion reason to settle", "exclusion reasons to settle"),
            _url("screening:settle", review, Stage.FULL_TEXT.value),
        )
    ]


def _reports(review: Review) -> list[Waiting]:
    reports = Report.objects.filter(review=review)
    return [
        Waiting(
            reports.in_retrieval(Retrieval.WANTED).count(),
            ngettext_noop("report to obtain", "reports to obtain"),
            _url("screening:reports", review),
        ),
        Waiting(
            reports.without_study().count(),
            ngettext_noop("report to group", "reports to group"),
            _url("screening:studies", review),
        ),
    ]


def _extracting(review: Review, member: Membership) -> list[Waiting]:
    return [
        Waiting(
            _left_to(member, Extraction.objects.filter(review=review), "extractor"),
            ngettext_noop("study to extract", "studies to extract"),
            _url("extraction:index", review),
        ),
        Waiting(
            _to_agree(review, Extraction.objects.filter(review=review)),
            ngettext_noop("extraction to compare and agree", "extractions to compare and agree"),
            _url("extraction:index", review),
        ),
        Waiting(
            sum(_left_to(member, each.assessments.all(), "assessor") for each in review.appraisals.all()),
            ngettext_noop("study to assess for bias", "studies to assess for bias"),
            _url("extraction:risk_of_bias", review),
        ),
        Waiting(
            sum(_to_agree(review, each.assessments.all()) for each in review.appraisals.all()),
            ngettext_noop("assessment to compare and agree", "assessments to compare and agree"),
            _url("extraction:risk_of_bias", review),
        ),
    ]


def _left_to(member: Membership, rows, person: str) -> int:
    """Included studies that still lack one of their two people, and on which this one has not submitted."""
    submitted = rows.current().independent().submitted().filter(study=OuterRef("pk"))
    studies = included_studies(member.review).annotate(
        by_me=Exists(submitted.filter(**{person: member.user})), is_agreed=Exists(_agreed(rows))
    )
    return studies.filter(by_me=False, is_agreed=False).exclude(pk__in=rows.studies_with_both()).count()


def _to_agree(review: Review, rows) -> int:
    """Included studies on which two have submitted and nothing is agreed."""
    studies = included_studies(review).annotate(is_agreed=Exists(_agreed(rows)))
    return studies.filter(pk__in=rows.studies_with_both(), is_agreed=False).count()


def _agreed(rows):
    return rows.agreed().filter(study=OuterRef("pk"))


def _analysing(review: Review) -> list[Waiting]:
    return [
        Waiting(
            len(stale_standings(review)),
            ngettext_noop("analysis to run again", "analyses to run again"),
            _url("analysis:index", review),
        )
    ]


def _url(name: str, review: Review, *args: str) -> str:
    return reverse(name, args=[review.slug, *args])


@dataclass(frozen=True)
class PersonProgress:
    """How many a member has done; numbers only, so that the owner cannot read a verdict from them."""

    member: Membership
    title_abstract: int
    full_text: int
    extracted: int
    assessed: int


def team_progress(review: Review) -> list[PersonProgress]:
    """Every current member's finished work."""
    votes = Decision.objects.filter(review=review).screening().standing().annotate(live=LIVE_CITATION)
    decided = {stage: _by_person(votes.filter(stage=stage), "reviewer", "live") for stage in Stage.values}
    extracted, assessed = (
        _by_person(rows.filter(review=review).independent().current().submitted(), person, "pk")
        for rows, person in ((Extraction.objects, "extractor"), (Assessment.objects, "assessor"))
    )
    return [
        PersonProgress(
            member,
            extracted=extracted.get(member.user_id, 0),
            assessed=assessed.get(member.user_id, 0),
            **{stage: counts.get(member.user_id, 0) for stage, counts in decided.items()},
        )
        for member in review.memberships.current().select_related("user").order_by("joined_at")
    ]


def _by_person(rows: QuerySet, person: str, what: str) -> dict[int, int]:
    """Person -> of how many different `what` they have rows."""
    counted = rows.order_by().values(person).annotate(n=Count(what, distinct=True))
    return dict(counted.values_list(person, "n"))

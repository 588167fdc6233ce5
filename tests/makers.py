"""Makers of valid histories for tests: state comes about through the real rules, never by setting columns."""

from itertools import count

from django.utils import timezone

from reviewsite.reviews.models import ExclusionReason, Membership, Protocol, Review, Role, Stage, User
from screening.deciding.decisions import record_decision
from screening.duplicates.deduplication import found_citations
from screening.models import Citation, Decision, Record, SearchRun

_numbers = count(1)
PASSWORD = "a long enough secret"


def make_user(name: str = "") -> User:
    number = next(_numbers)
    return User.objects.create_user(f"person{number}@example.org", PASSWORD, name=name or f"Person {number}")


def make_member(
    review: Review, role: str = Role.REVIEWER, *, name: str = "", is_adjudicator: bool = False
) -> User:
    user = make_user(name)
    Membership.objects.create(review=review, user=user, role=role, is_adjudicator=is_adjudicator)
    return user


def make_review(*, owner: User | None = None, decisions: int = 2, reasons: bool = True) -> Review:
    """A review with an owner, a protocol and, unless told otherwise, two exclusion reasons a stage."""
    owner = owner or make_user("Owner")
    review = Review.objects.create(slug=f"review-{next(_numbers)}", title="A review", created_by=owner)
    Membership.objects.create(review=review, user=owner, role=Role.OWNER, is_adjudicator=True)
    Protocol.objects.create(review=review, title_abstract_decisions=decisions, full_text_decisions=decisions)
    if reasons:
        for stage in Stage.values:
            for position, label in enumerate(["Wrong population", "Wrong publication type"], 1):
                ExclusionReason.objects.create(review=review, stage=stage, position=position, label=label)
    return review


def make_search_run(
    review: Review, titles: list[str], *, database: str = "PubMed", **fields: object
) -> SearchRun:
    """A complete run with one record a title; `fields` are given to every record."""
    run = SearchRun.objects.create(
        review=review, database=database, created_by=review.created_by, imported_at=timezone.now()
    )
    Record.objects.bulk_create(
        [
            Record(review=review, search_run=run, position=n, title=title, **fields)
            for n, title in enumerate(titles, 1)
        ]
    )
    found_citations(run)
    return run


def make_citation(review: Review, title: str = "A trial") -> Citation:
    return make_search_run(review, [title]).records.get().citation


def decide(citation: Citation, reviewer: User, verdict: str, stage: str = Stage.TITLE_ABSTRACT) -> Decision:
    """A verdict through the rule, with the first reason offered where one is needed."""
    reason = None
    if verdict == "exclude":
        reason = citation.review.exclusion_reasons.offered(stage).first()
    return record_decision(citation=citation, stage=stage, reviewer=reviewer, verdict=verdict, reason=reason)

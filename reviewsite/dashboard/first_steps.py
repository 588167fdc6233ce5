"""What a review needs before its work can flow. What is done is read from rows, not ticked by hand."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.reviews.models import Review, Stage


@dataclass(frozen=True)
class Step:
    """One thing to set up: what it is good for, where it is done, and whether it is."""

    label: str
    why: str
    url: str
    is_done: bool
    is_next: bool = False


def first_steps(review: Review) -> list[Step]:
    """The steps in the order in which a team takes them; none once all are done."""
    steps = [
        _question(review),
        _colleagues(review),
        _searches(review),
        _pilot(review),
        _form(review),
        _plan(review),
    ]
    upcoming = next((step for step in steps if not step.is_done), None)
    return [replace(step, is_next=step is upcoming) for step in steps] if upcoming else []


def _question(review: Review) -> Step:
    protocol = review.protocol
    return Step(
        _("Write the question and the criteria"),
        _("They stand beside every abstract, and their words can be highlighted in it."),
        _url("screening:protocol", review),
        bool(protocol.inclusion_criteria.strip() and (protocol.population or protocol.intervention).strip()),
    )


def _colleagues(review: Review) -> Step:
    wanted = review.protocol.title_abstract_decisions
    people = sum(member.may_screen for member in review.memberships.select_related("user"))
    told = _("The protocol wants %(wanted)s to decide on each abstract; %(people)s can screen now.")
    invited = review.invitations.open().count() if people < wanted else 0
    if invited:
        told += " " + ngettext("%(n)s is invited.", "%(n)s are invited.", invited)
    return Step(
        _("Bring in your colleagues"),
        told % {"wanted": wanted, "people": people, "n": invited},
        _url("reviews:members", review),
        people >= wanted,
    )


def _searches(review: Review) -> Step:
    return Step(
        _("Bring in the searches"),
        _("PubMed from here, or the export files of any database. Copies are found by themselves."),
        _url("screening:searches", review),
        review.search_runs.filter(imported_at__isnull=False).exists(),
    )


def _pilot(review: Review) -> Step:
    is_begun = review.decisions.filter(stage=Stage.TITLE_ABSTRACT).exists()
    return Step(
        _("Try the criteria on a pilot"),
        _("A few dozen abstracts that all read: agreement opens the main round. It can be left out."),
        _url("screening:team", review),
        review.rounds.exists() or is_begun,
    )


def _form(review: Review) -> Step:
    return Step(
        _("Make the extraction form and name the outcomes"),
        _(
            "Each outcome becomes rows to type numbers into, "
            "each question an answer with its place in the PDF."
        ),
        _url("extraction:form", review),
        review.form_versions.filter(published_at__isnull=False).exists() and review.outcomes.exists(),
    )


def _plan(review: Review) -> Step:
    return Step(
        _("Plan the analyses and freeze the plan"),
        _("What is planned before the data are seen counts for more; later changes are kept as deviations."),
        _url("analysis:plan", review),
        hasattr(review, "plan_freeze") or review.analyses.exists(),
    )


def _url(name: str, review: Review) -> str:
    return reverse(name, args=[review.slug])

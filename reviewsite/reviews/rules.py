"""The rules of reviews and their members; the only writer of both."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .models import ExclusionReason, Membership, Protocol, Review, Role, Stage, User, record_act
from .second_factors import has_second_factor
from .starting_points import PLAIN, STARTING_POINTS


class MembershipRefused(Exception):
    """The change to the team cannot be made; the text is a sentence for the person."""


@transaction.atomic
def create_review(*, title: str, owner: User, slug: str = "", note: str = "", start: str = PLAIN) -> Review:
    """A review with its owner; its protocol holds what the starting point gives, in the owner's language."""
    given = STARTING_POINTS[start]
    review = Review.objects.create(
        title=title.strip(), slug=slug or free_slug(title), note=note, created_by=owner
    )
    Membership.objects.create(review=review, user=owner, role=Role.OWNER, is_adjudicator=True)
    Protocol.objects.create(
        review=review, study_designs=_(given.study_designs) if given.study_designs else ""
    )
    ExclusionReason.objects.bulk_create(
        ExclusionReason(review=review, stage=stage, position=position, label=_(label))
        for stage in Stage.values
        for position, label in enumerate(given.reasons, 1)
    )
    record_act(review, owner, "review created", title=review.title)
    return review


def free_slug(title: str) -> str:
    """A short address from the title that no review has yet."""
    stem = slugify(title)[:48].strip("-") or "review"
    slug, number = stem, 2
    while Review.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug


@transaction.atomic
def add_member(*, review: Review, email: str, role: str, by: User) -> Membership:
    """Give a person who has an account a role in the review."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise MembershipRefused(
            _("Nobody has an account as %(email)s yet. Invite them by a link instead, above.")
            % {"email": email}
        )
    if review.memberships.current().filter(user=user).exists():
        raise MembershipRefused(
            _("%(person)s is a member already; change their role in the list.") % {"person": user}
        )
    membership = Membership.objects.create(review=review, user=user, role=role)
    record_act(review, by, "member added", person=user.email, role=role)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Another role for a member. A review keeps at least one owner."""
    _keep_an_owner(membership, new_role=role)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    if before != role:
        record_act(
            membership.review, by, "role changed", person=membership.user.email, before=before, after=role
        )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """The person leaves; what they decided and extracted stays theirs."""
    _keep_an_owner(membership, new_role=None)
    membership.left_at = timezone.now()
    membership.save(update_fields=["left_at"])
    record_act(membership.review, by, "member left", person=membership.user.email)


@transaction.atomic
def ask_for_two_factors(*, review: Review, is_asked: bool, by: User) -> None:
    """Let in only people with a second factor, or everybody again. Raises MembershipRefused."""
    if is_asked and not has_second_factor(by):
        raise MembershipRefused(
            _("Set up a second factor on your own account first; you would be the first whom it keeps out.")
        )
    if review.requires_two_factors != is_asked:
        review.requires_two_factors = is_asked
        review.save(update_fields=["requires_two_factors"])
        record_act(review, by, "second factor asked for" if is_asked else "second factor no longer asked for")


def _keep_an_owner(membership: Membership, new_role: str | None) -> None:
    owners = membership.review.memberships.current().filter(role=Role.OWNER).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and new_role != Role.OWNER and not owners.exists():
        raise MembershipRefused(_("A review needs an owner: make somebody else an owner first."))


def choose_language(*, user: User, language: str) -> None:
    """The language in which a person reads pages and gets mail; one that there is not changes nothing."""
    if language in dict(settings.LANGUAGES):
        user.language = language
        user.save(update_fields=["language"])

"""The rules of invitations: who is asked to join, and the link that lets them in once."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviewsite.web.language import in_language_of

from .models import Invitation, Membership, Review, User, record_act
from .rules import MembershipRefused


class InvitationRefused(Exception):
    """The link does not let this person in; the text is a sentence for them."""


@transaction.atomic
def invite(*, review: Review, email: str, role: str, by: User) -> tuple[Invitation, str]:
    """A new invitation and its secret, which is told once and kept only as a digest.

    An earlier open one to the same address ends: its role may have been a mistake. Raises MembershipRefused.
    """
    email = email.strip().lower()
    if review.memberships.current().filter(user__email__iexact=email).exists():
        raise MembershipRefused(
            _("%(person)s is a member already; change their role in the list.") % {"person": email}
        )
    review.invitations.open().filter(email=email).update(withdrawn_at=timezone.now())
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        review=review,
        email=email,
        role=role,
        token_digest=_digest(secret),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
    )
    record_act(review, by, "person invited", email=email, role=role)
    return invitation, secret


def send(invitation: Invitation, link: str) -> bool:
    """Write to the person; whether the mail server took it. The link works all the same when it did not.

    In their own language where they have an account; else in that of whoever invites them.
    """
    asked = User.objects.filter(email__iexact=invitation.email).first()
    with in_language_of(asked, invitation.invited_by):
        subject, message = _letter(invitation, link)
    return bool(
        send_mail(
            subject=subject,
            message=message,
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[invitation.email],
            fail_silently=True,
        )
    )


def _letter(invitation: Invitation, link: str) -> tuple[str, str]:
    """Subject and text, in the language that is spoken now."""
    told = {
        "who": invitation.invited_by,
        "title": invitation.review.title,
        "role": _(invitation.get_role_display()).lower(),
        "link": link,
        "email": invitation.email,
        "day": date_format(invitation.expires_at, "j F Y"),
    }
    subject = _("%(who)s asks you to join a systematic review") % told
    message = _(
        "%(who)s asks you to join the review “%(title)s” in Winnow as %(role)s.\n\n%(link)s\n\n"
        "The link works once, for the address %(email)s, until %(day)s. If you did not expect it, do nothing."
    )
    return subject, message % told


def invitation_of(secret: str) -> Invitation:
    """The invitation behind a link. Raises InvitationRefused: unknown, used, taken back or over."""
    known = Invitation.objects.select_related("review", "invited_by")
    found = known.filter(token_digest=_digest(secret)).first()
    if found is None or found.withdrawn_at:
        raise InvitationRefused(_("This invitation does not exist any more. Ask for a new one."))
    if found.accepted_at:
        raise InvitationRefused(_("This invitation was used already. Sign in with the account that used it."))
    if not found.is_open:
        raise InvitationRefused(_("This invitation is over: it was not used in time. Ask for a new one."))
    return found


@transaction.atomic
def accept(*, secret: str, user: User) -> Membership:
    """Make the person a member. Raises InvitationRefused, also for another address than the one invited."""
    invitation = invitation_of(secret)
    # Two tabs at once: the second waits here and finds it used.
    locked = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if not locked.is_open:
        raise InvitationRefused(_("This invitation was used already."))
    if user.email.lower() != invitation.email:
        raise InvitationRefused(
            _(
                "This invitation is for another address. "
                "Sign in with the account of the address it was sent to."
            )
        )
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    current = invitation.review.memberships.current().filter(user=user).first()
    if current is not None:
        return current
    member = Membership.objects.create(review=invitation.review, user=user, role=invitation.role)
    record_act(invitation.review, user, "invitation accepted", role=invitation.role)
    return member


@transaction.atomic
def take_back(*, invitation: Invitation, by: User) -> None:
    if invitation.is_open:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        record_act(invitation.review, by, "invitation taken back", email=invitation.email)


def _digest(secret: str) -> str:
    # The secret has 256 bits of chance, so a plain digest cannot be searched for it.
    return hashlib.sha256(secret.encode()).hexdigest()

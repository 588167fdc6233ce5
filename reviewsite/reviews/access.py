"""The only door from a URL to a review.

Every view that names a review is wrapped in `review_member`. A stranger gets the same 404 as for a
review that does not exist; a member without the right role gets a 403 page that says who can help.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext

from .models import Membership, Role
from .second_factors import has_second_factor

View = Callable[..., HttpResponse]


class SecondFactorNeeded(PermissionDenied):
    """The review lets in only people with a second factor, and this account has none."""

    asks_for_second_factor = True


def membership_of(user, slug: str) -> Membership:
    """This person's current membership in the review, with the review and its protocol; 404 for strangers.

    Raises SecondFactorNeeded where the review asks for one and the account has none.
    """
    try:
        found = (
            Membership.objects.current()
            .select_related("review__protocol", "user")
            .get(review__slug=slug, user=user)
        )
    except Membership.DoesNotExist:
        raise Http404("No such review") from None
    if found.review.requires_two_factors and not has_second_factor(user):
        raise SecondFactorNeeded(
            gettext(
                "This review asks for a second factor on your account: an authenticator app or a passkey. "
                "Set one up under your name, Two-factor sign-in; then come back."
            )
        )
    return found


def member_of(user, slug: str, *roles: Role) -> Membership:
    """As `membership_of`; with roles named, only those and the owner. Raises PermissionDenied."""
    membership = membership_of(user, slug)
    if roles and membership.role not in {Role.OWNER, *roles}:
        raise PermissionDenied(gettext("Your role in this review does not allow this."))
    return membership


def review_member(*roles: Role) -> Callable[[View], View]:
    """Let members in; with roles named, only those and the owner.

    The view gets the review in place of the slug; `request.membership` says who asks and in which role.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponse:
            membership = member_of(request.user, slug, *roles)
            request.membership = membership
            return view(request, membership.review, *args, **kwargs)

        return guarded

    return decorate


def adjudicator(view: View) -> View:
    """Behind `review_member`: only people whom the protocol names to settle conflicts."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.membership.may_adjudicate:
            raise PermissionDenied(
                gettext("Only people whom the protocol names to settle conflicts may do this.")
            )
        return view(request, *args, **kwargs)

    return guarded

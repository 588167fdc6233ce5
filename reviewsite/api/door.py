"""Who asks, and the one door to a review: `access.membership_of`, as for every page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import HttpBearer

from reviewsite.reviews.access import member_of
from reviewsite.reviews.models import Membership, Role

from .tokens import token_for


class BearerToken(HttpBearer):
    """`Authorization: Bearer wnw_...`; cookies are not looked at, so no other site can act for anybody."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = token_for(token)
        if found is not None:
            request.user = found.person
        return found


def member(request: HttpRequest, slug: str, *roles: Role) -> Membership:
    """The asker's membership; 404 for strangers, 403 for members without the role."""
    return member_of(request.user, slug, *roles)


def writer(request: HttpRequest, slug: str, *roles: Role) -> Membership:
    """As `member`, for a call that changes something: the token must be one that may."""
    membership = member_of(request.user, slug, *roles)
    if not request.auth.may_write:  # type: ignore[attr-defined]
        raise PermissionDenied("This token may only read. Make one that may also write.")
    return membership

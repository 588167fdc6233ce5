"""What Winnow decides of accounts and allauth asks for: who may sign up, what a person is called."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from .invitations import InvitationRefused, invitation_of
from .models import User

INVITED_BY = "invitation"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to all, or only to people who come by an invitation that is still good."""
        if settings.SIGNUP == "open":
            return True
        try:
            return bool(invitation_of(request.session.get(INVITED_BY, "")))
        except InvitationRefused:
            return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return _invitation(request) or super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return _invitation(request) or super().get_signup_redirect_url(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        """Whom the institution lets sign in has an account, unless people come by invitation only."""
        return AccountAdapter(request).is_open_for_signup(request)

    def populate_user(self, request: HttpRequest, sociallogin, data: dict) -> User:
        user = super().populate_user(request, sociallogin, data)
        given = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        user.name = (given or user.email.partition("@")[0])[:150]
        return user


def _invitation(request: HttpRequest) -> str:
    """The page of the invitation that a person came by, which their account was made for; else empty."""
    secret = request.session.get(INVITED_BY, "")
    try:
        invitation_of(secret)
    except InvitationRefused:
        return ""
    return reverse("reviews:invitation", args=[secret])

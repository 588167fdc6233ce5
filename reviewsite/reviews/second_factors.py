"""Whether an account asks for more than a password."""

from allauth.mfa.models import Authenticator

from .models import User

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether signing in asks this person for an authenticator app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=KINDS).exists()

"""The rules of tokens: make, take back, find; the only writer of them."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import ApiToken

PREFIX = "wnw_"
MOST_TOKENS = 20
# Written at most this often, so that reading by a program does not write at each call.
NOTED_EVERY = timedelta(minutes=10)


class TokenRefused(Exception):
    """The token cannot be made; the text is a sentence for the person."""


def make_token(*, person, name: str, may_write: bool, days: int | None) -> tuple[ApiToken, str]:
    """A new token and its text, which is stored nowhere and cannot be shown again."""
    if ApiToken.objects.filter(person=person).working().count() >= MOST_TOKENS:
        raise TokenRefused(
            _("You have %(most)s tokens; take one back that you no longer need.") % {"most": MOST_TOKENS}
        )
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person,
        name=name.strip(),
        begins_with=text[: len(PREFIX) + 4],
        sha256=digest(text),
        may_write=may_write,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    return token, text


def revoke(*, token: ApiToken) -> None:
    """From now on nobody signs in with it."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def token_for(text: str) -> ApiToken | None:
    """The working token of this text. It is 256 random bits, so a plain hash of it cannot be tried out."""
    token = ApiToken.objects.working().select_related("person").filter(sha256=digest(text)).first()
    now = timezone.now()
    if token and (token.last_used_at is None or now - token.last_used_at > NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

"""What a person sees when something broke: a sentence that says what became of what they sent.

Written without the database and the session, which may be what broke.
"""

import errno
import smtplib
import socket
import sys
import traceback

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
# How each database says that it has no room: SQLite in words, PostgreSQL by class 53.
FULL_WORDS = ("disk is full", "no space left")
NOTHING_KEPT = gettext_lazy(
    "Nothing of what you sent was kept. Go back, and your text is still there; try again in a moment."
)


MAIL_NOT_SENT = gettext_lazy(
    "The mail was not sent; an account that you have just made is kept. Sign in or ask for the mail again in "
    "a moment; if that does not help, tell the person who runs this site."
)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with a way on where the disk or the database is to blame; else a plain 500."""
    error = sys.exc_info()[1]
    if isinstance(error, OSError) and error.errno in FULL:
        return _answer(_("The disk of this site is full"), NOTHING_KEPT, 503)
    if _is_of_the_mail(error):
        return _answer(_("The mail server of this site does not answer just now"), MAIL_NOT_SENT, 503)
    if isinstance(error, OperationalError | InterfaceError):
        if any(words in str(error).lower() for words in FULL_WORDS):
            return _answer(_("The disk of this site is full"), NOTHING_KEPT, 503)
        return _answer(_("The database does not answer just now"), NOTHING_KEPT, 503)
    told = _(
        "This is a mistake of ours, not yours. What you sent before is kept; this last step was not done. "
        "Report it with the number %(number)s."
    )
    return _answer(_("Something went wrong"), told % {"number": _number(request)}, 500)


def _is_of_the_mail(error: BaseException | None) -> bool:
    """Whether a mail could not be sent: a refusal of the server, or no way to it."""
    if isinstance(error, smtplib.SMTPException):
        return True
    if not isinstance(error, TimeoutError | ConnectionError | socket.gaierror) or error.__traceback__ is None:
        return False
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == "smtplib" for frame, _line in frames)


def _answer(title: str, sentence: object, status: int) -> HttpResponse:
    page = render_to_string("500.html", {"title": title, "sentence": sentence})
    headers = {"Retry-After": "30"} if status == 503 else {}
    return HttpResponse(page, status=status, headers=headers)


def _number(request: HttpRequest) -> str:
    return getattr(request, "log_number", "")

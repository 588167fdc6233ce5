"""In which language a page is, and the texts that scripts show.

What lies outside of a request (workers, commands) and what is stored, exported or drawn for a paper is in
English whoever caused it: words in the audit log, hashes and files must not depend on who looks.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Choices
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.i18n import JavaScriptCatalog

# Programs read these: their answers do not change with the language of whoever started the program.
FOR_PROGRAMS = ("/api/v1/", "/metrics", "/health/", "/texts/")
# The apps whose scripts have texts of their own.
ROOMS = ("reviewsite", "reviewsite.reporting", "screening", "extraction", "analysis")
SCRIPT_CATALOGS = "locale/*/LC_MESSAGES/djangojs.mo"
A_YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Answers in the language of the account, else of the cookie, else of the browser, else of the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FOR_PROGRAMS):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        request.LANGUAGE_CODE = language = language_for(request)
        # Left again at the end: what is streamed after it (exports) is in English, as files are.
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_for(request: HttpRequest) -> str:
    account = request.user.language if request.user.is_authenticated else ""
    for chosen in (account, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if chosen in dict(settings.LANGUAGES):
            return chosen
    return _asked_for(request.headers.get("Accept-Language", "")) or settings.SITE_LANGUAGE


def _asked_for(header: str) -> str:
    """The first language of an Accept-Language header that there is, be it for another country."""
    for code, _ in parse_accept_lang_header(header):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


@contextmanager
def in_language_of(*people: object) -> Iterator[None]:
    """The language of the first of these people who has one, for mail; else the one that is spoken now."""
    chosen = next((each.language for each in people if getattr(each, "language", "")), None)
    with translation.override(chosen or translation.get_language()):
        yield


def script_texts_address() -> str:
    """The file of texts for scripts in the present language; its address changes when a text does."""
    return reverse("script_texts", args=[translation.get_language(), _version()])


@cache
def _version() -> str:
    found = sorted(
        path
        for room in ROOMS
        for path in Path(apps.get_app_config(room.rpartition(".")[2]).path).glob(SCRIPT_CATALOGS)
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:12]


def script_texts(request: HttpRequest, language: str, version: str) -> HttpResponse:
    """`gettext`, `ngettext` and `interpolate` for scripts, with the texts of one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404("No such language")
    with translation.override(language):
        response = JavaScriptCatalog.as_view(packages=ROOMS)(request)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def shown_choices(choices: type[Choices]) -> list[tuple[Any, Promise]]:
    """The choices of a form field in the reader's language; the labels themselves stay English."""
    return [(value, gettext_lazy(label)) for value, label in choices.choices]


def ngettext_noop(one: str, several: str) -> tuple[str, str]:
    """Marks one and several of a thing for a later `ngettext(*words, count)`."""
    return one, several

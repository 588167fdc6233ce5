"""The API as a whole: who may, what goes wrong, and its description as OpenAPI."""

from math import ceil
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Throttled, ValidationError

from extraction.bias.amending import NoSuchPart
from extraction.bias.assessments import AssessmentRefused
from extraction.entering.addresses import NoSuchCell
from extraction.entering.entry import ExtractionRefused
from reviewsite import __version__
from screening.deciding.decisions import DecisionRefused

from . import bias, reading, reading_reports, writing  # noqa: F401 - they put their operations on the router
from .door import BearerToken
from .errors import Refused
from .limits import CallsOfAToken
from .router import router
from .schemas import Problem

NAMESPACE = "winnow-api"
PROBLEMS = {400: "The body is no JSON."}
PROBLEMS |= {401: "No token, or none that works.", 403: "Your role or the token does not allow this."}
PROBLEMS |= {
    404: "Not there, or not for you.",
    409: "What stands does not allow this.",
    422: "Not understood.",
    429: "More calls in this minute than a token may make; Retry-After says when it may again.",
}

api = NinjaAPI(
    title="Winnow",
    version=__version__,
    description="Read all that you may see in your reviews, write decisions, extractions, risk of bias.",
    urls_namespace=NAMESPACE,
    auth=BearerToken(),
    throttle=CallsOfAToken(),
    docs_url=None,
)
api.add_router("", router)


def _document_problems() -> None:
    """Every operation may answer with each of these; the description says so."""
    for view in router.path_operations.values():
        for operation in view.operations:
            for status in PROBLEMS:
                operation.response_models.setdefault(status, operation._create_response_model(Problem))


_document_problems()


def _answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: Any) -> HttpResponse:
    told = "Send a token of yours as “Authorization: Bearer …”; make one on your account page."
    answer = _answer(request, 401, told)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, 403, str(error) or "You may not do this.")


@api.exception_handler(Http404)
@api.exception_handler(NoSuchCell)
def _not_there(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, 404, "There is nothing of that name here that you may see.")


@api.exception_handler(DecisionRefused)
@api.exception_handler(ExtractionRefused)
@api.exception_handler(AssessmentRefused)
def _refused_by_a_rule(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, 409, str(error))


@api.exception_handler(NoSuchPart)
def _no_such_part(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, 422, str(error))


@api.exception_handler(Throttled)
def _too_often(request: HttpRequest, error: Any) -> HttpResponse:
    most = settings.API_CALLS_A_MINUTE
    return _answer(
        request, 429, f"A token may call {most} times a minute. Try again in {ceil(error.wait)} s."
    )


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, error.status, str(error))


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: Any) -> HttpResponse:
    told = [f"{'.'.join(str(part) for part in each['loc'][1:])}: {each['msg']}" for each in error.errors[:10]]
    return _answer(request, 422, "; ".join(told))

"""What is logged: one line a request and an event, without anything that names a person or quotes a record.

An address is written as its route (`reviews/<slug:slug>/members/`), an exception as its kind and place:
the words of an exception may hold an e-mail address (a broken constraint names the value) or a title.
"""

import json
import logging
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("winnow.request")
# What an event of ours may say beside its sentence.
FIELDS = ("method", "route", "status", "milliseconds", "request")


class RequestLogMiddleware:
    """One line a request, and its number in the answer: a report of a person can be found in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, number = time.monotonic(), uuid.uuid4().hex[:16]
        request.log_number = number
        response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        told = {
            "method": request.method,
            "route": route_of(request),
            "status": response.status_code,
            "milliseconds": round((time.monotonic() - started) * 1000),
            "request": number,
        }
        logger.log(logging.WARNING if response.status_code >= 500 else logging.INFO, "answered", extra=told)
        return response


def route_of(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return match.route if match else "unknown"


def told_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says, as far as it may be said."""
    told: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": _sentence(record),
    }
    told |= {
        name: getattr(record, name) for name in FIELDS if isinstance(getattr(record, name, None), str | int)
    }
    if isinstance(getattr(record, "request", None), HttpRequest):
        told |= {"route": route_of(record.request), "request": getattr(record.request, "log_number", "")}
    if record.exc_info and record.exc_info[0]:
        told["exception"] = record.exc_info[0].__name__
        told["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])][
            -12:
        ]
    return told


def _sentence(record: logging.LogRecord) -> str:
    """Django's own records hold the address, a host name or what was posted; only their pattern is kept."""
    if record.name.startswith("django"):
        return str(record.msg)
    return record.getMessage()


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(told_of(record), ensure_ascii=False)


class LineFormatter(logging.Formatter):
    """The same for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        told = told_of(record)
        places = told.pop("at", [])
        first = f"{told.pop('time')} {told.pop('level')} {told.pop('logger')}: {told.pop('event')}"
        rest = " ".join(f"{name}={value}" for name, value in told.items())
        return "\n    ".join([f"{first} {rest}".rstrip(), *places])

"""Addresses that only take forms, when a browser opens one: it is led to the page that has the form.

That happens to whoever changes the language after a refused form, signs in again where a form was sent, or
goes back by the address bar.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import Resolver404, resolve


class FormAddressMiddleware:
    """Redirects a person who reads such an address to the nearest page above it; programs get their 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refused = isinstance(response, HttpResponseNotAllowed) and request.method == "GET"
        if is_refused and "text/html" in request.headers.get("Accept", ""):
            return redirect(page_above(request.path))
        return response


def page_above(path: str) -> str:
    """The nearest address above this one that there is; it may take only forms itself, and is led on then."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"

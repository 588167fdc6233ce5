"""One's own tokens, and the documentation that can be tried out."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .describing import operations
from .forms import TokenForm
from .models import ApiToken
from .site import api
from .tokens import TokenRefused, make_token, revoke


@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    return _page(request, TokenForm())


@require_POST
@login_required
@never_cache
def token_make(request: HttpRequest) -> HttpResponse:
    """The new token stands on the answer to this post and nowhere else."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            token, text = make_token(person=request.user, **form.cleaned_data)
            return _page(request, TokenForm(), made=token, shown_once=text)
        except TokenRefused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form, status=422)


@require_POST
@login_required
def token_revoke(request: HttpRequest, token_pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, person=request.user, pk=token_pk)
    revoke(token=token)
    messages.success(request, _("“%(name)s” no longer works.") % {"name": token.name})
    return redirect("api:tokens")


def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation, each with a form that tries it. Our own page: others need inline scripts."""
    described = api.get_openapi_schema(path_prefix="/api/v1/")
    context = {"groups": operations(json.loads(json.dumps(described, default=str)))}
    return render(request, "api/documentation.html", context)


def _page(request: HttpRequest, form: TokenForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "tokens": ApiToken.objects.filter(person=request.user), **more}
    return render(request, "api/tokens.html", context, status=status)

"""Leads from step to step. Where a person is stands in their session: they can leave and come back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review

from .steps import STEPS

KEPT = "tour"


@review_member()
def resume(request: HttpRequest, review: Review) -> HttpResponse:
    """The step at which the person left, or the first."""
    return redirect("tour:step", review.slug, request.session.get(KEPT, 1))


@review_member()
def step(request: HttpRequest, review: Review, number: int) -> HttpResponse:
    """The page of a step; steps are counted from 1."""
    if not 1 <= number <= len(STEPS):
        raise Http404("The tour has no such step.")
    request.session[KEPT] = number
    here = STEPS[number - 1]
    return redirect(f"{reverse(here.page, args=[review.slug])}?tour={number}")

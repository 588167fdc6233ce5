"""One's own reviews, a new one, and the team of a review."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from . import jobs
from .access import review_member
from .forms import MemberForm, ReviewForm
from .models import Job, Review, Role
from .rules import MembershipRefused, add_member, change_role, create_review, end_membership


def home(request: HttpRequest) -> HttpResponse:
    """One's reviews; for a visitor, what Winnow is."""
    if not request.user.is_authenticated:
        return render(request, "reviews/welcome.html")
    reviews = Review.objects.open_to(request.user).order_by("-created_at")
    return render(request, "reviews/home.html", {"reviews": reviews})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        review = create_review(owner=request.user, **form.cleaned_data)
        messages.success(request, "The review is made. Start with its question and criteria.")
        return redirect("screening:protocol", review.slug)
    return render(request, "reviews/new.html", {"form": form}, status=422 if form.errors else 200)


@review_member()
def members(request: HttpRequest, review: Review) -> HttpResponse:
    return _team(request, review, MemberForm())


@require_POST
@review_member(Role.OWNER)
def member_add(request: HttpRequest, review: Review) -> HttpResponse:
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            member = add_member(review=review, by=request.user, **form.cleaned_data)
            messages.success(request, f"{member.user} is now {member.get_role_display().lower()}.")
            return redirect("reviews:members", review.slug)
        except MembershipRefused as refusal:
            form.add_error("email", str(refusal))
    return _team(request, review, form, status=422)


@require_POST
@review_member(Role.OWNER)
def member_change(request: HttpRequest, review: Review, membership_pk: int) -> HttpResponse:
    membership = get_object_or_404(review.memberships.current(), pk=membership_pk)
    try:
        if request.POST.get("act") == "leave":
            end_membership(membership=membership, by=request.user)
        elif request.POST.get("role") in Role.values:
            change_role(membership=membership, role=request.POST["role"], by=request.user)
    except MembershipRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("reviews:members", review.slug)


@review_member(Role.OWNER)
def audit(request: HttpRequest, review: Review) -> HttpResponse:
    """Who changed what and when, newest first."""
    entries = review.audit_entries.select_related("actor")
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(request, "reviews/audit.html", {"review": review, "page": page})


@require_POST
@review_member(Role.REVIEWER, Role.STATISTICIAN)
def job_cancel(request: HttpRequest, review: Review, job_pk: int) -> HttpResponse:
    job = get_object_or_404(Job, review=review, pk=job_pk)
    jobs.request_cancel(job)
    messages.info(request, "The job stops at its next step; nothing of it is kept.")
    return redirect("screening:searches", review.slug)


def _team(request: HttpRequest, review: Review, form: MemberForm, status: int = 200) -> HttpResponse:
    team = review.memberships.current().select_related("user").order_by("joined_at")
    context = {"review": review, "members": team, "form": form, "roles": Role}
    return render(request, "reviews/members.html", context, status=status)

"""One's own reviews, a new one, and the team of a review."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from . import invitations, jobs
from .access import review_member
from .accounts import INVITED_BY
from .forms import InvitationForm, MemberForm, ReviewForm
from .models import Job, Review, Role
from .rules import (
    MembershipRefused,
    add_member,
    ask_for_two_factors,
    change_role,
    choose_language,
    create_review,
    end_membership,
)

NEW_LINK = "new_invitation"


def home(request: HttpRequest) -> HttpResponse:
    """One's reviews; for a visitor, what Winnow is."""
    if not request.user.is_authenticated:
        return render(request, "reviews/welcome.html")
    reviews = Review.objects.open_to(request.user).order_by("-created_at")
    context = {"reviews": reviews, "invited_by": request.session.get(INVITED_BY, "")}
    return render(request, "reviews/home.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        review = create_review(owner=request.user, **form.cleaned_data)
        messages.success(request, _("The review is made. Start with its question and criteria."))
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
            told = {"person": member.user, "role": _(member.get_role_display()).lower()}
            messages.success(request, _("%(person)s is now %(role)s.") % told)
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


@require_POST
@review_member(Role.OWNER)
def invite_person(request: HttpRequest, review: Review) -> HttpResponse:
    """A link for one person; it is shown here once, and written to them where mail is set up."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            made, secret = invitations.invite(review=review, by=request.user, **form.cleaned_data)
            link = request.build_absolute_uri(reverse("reviews:invitation", args=[secret]))
            # Only its digest is stored, so the page after this one is the only one that can show it.
            request.session[NEW_LINK] = {
                "email": made.email,
                "link": link,
                "is_sent": invitations.send(made, link),
            }
            return redirect("reviews:members", review.slug)
        except MembershipRefused as refusal:
            form.add_error("email", str(refusal))
    return _team(request, review, MemberForm(), status=422, invitation_form=form)


@require_POST
@review_member(Role.OWNER)
def invitation_take_back(request: HttpRequest, review: Review, invitation_pk: int) -> HttpResponse:
    found = get_object_or_404(review.invitations, pk=invitation_pk)
    invitations.take_back(invitation=found, by=request.user)
    messages.info(request, _("The link for %(email)s lets nobody in any more.") % {"email": found.email})
    return redirect("reviews:members", review.slug)


@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What one is asked to join. A visitor signs in or up first; the link is remembered for them."""
    try:
        found = invitations.invitation_of(secret)
        if request.method == "POST" and request.user.is_authenticated:
            member = invitations.accept(secret=secret, user=request.user)
            request.session.pop(INVITED_BY, None)
            role = _(member.get_role_display()).lower()
            messages.success(request, _("You are now %(role)s of this review.") % {"role": role})
            return redirect(member.review)
    except invitations.InvitationRefused as refusal:
        request.session.pop(INVITED_BY, None)
        return render(request, "reviews/invitation.html", {"refusal": str(refusal)}, status=410)
    request.session[INVITED_BY] = secret
    return render(request, "reviews/invitation.html", {"invitation": found})


@require_POST
@review_member(Role.OWNER)
def two_factors(request: HttpRequest, review: Review) -> HttpResponse:
    try:
        ask_for_two_factors(review=review, is_asked=request.POST.get("ask") == "yes", by=request.user)
    except MembershipRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("reviews:members", review.slug)


@require_POST
@review_member(Role.REVIEWER, Role.STATISTICIAN)
def job_cancel(request: HttpRequest, review: Review, job_pk: int) -> HttpResponse:
    job = get_object_or_404(Job, review=review, pk=job_pk)
    jobs.request_cancel(job, request.user)
    messages.info(request, _("The job stops at its next step; nothing of it is kept."))
    page = "reporting:kits" if job.kind == Job.Kind.REPORT else "screening:searches"
    return redirect(page, review.slug)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The chosen language, for this browser by a cookie and for a person wherever they sign in."""
    if request.user.is_authenticated:
        choose_language(user=request.user, language=request.POST.get("language", ""))
    return i18n.set_language(request)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of every refusal, which says what would help."""
    return render(request, "403.html", {"exception": exception}, status=403)


def _team(
    request: HttpRequest,
    review: Review,
    form: MemberForm,
    status: int = 200,
    invitation_form: InvitationForm | None = None,
) -> HttpResponse:
    team = review.memberships.current().select_related("user").order_by("joined_at")
    context = {
        "review": review,
        "members": team,
        "form": form,
        "roles": Role,
        "invitation_form": invitation_form or InvitationForm(auto_id="invite_%s"),
        "invitations": review.invitations.open() if request.membership.is_owner else (),
        "new_link": request.session.pop(NEW_LINK, None),
        "days": settings.INVITATION_DAYS,
    }
    return render(request, "reviews/members.html", context, status=status)

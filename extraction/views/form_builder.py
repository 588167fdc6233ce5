"""The form builder: a draft is changed, seen as the extractor will see it, and put into use."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..building.form_versions import (
    FormRefused,
    discard_draft,
    draft_of,
    form_in_use,
    move_field,
    needing_another_look,
    order_fields,
    publish,
    put_field,
    remove_field,
    rename_section,
    replace_fields,
    start_draft,
)
from ..building.forms import FieldForm, StartForm
from ..entering.answers_form import AnswersForm
from ..schema import TEMPLATES, FormDefinition, WrongForm, changes, read_form, write_form
from ..told import told
from ..wording import in_words

may_build = review_member(Role.REVIEWER)


@review_member()
def form(request: HttpRequest, review: Review) -> HttpResponse:
    """The draft in the builder for those who may build; for others, and without a draft, the form in use."""
    may = request.membership.may_screen
    draft = draft_of(review) if may else None
    return _page(request, review, draft) if draft else _in_use(request, review, may)


def _in_use(request: HttpRequest, review: Review, may: bool) -> HttpResponse:
    version = form_in_use(review)
    context = {
        "review": review,
        "version": version,
        "may_build": may,
        "versions": review.form_versions.exclude(published_at=None).order_by("-number"),
        "preview": AnswersForm(version.form, {}, prefix="preview", sources=False) if version else None,
        "start": StartForm(review, request.user),
        "templates": TEMPLATES,
    }
    return render(request, "extraction/form.html", context)


def _page(
    request: HttpRequest, review: Review, draft, *, field_form: FieldForm | None = None, status: int = 200
) -> HttpResponse:
    in_use = form_in_use(review)
    definition = draft.form
    key, is_new = request.GET.get("edit", ""), "add" in request.GET
    if field_form is None and (is_new or definition.named(key)):
        field_form = FieldForm(definition, key, section=request.GET.get("add", ""))
    context = {
        "review": review,
        "draft": draft,
        "in_use": in_use,
        "sections": definition.sections,
        "labels": {field.key: field.label for field in definition.fields},
        "field_form": field_form,
        "touched": request.GET.get("touched", ""),
        "preview": AnswersForm(definition, {}, prefix="preview", sources=False),
        "changes": changes(in_use.form, definition) if in_use else [],
        "start": StartForm(review, request.user),
        "templates": TEMPLATES,
    }
    return render(request, "extraction/form_builder.html", context, status=status)


@require_POST
@may_build
def form_act(request: HttpRequest, review: Review) -> HttpResponse:
    """One act on the draft, named by the button. A refused one leaves everything as it was and says why."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404("No such act")
    try:
        return act(request, review)
    except WrongForm as wrong:
        for problem in wrong.problems[:20]:
            messages.error(request, in_words(problem))
    except FormRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("extraction:form", review.slug)


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdigit() and len(text) < 9 else -1


def _back(review: Review, touched: str = "") -> HttpResponse:
    query = f"?touched={touched}#q-{touched}" if touched else ""
    return redirect(reverse("extraction:form", args=[review.slug]) + query)


def _start(request: HttpRequest, review: Review) -> HttpResponse:
    """Begin a draft: from the form in use, or anew from a template, another review's form, or a file."""
    chosen = StartForm(review, request.user, request.POST, request.FILES)
    if not chosen.is_valid():
        raise FormRefused(" ".join(error for errors in chosen.errors.values() for error in errors))
    source = _source(chosen)
    draft = start_draft(review=review, by=request.user, form=source)
    if source and draft.form != source:
        replace_fields(review=review, by=request.user, revision=_revision(request), form=source)
    return _back(review)


def _source(chosen: StartForm) -> FormDefinition | None:
    given = chosen.cleaned_data
    if given["file"]:
        try:
            return read_form(given["file"].read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise WrongForm([told("The file is not text in UTF-8.")]) from None
    if given["review"]:
        return form_in_use(given["review"]).form
    return next((t.form for t in TEMPLATES if t.key == given["template"]), None)


def _field(request: HttpRequest, review: Review) -> HttpResponse:
    draft = draft_of(review) or start_draft(review=review, by=request.user)
    key = request.POST.get("key", "")
    posted = FieldForm(draft.form, key if draft.form.named(key) else "", request.POST)
    if not posted.is_valid():
        return _page(request, review, draft, field_form=posted, status=422)
    field = posted.field()
    try:
        changed = put_field(review=review, by=request.user, revision=_revision(request), field=field)
    except FormRefused as refusal:
        posted.add_error(None, str(refusal))
        return _page(request, review, draft_of(review) or draft, field_form=posted, status=422)
    touched = field.key or next(f.key for f in reversed(changed.form.fields) if f.label == field.label)
    return _back(review, touched)


def _remove(request: HttpRequest, review: Review) -> HttpResponse:
    remove_field(review=review, by=request.user, revision=_revision(request), key=request.POST.get("key", ""))
    return _back(review)


def _move(request: HttpRequest, review: Review) -> HttpResponse:
    key, step = request.POST.get("key", ""), -1 if request.POST.get("step") == "up" else 1
    move_field(review=review, by=request.user, revision=_revision(request), key=key, step=step)
    return _back(review, key)


def _order(request: HttpRequest, review: Review) -> HttpResponse:
    """The order after a drag: lines of key, tab, section."""
    pairs = [line.partition("\t") for line in request.POST.get("order", "").splitlines()]
    order = [(section, key) for key, _, section in pairs]
    order_fields(review=review, by=request.user, revision=_revision(request), order=order)
    return _back(review, request.POST.get("key", ""))


def _rename(request: HttpRequest, review: Review) -> HttpResponse:
    section, name = request.POST.get("section", ""), request.POST.get("name", "")[:80]
    rename_section(review=review, by=request.user, revision=_revision(request), section=section, name=name)
    return _back(review)


def _discard(request: HttpRequest, review: Review) -> HttpResponse:
    discard_draft(review=review, by=request.user)
    messages.success(request, gettext("The draft is thrown away; the form in use stays."))
    return _back(review)


def _publish(request: HttpRequest, review: Review) -> HttpResponse:
    note = request.POST.get("note", "")[:300]
    version = publish(review=review, by=request.user, revision=_revision(request), note=note)
    messages.success(
        request,
        gettext("%(version)s is in use. Extractions begun from now on are made with it.")
        % {"version": version},
    )
    return redirect("extraction:form_version", review.slug, version.number)


ACTS: dict[str, Callable[[HttpRequest, Review], HttpResponse]] = {
    "start": _start,
    "field": _field,
    "remove": _remove,
    "move": _move,
    "order": _order,
    "rename": _rename,
    "discard": _discard,
    "publish": _publish,
}


@review_member()
def form_version(request: HttpRequest, review: Review, number: int) -> HttpResponse:
    """A version with what changed in it, and the extractions that need another look because of it."""
    published = review.form_versions.exclude(published_at=None)
    version = get_object_or_404(published.select_related("created_by"), number=number)
    before = published.filter(number__lt=number).order_by("-number").first()
    context = {
        "review": review,
        "version": version,
        "before": before,
        "changes": changes(before.form, version.form) if before else [],
        "another_look": needing_another_look(version, request.user),
        "preview": AnswersForm(version.form, {}, prefix="preview", sources=False),
    }
    return render(request, "extraction/form_version.html", context)


@review_member()
def form_json(request: HttpRequest, review: Review, number: int) -> HttpResponse:
    version = get_object_or_404(review.form_versions.exclude(published_at=None), number=number)
    response = HttpResponse(write_form(version.form, review.title), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-form-{number}.json"'
    return response

"""Two extractions side by side, the agreed one, and its corrections."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from screening.models import Study

from ..agreeing.comparison import answers_told, laid_out
from ..agreeing.consensus import (
    LEFT,
    NEITHER,
    NEW,
    RIGHT,
    Choice,
    ConsensusRefused,
    compare,
    pair_of,
    rows_of,
)
from ..agreeing.consensus import agree as agree_extraction
from ..agreeing.consensus import correct as correct_extraction
from ..agreeing.field_agreement import field_agreement
from ..agreeing.forms import AnswersCorrectionForm, CorrectionForm
from ..building.form_versions import form_in_use
from ..entering.columns import COLUMNS, number_in
from ..models import ArmResult, Contrast, Extraction
from ..schema import Item
from ..wording import in_words


@review_member(Role.REVIEWER, Role.EXTRACTOR)
def compare_pair(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """Cell by cell, equal ones folded; open to nobody before both have submitted."""
    study = get_object_or_404(review.studies, pk=study_pk)
    if Extraction.objects.agreed().filter(study=study).exists():
        return redirect("extraction:agreed", review.slug, study.pk)
    return _desk(request, review, study)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def agree(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    study = get_object_or_404(review.studies, pk=study_pk)
    left_right = pair_of(study)
    if left_right is None:
        raise Http404("Not both have submitted")
    try:
        items = compare(*left_right)
        agree_extraction(study=study, settled_by=request.user, choices=_choices(items, request.POST))
    except ConsensusRefused as refusal:
        messages.error(request, str(refusal))
        return _desk(request, review, study, status=422)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _desk(request, review, study, status=422)
    messages.success(
        request, gettext("%(study)s is agreed. Its rows now reach the analyses.") % {"study": study}
    )
    return redirect("extraction:agreed", review.slug, study.pk)


@review_member()
def agreed(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """The agreed extraction with its two sources and every earlier version."""
    study = get_object_or_404(review.studies, pk=study_pk)
    current = (
        Extraction.objects.agreed().filter(study=study).select_related("left__extractor", "right__extractor")
    )
    extraction = current.first()
    context = {
        "review": review,
        "study": study,
        "extraction": extraction,
        "answers": answers_told(extraction) if extraction else (),
        "rows": rows_of(extraction) if extraction else (),
        "history": Extraction.objects.filter(study=study, kind=Extraction.Kind.AGREED)
        .select_related("extractor")
        .order_by("-pk"),
        "reports": study.reports.select_related("citation__representative"),
    }
    return render(request, "extraction/agreed.html", context)


@review_member(Role.REVIEWER, Role.EXTRACTOR)
def correct(request: HttpRequest, review: Review, study_pk: int, row_pk: int) -> HttpResponse:
    """Correct numbers of a row of the agreed extraction: a new version with the reason."""
    study = get_object_or_404(review.studies, pk=study_pk)
    extraction = get_object_or_404(Extraction.objects.agreed(), study=study)
    model = Contrast if "comparison" in request.GET else ArmResult
    row = next((r for r in rows_of(extraction) if r.pk == row_pk and isinstance(r, model)), None)
    if row is None:
        raise Http404("No such row in the agreed version that stands now")
    form = CorrectionForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = {row.pk: form.changes()}
        rows = {"contrasts": changed} if model is Contrast else {"rows": changed}
        if _corrected(request, form, agreed=extraction, **rows):
            messages.success(
                request, gettext("Corrected. Analyses that used the number now say that they are stale.")
            )
            return redirect("extraction:agreed", review.slug, study.pk)
    context = {"review": review, "study": study, "row": row, "form": form}
    return render(request, "extraction/correct.html", context, status=422 if form.errors else 200)


@review_member(Role.REVIEWER, Role.EXTRACTOR)
def correct_answers(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """Answer the newest form's questions again for an agreed study: a new version with the reason."""
    study = get_object_or_404(review.studies, pk=study_pk)
    extraction = get_object_or_404(Extraction.objects.agreed(), study=study)
    newest = form_in_use(review) or extraction.form_version
    form = AnswersCorrectionForm(newest.form, extraction.answers, request.POST or None)
    if request.method == "POST" and form.is_valid():
        checked = {key: said for key, said in form.checked().items() if said != extraction.answers.get(key)}
        if _corrected(request, form, agreed=extraction, answers=checked, form_version=newest):
            messages.success(
                request,
                gettext("%(study)s is answered with form version %(number)s.")
                % {"study": study, "number": newest.number},
            )
            return redirect("extraction:agreed", review.slug, study.pk)
    context = {"review": review, "study": study, "form": form, "version": newest}
    return render(request, "extraction/correct_answers.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, form, **what) -> bool:
    """Whether the correction was made; what speaks against it stands on the form."""
    try:
        correct_extraction(by=request.user, reason=form.cleaned_data["reason"], **what)
    except ConsensusRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
    return not form.errors


@review_member(Role.REVIEWER, Role.EXTRACTOR, Role.STATISTICIAN)
def agreement_page(request: HttpRequest, review: Review) -> HttpResponse:
    """How often two blind extractors said the same, field by field."""
    found = field_agreement(review)
    tables = [
        (gettext("Questions of the form"), found.questions),
        (gettext("Numbers of arms and results"), found.numbers),
    ]
    context = {"review": review, "agreement": found, "tables": tables}
    return render(request, "extraction/field_agreement.html", context)


def _desk(request: HttpRequest, review: Review, study: Study, status: int = 200) -> HttpResponse:
    pair = pair_of(study)
    context = {"review": review, "study": study, "pair": pair}
    if pair:
        context |= laid_out(pair, request.POST)
    return render(request, "extraction/compare.html", context, status=status)


def _choices(items: list[Item], posted) -> dict[tuple[str, ...], Choice]:
    """What the page chose. Both sides are closed, so the items' order is the same as when it was shown."""
    choices = {}
    for number, item in enumerate(items):
        if item.is_equal:
            continue
        if item.left is None or item.right is None:
            side = posted.get(f"item-{number}", "")
            if side in {LEFT, RIGHT, NEITHER}:
                choices[item.key] = Choice(side)
        elif choice := _cell_choice(item, number, posted):
            choices[item.key] = choice
    return choices


def _cell_choice(item: Item, number: int, posted) -> Choice | None:
    """One side where all cells take it, else a mixture; None while a cell is open."""
    sides = {name: posted.get(f"cell-{number}-{name}", "") for name in item.differing}
    if not set(sides.values()) <= {LEFT, RIGHT, NEW}:
        return None
    if len(set(sides.values())) == 1 and (side := next(iter(sides.values()))) != NEW:
        return Choice(side)
    new = {name: _new_value(item, number, name, posted) for name, side in sides.items() if side == NEW}
    return Choice(NEW, new, {name: side for name, side in sides.items() if side != NEW})


def _new_value(item: Item, number: int, name: str, posted) -> object:
    text = posted.get(f"new-{number}-{name}", "").strip()
    if name not in COLUMNS:
        return text
    try:
        return number_in(name, text)
    except ValueError as wrong:
        raise ConsensusRefused(f"{item.label}: {in_words(wrong)}.") from None

"""Two extractions side by side, the agreed one, and its corrections."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from screening.models import Study

from ..consensus import NEW, Choice, ConsensusRefused, compare, pair_of, rows_of
from ..consensus import agree as agree_extraction
from ..consensus import correct as correct_extraction
from ..forms import CorrectionForm
from ..models import Extraction
from ..schema import FormDefinition, Item

NUMBERS = ("events", "n", "mean", "sd", "estimate", "ci_low", "ci_high", "ci_level")
WHOLE = ("events", "n")


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
    messages.success(request, f"{study} is agreed. Its rows now reach the analyses.")
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
        "answers": _answers(extraction) if extraction else (),
        "rows": rows_of(extraction) if extraction else (),
        "history": Extraction.objects.filter(study=study, kind=Extraction.Kind.AGREED)
        .select_related("extractor")
        .order_by("-pk"),
        "reports": study.reports.select_related("citation__representative"),
    }
    return render(request, "extraction/agreed.html", context)


@review_member(Role.REVIEWER, Role.EXTRACTOR)
def correct(request: HttpRequest, review: Review, study_pk: int, row_pk: int) -> HttpResponse:
    """Correct one number of the agreed extraction: a new version with the reason."""
    study = get_object_or_404(review.studies, pk=study_pk)
    extraction = get_object_or_404(Extraction.objects.agreed(), study=study)
    row = next((r for r in rows_of(extraction) if r.pk == row_pk and hasattr(r, "events")), None)
    if row is None:
        raise Http404("No such row in the agreed version that stands now")
    form = CorrectionForm(request.POST or None, initial={"events": row.events, "n": row.n})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in WHOLE}
        try:
            correct_extraction(
                agreed=extraction, by=request.user, reason=form.cleaned_data["reason"], rows={row.pk: values}
            )
            messages.success(request, "Corrected. Analyses that used the number now say that they are stale.")
            return redirect("extraction:agreed", review.slug, study.pk)
        except ConsensusRefused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
    context = {"review": review, "study": study, "row": row, "form": form}
    return render(request, "extraction/correct.html", context, status=422 if form.errors else 200)


def _desk(request: HttpRequest, review: Review, study: Study, status: int = 200) -> HttpResponse:
    pair = pair_of(study)
    context = {"review": review, "study": study, "pair": pair}
    if pair:
        items = list(enumerate(compare(*pair)))
        context["different"] = [(i, item, _chosen(request, i)) for i, item in items if not item.is_equal]
        context["equal"] = [item for _, item in items if item.is_equal]
    return render(request, "extraction/compare.html", context, status=status)


def _chosen(request: HttpRequest, number: int) -> str:
    return request.POST.get(f"item-{number}", "")


def _choices(items: list[Item], posted) -> dict[tuple[str, ...], Choice]:
    """What the page chose. Both sides are closed, so the items' order is the same as when it was shown."""
    choices = {}
    for number, item in enumerate(items):
        side = posted.get(f"item-{number}", "")
        if item.is_equal or side not in {"left", "right", "neither", NEW}:
            continue
        values = _new_values(item, number, posted) if side == NEW else {}
        choices[item.key] = Choice(side, values)
    return choices


def _new_values(item: Item, number: int, posted) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in item.differing:
        text = posted.get(f"item-{number}-{name}", "").strip()
        if name in NUMBERS:
            try:
                values[name] = (int(text) if name in WHOLE else float(text)) if text else None
            except ValueError:
                raise ConsensusRefused(f"{item.label}: “{text}” is not a number.") from None
        else:
            values[name] = text
    return values


def _answers(extraction: Extraction) -> list[tuple[str, dict]]:
    form = FormDefinition.from_json(extraction.form_version.definition)
    return [(f.label, extraction.answers[f.key]) for f in form.fields if f.key in extraction.answers]

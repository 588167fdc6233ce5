"""Import of an extraction table made elsewhere: upload, say what each column is, try, import."""

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from screening.importers.base import ImportRefused
from screening.stored_words import in_words

from ..entering.columns import COLUMNS
from ..entering.sheet_import import BIGGEST_FILE, FIELDS, MOST_ROWS, Imported, guess, import_sheet, read_sheet

TEMPLATE = "extraction/import_sheet.html"


PLACE_LABELS = {
    "study": gettext_lazy("Study"),
    "arm": gettext_lazy("Arm"),
    "comparator": gettext_lazy("Comparator"),
    "measure": gettext_lazy("Measure"),
    "outcome": gettext_lazy("Outcome"),
    "time_point": gettext_lazy("Time point"),
    "subgroup": gettext_lazy("Subgroup"),
    "population": gettext_lazy("Population"),
    "adjusted_for": gettext_lazy("Adjusted for"),
    "scores": gettext_lazy("Scores"),
    "arm_n": gettext_lazy("Arm n"),
    "page": gettext_lazy("Page"),
    "quote": gettext_lazy("Quote"),
}


@review_member(Role.REVIEWER, Role.EXTRACTOR)
def import_page(request: HttpRequest, review: Review) -> HttpResponse:
    if request.method != "POST":
        return render(request, TEMPLATE, {"review": review})
    try:
        content = _content(request)
        sheet = read_sheet(content)
    except ImportRefused as refusal:
        messages.error(request, in_words(str(refusal)))
        return render(request, TEMPLATE, {"review": review}, status=422)
    columns = _columns(request, len(sheet.headers)) or guess(sheet.headers)
    act = request.POST.get("act", "")
    done = None
    if act in ("try", "import") and {"study", "outcome"} <= set(columns):
        make = "make_missing" in request.POST
        done = import_sheet(
            review=review,
            by=request.user,
            sheet=sheet,
            columns=columns,
            make_missing=make,
            is_trial=act == "try",
        )
        if act == "import" and done.rows and not done.problems:
            messages.success(request, _summary(done))
            return redirect("extraction:index", review.slug)
    elif act:
        messages.error(request, gettext("Say which column names the study and which the outcome."))
    return render(request, TEMPLATE, _context(request, review, content, sheet, columns, done, act))


def _content(request: HttpRequest) -> bytes:
    """The uploaded file, or the one the mapping page carries along."""
    if file := request.FILES.get("file"):
        if file.size > BIGGEST_FILE:
            raise ImportRefused(
                gettext("The file is larger than %(megabytes)s MB. Split it by study.")
                % {"megabytes": f"{BIGGEST_FILE / 1e6:g}"}
            )
        return file.read()
    try:
        return base64.b64decode(request.POST.get("content", ""), validate=True)
    except binascii.Error:
        raise ImportRefused(gettext("The file got lost on the way. Upload it again.")) from None


def _columns(request: HttpRequest, width: int) -> list[str]:
    """What the person said each column is; a thing named twice counts once."""
    if "column-0" not in request.POST:
        return []
    found: list[str] = []
    for number in range(width):
        name = request.POST.get(f"column-{number}", "")
        found.append(name if name in FIELDS and name not in found else "")
    return found


def _context(
    request, review: Review, content: bytes, sheet, columns, done: Imported | None, act: str
) -> dict[str, Any]:
    labels = {name: COLUMNS[name].label if name in COLUMNS else PLACE_LABELS[name] for name in FIELDS}
    return {
        "review": review,
        "content": base64.b64encode(content).decode(),
        "mapping": [
            (number, header, columns[number], sheet.samples(number))
            for number, header in enumerate(sheet.headers)
        ],
        "fields": labels.items(),
        "rows": len(sheet.rows),
        "too_many": len(sheet.rows) > MOST_ROWS,
        "make_missing": "make_missing" in request.POST,
        "done": done,
        "is_trial": act == "try",
        "summary": _summary(done) if done else "",
    }


def _summary(done: Imported) -> str:
    counts = {"rows": done.rows, "studies": len(done.studies)}
    told = gettext("%(rows)s rows of %(studies)s studies.") % counts
    return told + " " + gettext("Each extraction stays yours and open until you submit it.")

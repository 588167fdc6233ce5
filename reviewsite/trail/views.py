"""The audit log of a review: a page with filters, and the same as CSV."""

import csv
import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import AuditEntry, Review

from .forms import FilterForm
from .visibility import entries_for

COLUMNS = ("number", "at", "who", "e-mail", "act", "details", "blind", "salt", "previous", "sha256")


@review_member()
def audit(request: HttpRequest, review: Review) -> HttpResponse:
    """Who changed what and when, newest first, as far as it is no longer blind to the reader."""
    form = FilterForm(entries_for(review, request.user), request.GET or None)
    page = Paginator(form.found(), 50).get_page(request.GET.get("page"))
    context = {"review": review, "page": page, "form": form, "is_narrowed": any(request.GET.values())}
    return render(request, "trail/audit.html", context)


@review_member()
def audit_csv(request: HttpRequest, review: Review) -> HttpResponse:
    """What the page lists, with all that a hash is computed of."""
    form = FilterForm(entries_for(review, request.user), request.GET or None)
    answer = StreamingHttpResponse(_lines(form.found().iterator(chunk_size=500)), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="audit-{review.slug}.csv"'
    return answer


class _Echo:
    """Gives each line back in place of keeping it, so that a long log needs no memory."""

    def write(self, line: str) -> str:
        return line


def _lines(entries: Iterator[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for entry in entries:
        details = json.dumps(entry.told, sort_keys=True, ensure_ascii=False)
        who = (entry.number, entry.at.isoformat(), _text(entry.who), _text(entry.actor_email), entry.act)
        yield writer.writerow([*who, details, entry.blind_kind, entry.salt, entry.previous, entry.sha256])


def _text(value: str) -> str:
    """A spreadsheet would compute what begins like a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value

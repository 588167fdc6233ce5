"""The page that audits the review's own results, or a table of printed ones. Nothing is stored."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review

from ..audit import AuditProblem, Report, audit, read_table
from ..audit.checking import MOST_STUDIES
from ..review_audit import audit_of
from ..stored_words import in_words

LARGEST_FILE = 1_000_000


class AuditForm(forms.Form):
    """A table as a file or as text, and what is known of the whole review."""

    file = forms.FileField(required=False, label=gettext_lazy("CSV file"))
    table = forms.CharField(
        required=False,
        label=gettext_lazy("Or the table itself"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A header with outcome, estimate and what there is of ci_low, ci_high, "
            "pi_low, pi_high, i2, p, k, n, scale and timepoint; then a line for each "
            "result, digits as printed."
        ),
    )
    studies = forms.IntegerField(
        required=False,
        min_value=4,
        max_value=500,
        label=gettext_lazy("Studies in the review"),
        help_text=gettext_lazy("Where known."),
    )
    persons = forms.IntegerField(required=False, min_value=1, label=gettext_lazy("Persons in the review"))

    def clean(self) -> dict:
        """Adds `reports`, or says what is wrong with the table and where."""
        cleaned = super().clean() or {}
        name, text = self._source(cleaned)
        if text and not self.errors:
            try:
                cleaned["reports"] = _audited(name, text, cleaned)
            except AuditProblem as problem:
                self.add_error(None, in_words(str(problem)))
        return cleaned

    def _source(self, cleaned: dict) -> tuple[str, str]:
        file = cleaned.get("file")
        if file is None:
            if not cleaned.get("table", "").strip():
                self.add_error(None, gettext("Give a CSV file or a table."))
            return gettext("The table"), cleaned.get("table", "")
        if file.size > LARGEST_FILE:
            self.add_error("file", gettext("The file is larger than 1 MB; a table of results is not."))
            return file.name, ""
        try:
            return file.name, file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", gettext("The file is not UTF-8 text; save the table as CSV in UTF-8."))
            return file.name, ""


def _audited(name: str, text: str, cleaned: dict) -> tuple[Report, ...]:
    return audit(
        read_table(name, text),
        most_studies=cleaned.get("studies") or MOST_STUDIES,
        persons=cleaned.get("persons"),
    )


@review_member()
def audit_published(request: HttpRequest, review: Review) -> HttpResponse:
    """What printed pooled results cannot be, each finding with its formula; and the review's own results."""
    form = AuditForm(request.POST or None, request.FILES or None)
    reports = form.cleaned_data.get("reports") if form.is_bound and form.is_valid() else None
    context = {"review": review, "form": form, "reports": reports}
    if reports is None:
        context["own"] = audit_of(review)
    return render(request, "analysis/audit.html", context, status=422 if form.errors else 200)

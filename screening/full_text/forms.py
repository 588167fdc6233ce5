"""Forms of reports and their PDFs: how one was got hold of, upload many, say whose each is, move one."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review
from reviewsite.web.many_files import ManyFilesField, ManyFilesInput

from ..models import Document, Report, Retrieval


def reports_to_choose(review: Review) -> QuerySet[Report]:
    return Report.objects.filter(review=review).sought().select_related("citation__representative")


def named(report: Report) -> str:
    """How a report is called in a list to choose from: its number first, by which it is known when chosen."""
    record = report.citation.representative
    source = " ".join(part for part in (record.short_authors[:40], str(record.year or "")) if part)
    return f"{report.pk}: {record.title[:110]} ({source})"


def chosen(review: Review, said: str) -> Report:
    """The report that was chosen from the list, by its number. Raises ValidationError."""
    number = said.strip().split(":", 1)[0].strip()
    report = reports_to_choose(review).filter(pk=number).first() if number.isdigit() else None
    if report is None:
        raise forms.ValidationError(
            gettext("“{said}” is no report that is sought; choose one from the list.").format(said=said[:60])
        )
    return report


class PdfUploadForm(forms.Form):
    """PDFs, many at once; with a report named they are all its own."""

    files = ManyFilesField(
        label=gettext_lazy("PDF files"),
        widget=ManyFilesInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": gettext_lazy("Choose one or more PDF files.")},
        help_text=gettext_lazy("Many at once; they can be dropped here."),
    )
    report = forms.ModelChoiceField(Report.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        self.fields["report"].queryset = reports_to_choose(review)

    @property
    def limit(self) -> str:
        return f"{settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB"

    def rule_arguments(self) -> dict[str, Any]:
        return {"files": self.cleaned_data["files"], "report": self.cleaned_data["report"]}

    def back_to(self, otherwise: str) -> str:
        """The page the upload came from: the report's own, else the one of all PDFs."""
        report = self.cleaned_data["report"]
        return reverse("screening:report", args=[self.review.slug, report.pk]) if report else otherwise


class AttachForm(forms.Form):
    """A row for each PDF without a report: whether it is taken, and whose it is."""

    def __init__(self, review: Review, posted: QueryDict | None = None) -> None:
        super().__init__(posted)
        self.review = review
        self.posted = posted
        documents = review.documents.awaiting_a_report().exclude(state=Document.State.WAITING)
        documents = documents.select_related("proposed_report__citation__representative")
        self.documents = list(documents)
        self.pairs: list[tuple[Document, Report]] = []
        self.wrong: dict[int, str] = {}

    def clean(self) -> dict[str, Any]:
        ticked = set(self.posted.getlist("take")) if self.posted else set()
        for document in self.documents:
            if str(document.pk) not in ticked:
                continue
            try:
                report = chosen(self.review, self.posted.get(f"report-{document.pk}", ""))
                self.pairs.append((document, report))
            except forms.ValidationError as error:
                self.wrong[document.pk] = error.messages[0]
        if self.wrong:
            raise forms.ValidationError(gettext("Nothing was attached yet: see the marked rows."))
        if not self.pairs:
            raise forms.ValidationError(gettext("Tick the PDFs to attach."))
        return self.cleaned_data

    def rows(self) -> list[dict[str, Any]]:
        """What the page shows: the surest first; what was typed stays when something is wrong."""
        order = ["sure", "likely", "unsure", "none"]
        return [self._row(each) for each in sorted(self.documents, key=lambda d: order.index(d.certainty))]

    def _row(self, document: Document) -> dict[str, Any]:
        said = named(document.proposed_report) if document.proposed_report else ""
        ticked = document.certainty in {"sure", "likely"}
        if self.posted:
            said = self.posted.get(f"report-{document.pk}", said)
            ticked = str(document.pk) in self.posted.getlist("take")
        return {
            "document": document,
            "said": said,
            "ticked": ticked,
            "wrong": self.wrong.get(document.pk, ""),
        }


class MoveForm(forms.Form):
    """Whose a PDF is; empty for nobody's yet."""

    report = forms.CharField(
        required=False,
        label=gettext_lazy("Report"),
        max_length=400,
        widget=forms.TextInput(attrs={"list": "reports", "autocomplete": "off"}),
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review

    def clean_report(self) -> Report | None:
        said = self.cleaned_data["report"]
        return chosen(self.review, said) if said.strip() else None


class RetrievalForm(forms.Form):
    """Marks several reports at once; a report that cannot be had needs a word why."""

    reports = forms.TypedMultipleChoiceField(coerce=int)
    state = forms.ChoiceField(choices=Retrieval.choices)
    note = forms.CharField(required=False, max_length=300)

    def __init__(self, reports: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports"].choices = [(report.pk, str(report)) for report in reports]
        self.fields["reports"].error_messages["required"] = gettext("Tick the reports first.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("state") == Retrieval.NOT_AVAILABLE and not cleaned.get("note"):
            self.add_error("note", gettext("Say why the report could not be had; PRISMA readers ask."))
        return cleaned

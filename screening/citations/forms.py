"""Forms of the list of citations: what narrows it, and a file of labels."""

import csv
import io
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import ExclusionReason, Review, Stage

from ..models import Label
from ..models.citations import CONCLUSION_CHOICES
from .listing import Narrowing

SHOWN_CONCLUSIONS = [(value, gettext_lazy(label)) for value, label in CONCLUSION_CHOICES]


OWN_VERDICTS = (
    ("include", gettext_lazy("Include")),
    ("maybe", gettext_lazy("Maybe")),
    ("exclude", gettext_lazy("Exclude")),
    ("none", gettext_lazy("None yet")),
)


class CitationFilter(forms.Form):
    """What a list of citations can be narrowed to."""

    text = forms.CharField(required=False, label=gettext_lazy("Words in title or abstract"), max_length=200)
    title_abstract = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Title and abstract"),
        choices=[("", gettext_lazy("Any")), *SHOWN_CONCLUSIONS],
    )
    full_text = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Full text"),
        choices=[("", gettext_lazy("Any")), *SHOWN_CONCLUSIONS],
    )
    mine = forms.ChoiceField(
        required=False,
        label=gettext_lazy("My decision"),
        choices=[
            ("", gettext_lazy("Any")),
            *(
                (gettext_lazy(stage.label), [(f"{stage}:{verdict}", name) for verdict, name in OWN_VERDICTS])
                for stage in Stage
            ),
        ],
    )
    reason = forms.ModelChoiceField(
        ExclusionReason.objects.none(),
        required=False,
        label=gettext_lazy("Reason"),
        empty_label=gettext_lazy("Any"),
    )
    label = forms.ModelChoiceField(
        Label.objects.none(), required=False, label=gettext_lazy("Label"), empty_label=gettext_lazy("Any")
    )
    database = forms.ChoiceField(required=False, label=gettext_lazy("Database"))
    year_from = forms.IntegerField(
        required=False, label=gettext_lazy("From year"), min_value=1000, max_value=9999
    )
    year_to = forms.IntegerField(
        required=False, label=gettext_lazy("To year"), min_value=1000, max_value=9999
    )
    abstract = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Abstract"),
        choices=[
            ("", gettext_lazy("With or without")),
            ("yes", gettext_lazy("With abstract")),
            ("no", gettext_lazy("Without abstract")),
        ],
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = review.search_runs.order_by("database").values_list("database", flat=True).distinct()
        self.fields["database"].choices = [("", gettext("Any")), *((name, name) for name in names)]
        self.fields["reason"].queryset = review.exclusion_reasons.all()
        self.fields["reason"].label_from_instance = lambda reason: (
            f"{gettext(reason.get_stage_display())}: {reason.label}"
        )
        self.fields["label"].queryset = review.labels.all()

    def narrowing(self) -> Narrowing:
        """What was asked for; a field that says nothing sensible does not narrow and says so beside it."""
        self.is_valid()
        return Narrowing(**getattr(self, "cleaned_data", {}))

    @property
    def is_narrowed(self) -> bool:
        return any(self.narrowing().__dict__.values())


class LabelFileForm(forms.Form):
    """A table of labels; `cleaned_data["file"]` is its lines as lists of cells, the header first."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "With the columns label (several divided by ;) and one of citation, pmid, doi or title."
        ),
    )

    def clean_file(self) -> list[list[str]]:
        try:
            text = self.cleaned_data["file"].read().decode("utf-8-sig")
            rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
        except UnicodeDecodeError as error:
            raise forms.ValidationError(gettext("Save the file as CSV in UTF-8 first.")) from error
        except csv.Error as error:
            raise forms.ValidationError(
                gettext("This is no CSV table: {error}.").format(error=error)
            ) from error
        if not rows:
            raise forms.ValidationError(gettext("The file is empty."))
        return rows

"""Forms of the screening pages: they turn what a page posts into arguments of the rules."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import ExclusionReason, Membership, Protocol, Review, Role, Stage
from reviewsite.web.language import shown_choices
from reviewsite.web.stale import StaleAware

from .citations.listing import Narrowing
from .deciding.conclusions import Verdict
from .models import Label, Retrieval, Study
from .models.citations import CONCLUSION_CHOICES
from .room.keys import ACTS, KeysRefused, print_key, read_keys
from .stored_words import in_words

SHOWN_CONCLUSIONS = [(value, gettext_lazy(label)) for value, label in CONCLUSION_CHOICES]
OWN_VERDICTS = (
    ("include", gettext_lazy("Include")),
    ("maybe", gettext_lazy("Maybe")),
    ("exclude", gettext_lazy("Exclude")),
    ("none", gettext_lazy("None yet")),
)


class DecisionForm(forms.Form):
    """One verdict. A reason's button posts `exclude:ID`, so that verdict and reason are one key."""

    verdict = forms.CharField()
    note = forms.CharField(required=False, max_length=5000)
    client_uuid = forms.UUIDField()

    def __init__(self, review: Review, stage: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = ExclusionReason.objects.filter(review=review).offered(stage)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        verdict, _, reason_pk = cleaned.get("verdict", "").partition(":")
        if verdict not in {Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE}:
            raise forms.ValidationError(gettext("Choose include, maybe or exclude."))
        reason = None
        if reason_pk:
            reason = self.reasons.filter(pk=reason_pk).first() if reason_pk.isdigit() else None
            if reason is None:
                raise forms.ValidationError(
                    gettext("That exclusion reason is no longer offered; choose another.")
                )
        return {**cleaned, "verdict": verdict, "reason": reason}


class BulkForm(forms.Form):
    """What an owner asks to be decided on many citations: those ticked, or all that the filter found."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Scope"),
        choices=[
            ("ticked", gettext_lazy("The ticked ones")),
            ("all", gettext_lazy("All that the list holds")),
        ],
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=shown_choices(Stage))
    verdict = forms.CharField(label=gettext_lazy("Decision"))
    note = forms.CharField(
        max_length=2000,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Kept with each decision and in the audit trail."),
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = review.exclusion_reasons.filter(retired_at=None)
        verdicts = [
            ("include", gettext("Include")),
            ("maybe", gettext("Maybe")),
            ("exclude", gettext("Exclude, no reason")),
        ]
        because = [
            (gettext(stage.label), [_because(reason) for reason in self.reasons if reason.stage == stage])
            for stage in Stage
        ]
        choices = [*verdicts, *because, ("withdrawn", gettext("Take my decision back"))]
        self.fields["verdict"] = forms.ChoiceField(label=gettext("Decision"), choices=choices)
        for field in self.fields.values():
            # The fields stand below the table, outside of the form whose ticks are within it.
            field.widget.attrs["form"] = "bulk"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        verdict, _, reason_pk = cleaned.get("verdict", "").partition(":")
        reason = next((r for r in self.reasons if str(r.pk) == reason_pk), None)
        if reason and reason.stage != cleaned.get("stage"):
            self.add_error("verdict", gettext("That reason belongs to the other stage."))
        return {**cleaned, "verdict": verdict, "reason": reason}


def _because(reason: ExclusionReason) -> tuple[str, str]:
    return f"exclude:{reason.pk}", gettext("Exclude: {reason}").format(reason=reason)


class KeyForm(forms.Form):
    """A person's keys, a field for each act; keys are divided by spaces."""

    def __init__(self, layout: Mapping[str, Sequence[str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for act in ACTS:
            self.fields[act.name] = forms.CharField(
                required=False,
                max_length=60,
                label=in_words(act.label),
                initial=" ".join(map(print_key, layout[act.name])),
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "size": 12}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for act in ACTS:
            try:
                cleaned[act.name] = read_keys(act.name, cleaned.get(act.name, ""))
            except KeysRefused as refusal:
                self.add_error(act.name, in_words(str(refusal)))
        return cleaned

    def chosen(self) -> dict[str, list[str]]:
        return {act.name: self.cleaned_data[act.name] for act in ACTS}


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


class StudyForm(forms.Form):
    """A new study from ticked reports."""

    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=120,
        help_text=gettext_lazy("As in the forest plot: first author and year."),
    )
    registration = forms.CharField(
        max_length=120,
        required=False,
        label=gettext_lazy("Trial registration"),
        help_text=gettext_lazy("For example an NCT number."),
    )
    note = forms.CharField(
        required=False, label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 2})
    )


class StudyEditForm(StaleAware, StudyForm):
    """Another name, registration number or note for a study."""

    @classmethod
    def of(cls, study: Study, data: Any = None) -> "StudyEditForm":
        initial = {name: getattr(study, name) for name in ("label", "registration", "note")}
        return cls(data, initial=initial)


class OverlapForm(forms.Form):
    """Two studies that share participants."""

    kept = forms.ModelChoiceField(Study.objects.none(), label=gettext_lazy("Keep"))
    left_out = forms.ModelChoiceField(
        Study.objects.none(), label=gettext_lazy("Leave out when both are at hand")
    )
    reason = forms.CharField(max_length=500, label=gettext_lazy("Why"), widget=forms.TextInput)

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = self.fields["left_out"].queryset = review.studies.all()


class ProtocolForm(StaleAware, forms.ModelForm):
    """The question, the criteria and the rules of deciding."""

    class Meta:
        model = Protocol
        exclude = ("review",)
        labels = {
            "population": gettext_lazy("Population"),
            "intervention": gettext_lazy("Intervention"),
            "comparator": gettext_lazy("Comparator"),
            "outcomes": gettext_lazy("Outcomes"),
            "study_designs": gettext_lazy("Study designs"),
            "inclusion_criteria": gettext_lazy("Inclusion criteria"),
            "exclusion_criteria": gettext_lazy("Exclusion criteria"),
            "registration": gettext_lazy("Registration"),
        }
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 2})
                for name in ("population", "intervention", "comparator", "outcomes", "study_designs")
            },
            **{
                name: forms.Textarea(attrs={"rows": 6})
                for name in ("inclusion_criteria", "exclusion_criteria", "include_words", "exclude_words")
            },
        }

    title_abstract_reasons = forms.CharField(
        required=False,
        label=gettext_lazy("Reasons to exclude on title and abstract"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line, in the order of their keys 1 to 9."),
    )
    full_text_reasons = forms.CharField(
        required=False,
        label=gettext_lazy("Reasons to exclude at full text"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line. PRISMA counts the excluded reports by these."),
    )
    adjudicators = forms.ModelMultipleChoiceField(
        Membership.objects.none(),
        required=False,
        label=gettext_lazy("Who settles conflicts"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        members = review.memberships.current().select_related("user")
        initial = {
            f"{stage}_reasons": "\n".join(r.label for r in review.exclusion_reasons.offered(stage))
            for stage in Stage.values
        }
        initial["adjudicators"] = members.filter(is_adjudicator=True)
        super().__init__(*args, instance=review.protocol, initial=initial, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [(value, gettext(str(label))) for value, label in field.choices]
        self.fields["adjudicators"].queryset = members.exclude(role__in=[Role.VIEWER, Role.STATISTICIAN])

    def protocol_fields(self) -> dict[str, Any]:
        """The cleaned values that are columns of the protocol."""
        own = {"title_abstract_reasons", "full_text_reasons", "adjudicators"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

"""Forms of the form builder, and of the outcomes and time points a review measures by."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review
from reviewsite.web.language import shown_choices

from ..models import Outcome, TimePoint
from ..schema import TEMPLATES, Field, FieldKind, FormDefinition, ShowIf
from ..wording import lazy_words

BIGGEST_FILE = 1_000_000


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:
        lines = (line.strip() for line in (value or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))


class FieldForm(forms.Form):
    """One question of the form."""

    label = forms.CharField(max_length=160, label=gettext_lazy("Label"))
    kind = forms.ChoiceField(
        choices=[(kind.value, lazy_words(kind.words)) for kind in FieldKind],
        label=gettext_lazy("Kind of answer"),
    )
    section = forms.CharField(
        max_length=80,
        required=False,
        label=gettext_lazy("Section"),
        widget=forms.TextInput(attrs={"list": "sections"}),
    )
    help = forms.CharField(max_length=300, required=False, label=gettext_lazy("Help for the extractor"))
    required = forms.BooleanField(required=False, label=gettext_lazy("Required before submitting"))
    unit = forms.CharField(max_length=40, required=False, label=gettext_lazy("Unit"))
    low = forms.FloatField(required=False, label=gettext_lazy("Lowest"))
    high = forms.FloatField(required=False, label=gettext_lazy("Highest"))
    is_total = forms.BooleanField(
        required=False, label=gettext_lazy("Participants in all: compared with the sum of the arms")
    )
    choices = LinesField(required=False, label=gettext_lazy("Choices"), help_text=gettext_lazy("One a line."))
    columns = LinesField(required=False, label=gettext_lazy("Columns"), help_text=gettext_lazy("One a line."))
    show_if_field = forms.ChoiceField(required=False, label=gettext_lazy("Ask only if the answer to"))
    show_if_values = LinesField(
        required=False, label=gettext_lazy("is one of"), help_text=gettext_lazy("One a line.")
    )

    def __init__(self, form: FormDefinition, key: str, *args: Any, section: str = "", **kwargs: Any) -> None:
        self.key = key
        self.edited = form.named(key)
        if self.edited:
            kwargs.setdefault("initial", _initial(self.edited))
        else:
            kwargs.setdefault("initial", {"section": section, "kind": FieldKind.TEXT})
        super().__init__(*args, **kwargs)
        keys = [each.key for each in form.fields]
        earlier = form.fields[: keys.index(key)] if self.edited else form.fields
        self.fields["show_if_field"].choices = [
            ("", gettext("Always ask")),
            *((e.key, e.label) for e in earlier),
        ]
        self.fields["show_if_values"].widget.attrs["rows"] = 2
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = _layout()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind in (FieldKind.CHOICE, FieldKind.MULTIPLE) and len(cleaned.get("choices") or ()) < 2:
            self.add_error("choices", gettext("Give at least two choices, one a line."))
        if kind == FieldKind.TABLE and not cleaned.get("columns"):
            self.add_error("columns", gettext("Give at least one column."))
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", gettext("The highest is below the lowest."))
        if cleaned.get("show_if_field") and not cleaned.get("show_if_values"):
            self.add_error("show_if_values", gettext("Say for which answers it is asked."))
        return cleaned

    def field(self) -> Field:
        """The question as the person describes it; what does not belong to its kind is left out."""
        told = self.cleaned_data
        kind = FieldKind(told["kind"])
        is_number = kind is FieldKind.NUMBER
        rule = told["show_if_field"]
        return Field(
            key=self.key,
            label=told["label"].strip(),
            kind=kind,
            help=told["help"].strip(),
            required=told["required"],
            section=told["section"].strip(),
            unit=told["unit"].strip() if is_number else "",
            low=told["low"] if is_number else None,
            high=told["high"] if is_number else None,
            is_total=told["is_total"] and is_number,
            choices=told["choices"] if kind in (FieldKind.CHOICE, FieldKind.MULTIPLE) else (),
            columns=told["columns"] if kind is FieldKind.TABLE else (),
            show_if=ShowIf(rule, told["show_if_values"]) if rule else None,
        )


def _initial(field: Field) -> dict[str, Any]:
    names = ("label", "section", "help", "required", "unit", "low", "high", "is_total", "choices", "columns")
    told = {name: getattr(field, name) for name in names}
    rule = field.show_if
    return {
        **told,
        "kind": field.kind.value,
        "show_if_field": rule.field if rule else "",
        "show_if_values": rule.values if rule else (),
    }


def _layout() -> Layout:
    number, choice, table = "number", "choice multiple", "table"
    return Layout(
        "label",
        Row(Column("kind", css_class="col-md-6"), Column("section", css_class="col-md-6")),
        Div(
            Row(*(Column(name, css_class="col-4") for name in ("unit", "low", "high"))),
            "is_total",
            data_for_kind=number,
        ),
        Div("choices", data_for_kind=choice),
        Div("columns", data_for_kind=table),
        "help",
        "required",
        Row(Column("show_if_field", css_class="col-md-6"), Column("show_if_values", css_class="col-md-6")),
    )


class StartForm(forms.Form):
    """Where a form comes from: a template, another review, or a file."""

    template = forms.ChoiceField(choices=[(t.key, t.title) for t in TEMPLATES], required=False)
    review = forms.ModelChoiceField(Review.objects.none(), required=False)
    file = forms.FileField(required=False)

    def __init__(self, review: Review, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Review.objects.open_to(user).exclude(pk=review.pk)
        self.fields["review"].queryset = others.filter(form_versions__published_at__isnull=False).distinct()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > BIGGEST_FILE:
            raise ValidationError(gettext("The file is larger than a form can be (1 MB)."))
        return file


class OutcomeForm(forms.ModelForm):
    class Meta:
        model = Outcome
        fields = (
            "name",
            "definition",
            "kind",
            "direction",
            "unit",
            "scale_low",
            "scale_high",
            "scale_items",
        )
        labels = {
            "name": gettext_lazy("Name"),
            "definition": gettext_lazy("Definition"),
            "kind": gettext_lazy("Kind"),
            "direction": gettext_lazy("Direction"),
            "unit": gettext_lazy("Unit"),
        }
        widgets = {"definition": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = shown_choices(Outcome.Kind)
        self.fields["direction"].choices = shown_choices(Outcome.Direction)


class TimePointForm(forms.ModelForm):
    class Meta:
        model = TimePoint
        fields = ("label",)
        labels = {"label": gettext_lazy("Label")}

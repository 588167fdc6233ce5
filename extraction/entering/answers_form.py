"""The questions of a form version as a crispy form, each with the page and the quote behind the answer."""

import json
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext

from ..schema import Field, FieldKind, FormDefinition, WrongAnswer, all_countries
from ..wording import in_words
from .typed import checked_answer

EMPTY_ROWS = 2


class TableWidget(forms.Widget):
    """A small table of text cells; a pasted block fills it."""

    template_name = "extraction/table_widget.html"

    def __init__(self, columns: tuple[str, ...], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = columns

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [list(row) for row in value or []] + [[""] * len(self.columns) for _ in range(EMPTY_ROWS)]
        context["widget"]["columns"] = self.columns
        context["widget"]["rows"] = [
            [
                (f"{name}-{r}-{c}", column, cell)
                for c, (column, cell) in enumerate(zip(self.columns, row, strict=False))
            ]
            for r, row in enumerate(rows)
        ]
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> str:
        # Django's own renderer of widgets does not look into the project's templates folder.
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[list[str]]:
        rows: list[list[str]] = []
        while any(f"{name}-{len(rows)}-{c}" in data for c in range(len(self.columns))):
            rows.append([data.get(f"{name}-{len(rows)}-{c}", "") for c in range(len(self.columns))])
        return rows

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-0"


class AnswersForm(forms.Form):
    """The questions of a form version, each with the page and the quote that support the answer."""

    def __init__(
        self,
        definition: FormDefinition,
        answers: dict[str, Any],
        *args: Any,
        sources: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.sources = sources
        for field in definition.fields:
            stored = answers.get(field.key, {})
            self.fields[field.key] = _form_field(field, stored.get("value"))
            if sources:
                self._add_source(field, stored)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Div(*self._layout(), HTML(_countries(definition)), css_class="answers"))

    def _add_source(self, field: Field, stored: dict[str, Any]) -> None:
        parts = (("page", gettext("Page"), 40), ("quote", gettext("Quote"), None))
        for part, label, width in parts:
            self.fields[f"{field.key}-{part}"] = forms.CharField(
                required=False,
                label=label,
                max_length=width,
                initial=stored.get(part, ""),
                widget=forms.TextInput(attrs={f"data-source-{part}": ""}),
            )

    def _layout(self) -> list[Any]:
        parts: list[Any] = []
        for section, fields in self.definition.sections:
            if section:
                parts.append(HTML(f"<h3>{escape(section)}</h3>"))
            parts += [self._question(field) for field in fields]
        return parts

    def _question(self, field: Field) -> Div:
        marks = {"data_source_cell": f"answer/{field.key}", "data_source_name": field.label}
        if field.show_if:
            rule = {"field": self.add_prefix(field.show_if.field), "values": list(field.show_if.values)}
            marks["data_show_if"] = json.dumps(rule)
        columns = [Column(field.key, css_class="answer-value")]
        if self.sources:
            columns += [
                Column(f"{field.key}-page", css_class="answer-page"),
                Column(f"{field.key}-quote", css_class="answer-quote"),
            ]
        wide = " is-wide" if field.kind is FieldKind.TABLE else ""
        return Div(*columns, css_class=f"answer-row{wide}", **marks)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for field in self.definition.fields:
            try:
                checked_answer(field, cleaned.get(field.key))
            except WrongAnswer as wrong:
                self.add_error(field.key, in_words(wrong))
        return cleaned

    def answers(self) -> dict[str, dict[str, Any]]:
        return {
            field.key: {
                "value": self.cleaned_data.get(field.key, ""),
                "page": self.cleaned_data.get(f"{field.key}-page", ""),
                "quote": self.cleaned_data.get(f"{field.key}-quote", ""),
            }
            for field in self.definition.fields
        }

    def checked(self) -> dict[str, dict[str, Any]]:
        """The answers as they are stored: only those that say something, numbers as numbers."""
        found = {}
        for field in self.definition.fields:
            told = self.answers()[field.key]
            said = {**told, "value": field.checked(told["value"])}
            kept = {name: value for name, value in said.items() if value not in (None, "", [])}
            if kept:
                found[field.key] = kept
        return found


class _Anything(forms.Field):
    """A value that the form definition itself checks."""

    def to_python(self, value: Any) -> Any:
        return value


def _form_field(field: Field, value: object) -> forms.Field:
    # Required answers are asked for at submission; a draft may be saved with gaps.
    label = f"{field.label}{' *' if field.required else ''}{f' ({field.unit})' if field.unit else ''}"
    common = {"required": False, "label": label, "help_text": field.help, "initial": value}
    if field.kind is FieldKind.TABLE:
        return _Anything(widget=TableWidget(field.columns), **common)
    if field.kind is FieldKind.MULTIPLE:
        offered = [(each, each) for each in field.choices]
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **common)
    if field.offered:
        return forms.ChoiceField(choices=[("", "–"), *((each, each) for each in field.offered)], **common)
    if field.kind is FieldKind.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 1}), **common)
    return forms.CharField(widget=forms.TextInput(attrs=_HINTS.get(field.kind, {})), **common)


_HINTS: dict[FieldKind, dict[str, str]] = {
    FieldKind.NUMBER: {"inputmode": "decimal"},
    FieldKind.DATE: {"placeholder": "2019-04", "inputmode": "numeric"},
    FieldKind.COUNTRY: {"list": "countries", "autocomplete": "off"},
}


def _countries(definition: FormDefinition) -> str:
    """The list that country questions complete from; once a page, and only where one is asked."""
    if all(field.kind is not FieldKind.COUNTRY for field in definition.fields):
        return ""
    options = "".join(f'<option value="{escape(name)}">' for name in all_countries())
    return f'<datalist id="countries">{options}</datalist>'

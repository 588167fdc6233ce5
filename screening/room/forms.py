"""The form of one's own keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ..stored_words import in_words
from .keys import ACTS, KeysRefused, print_key, read_keys


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

"""A form field that takes one file or many."""

from typing import Any

from django import forms


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Its value is a list of uploaded files, never empty; error_messages["required"] says what is wanted."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        if not any(files):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        # What a file holds is looked at by the rule, file by file, so that each can be told what is wrong.
        return [file for file in files if file]

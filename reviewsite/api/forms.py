"""What a new token is asked for."""

from django import forms

LASTING = (("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("", "Until I take it back"))


class TokenForm(forms.Form):
    """Its name, what it may do, and how long."""

    name = forms.CharField(
        max_length=80, label="What it is for", help_text="For example: data frame on my laptop."
    )
    may_write = forms.BooleanField(
        required=False,
        label="It may also write: decide and extract in my name",
        help_text="Off: it only reads.",
    )
    days = forms.ChoiceField(choices=LASTING, required=False, initial="90", label="Works for")

    def clean_days(self) -> int | None:
        return int(self.cleaned_data["days"]) if self.cleaned_data["days"] else None

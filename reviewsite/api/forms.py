"""What a new token is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

LASTING = (("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("", _("Until I take it back")))


class TokenForm(forms.Form):
    """Its name, what it may do, and how long."""

    name = forms.CharField(
        max_length=80, label=_("What it is for"), help_text=_("For example: data frame on my laptop.")
    )
    may_write = forms.BooleanField(
        required=False,
        label=_("It may also write: decide and extract in my name"),
        help_text=_("Off: it only reads."),
    )
    days = forms.ChoiceField(choices=LASTING, required=False, initial="90", label=_("Works for"))

    def clean_days(self) -> int | None:
        return int(self.cleaned_data["days"]) if self.cleaned_data["days"] else None

"""The file that is brought in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A review's ZIP file. How large it may be is said by the web server in front, if at all."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The ZIP file that “Export” or export_review made on another installation."),
        widget=forms.ClearableFileInput({"accept": ".zip,application/zip"}),
    )

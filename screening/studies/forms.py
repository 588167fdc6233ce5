"""Forms of studies: made of reports, changed, sharing participants with another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from reviewsite.reviews.models import Review
from reviewsite.web.stale import StaleAware

from ..models import Study


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

"""The form of the reading plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from reviewsite.web.language import shown_choices
from reviewsite.web.stale import StaleAware

from ..models import ReadingPlan


class ReadingPlanForm(StaleAware, forms.ModelForm):
    """Order, seed papers and the stopping rule; a late change needs a reason."""

    reason = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("Why it changes"),
        help_text=gettext_lazy("Needed once screening has begun."),
        widget=forms.TextInput,
    )

    class Meta:
        model = ReadingPlan
        exclude = ("review",)
        labels = {"order": gettext_lazy("Order"), "seed": gettext_lazy("Seed")}
        widgets = {"seed_papers": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = shown_choices(ReadingPlan.Order)

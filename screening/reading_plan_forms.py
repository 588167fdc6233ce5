"""The form of the reading plan."""

from django import forms

from reviewsite.web.stale import StaleAware

from .models import ReadingPlan


class ReadingPlanForm(StaleAware, forms.ModelForm):
    """Order, seed papers and the stopping rule; a late change needs a reason."""

    reason = forms.CharField(
        required=False,
        max_length=500,
        label="Why it changes",
        help_text="Needed once screening has begun.",
        widget=forms.TextInput,
    )

    class Meta:
        model = ReadingPlan
        exclude = ("review",)
        widgets = {"seed_papers": forms.Textarea(attrs={"rows": 3})}

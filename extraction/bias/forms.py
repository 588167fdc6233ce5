"""Forms of risk of bias: a tool put to use, a tool written by the team."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review

from ..models import Outcome
from ..risk_of_bias import catalogue


class AppraisalForm(forms.Form):
    """Which tool to put to use, and for what."""

    tool = forms.ChoiceField(label=gettext_lazy("Tool"))
    effect = forms.ChoiceField(required=False, label=gettext_lazy("Effect of interest"))
    outcome = forms.ModelChoiceField(Outcome.objects.none(), required=False, label=gettext_lazy("Outcome"))

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_tools = {f"own-{own.pk}": own for own in review.own_tools.all()}
        shipped = catalogue.tools()
        self.fields["tool"].choices = [
            (
                gettext("For each result of a study"),
                [(t.key, t.title) for t in shipped if t.unit == "result"],
            ),
            (gettext("For each study"), [(t.key, t.title) for t in shipped if t.unit == "study"]),
            *(
                [(gettext("Your own"), [(key, str(own)) for key, own in self.own_tools.items()])]
                if self.own_tools
                else []
            ),
        ]
        effects = {key: label for t in shipped for key, label in t.effects}
        effects |= {key: label for own in self.own_tools.values() for key, label in own.tool.effects}
        self.fields["effect"].choices = [("", gettext("The tool has none")), *effects.items()]
        self.fields["outcome"].queryset = review.outcomes.all()
        self.fields["outcome"].empty_label = gettext("None: the tool judges whole studies")

    def chosen(self) -> dict[str, Any]:
        """The arguments of the rule."""
        own = self.own_tools.get(self.cleaned_data["tool"])
        return {
            "tool": own.tool if own else catalogue.tool(self.cleaned_data["tool"]),
            "own_tool": own,
            "effect": self.cleaned_data["effect"],
            "outcome": self.cleaned_data["outcome"],
        }


class OwnToolForm(forms.Form):
    """The definition of a tool of the team's own, in TOML."""

    definition = forms.CharField(
        label=gettext_lazy("Definition"),
        widget=forms.Textarea(attrs={"rows": 28, "class": "definition", "spellcheck": "false"}),
        strip=False,
    )

"""The form in which a team draws up a tool of its own, without writing a definition by hand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from ..risk_of_bias.drafting import Draft, DraftAnswer, DraftDomain, DraftLevel

TONES = (
    ("low", gettext_lazy("Green: low")),
    ("some", gettext_lazy("Yellow: some concerns")),
    ("high", gettext_lazy("Red: high")),
    ("critical", gettext_lazy("Dark red: critical")),
    ("none", gettext_lazy("Grey: no information")),
)
RANKS = (
    ("", gettext_lazy("decides nothing")),
    ("1", gettext_lazy("1st judgement")),
    ("2", gettext_lazy("2nd judgement")),
    ("3", gettext_lazy("3rd judgement")),
    ("4", gettext_lazy("4th judgement")),
)
LEVELS, ANSWERS = 4, 6
FEWEST_DOMAINS, MOST_DOMAINS = 3, 30
FIRST_LEVELS = (("Low", "low"), ("Some concerns", "some"), ("High", "high"), ("", "critical"))
FIRST_ANSWERS = (
    ("Yes", "1"),
    ("Probably yes", "1"),
    ("Probably no", "3"),
    ("No", "3"),
    ("No information", "2"),
    ("", ""),
)


class ToolDraftForm(forms.Form):
    """About the tool, its judgements and answers; each domain with its questions, one a line."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    key = forms.SlugField(
        max_length=40,
        label=gettext_lazy("Short key"),
        help_text=gettext_lazy("Small letters, digits and dashes. The same key again is a new version."),
    )
    about = forms.CharField(max_length=300, label=gettext_lazy("What it judges"))
    source = forms.CharField(
        max_length=300, label=gettext_lazy("Where it comes from"), initial="Drawn up by the review team"
    )
    url = forms.URLField(
        label=gettext_lazy("Address of its guidance"),
        help_text=gettext_lazy("A DOI, or the page of your protocol."),
        assume_scheme="https",
    )
    unit = forms.ChoiceField(
        choices=(("study", gettext_lazy("each study")), ("result", gettext_lazy("each result of a study"))),
        label=gettext_lazy("Judges"),
    )
    has_overall = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("An overall judgement: that of the worst domain")
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        domains: int = FEWEST_DOMAINS,
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        """kept: what was typed so far, shown again without being checked."""
        super().__init__(data)
        self.count = min(max(domains, FEWEST_DOMAINS), MOST_DOMAINS)
        for at, (label, tone) in enumerate(FIRST_LEVELS, 1):
            self._add(
                f"level-{at}",
                label=gettext("Judgement %(number)s") % {"number": at},
                initial=label,
                required=at < 3,
                most=40,
            )
            self.fields[f"tone-{at}"] = forms.ChoiceField(
                choices=TONES, initial=tone, label=gettext("Colour of judgement %(number)s") % {"number": at}
            )
        for at, (label, points_to) in enumerate(FIRST_ANSWERS, 1):
            self._add(
                f"answer-{at}",
                label=gettext("Answer %(number)s") % {"number": at},
                initial=label,
                required=at < 3,
                most=40,
            )
            self.fields[f"points-{at}"] = forms.ChoiceField(
                choices=RANKS,
                initial=points_to,
                required=False,
                label=gettext("Answer %(number)s leads to") % {"number": at},
            )
        for at in range(1, self.count + 1):
            self._add(
                f"domain-{at}",
                label=gettext("Domain %(number)s") % {"number": at},
                initial="",
                required=at == 1,
                most=120,
            )
            self.fields[f"questions-{at}"] = forms.CharField(
                required=at == 1,
                label=gettext("Questions of domain %(number)s, one a line") % {"number": at},
                help_text=gettext(
                    "They are numbered %(number)s.1, %(number)s.2 and so on. Asked only after certain "
                    "answers: end the line with [if %(number)s.1 = Yes/Unclear]."
                )
                % {"number": at},
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for name, field in self.fields.items():
            if kept is not None and (name in kept or name == "has_overall"):
                field.initial = kept.get(name, "")

    def _add(self, name: str, *, label: str, initial: str, required: bool, most: int) -> None:
        self.fields[name] = forms.CharField(label=label, initial=initial, required=required, max_length=most)

    @property
    def levels(self) -> list[tuple[Any, Any]]:
        return [(self[f"level-{at}"], self[f"tone-{at}"]) for at in range(1, LEVELS + 1)]

    @property
    def answers(self) -> list[tuple[Any, Any]]:
        return [(self[f"answer-{at}"], self[f"points-{at}"]) for at in range(1, ANSWERS + 1)]

    @property
    def domains(self) -> list[tuple[Any, Any]]:
        return [(self[f"domain-{at}"], self[f"questions-{at}"]) for at in range(1, self.count + 1)]

    @property
    def draft(self) -> Draft:
        """What was filled in; empty rows are left out. For a valid form."""
        told = self.cleaned_data
        labels = {str(at): told[f"level-{at}"] for at in range(1, LEVELS + 1)}
        return Draft(
            **{name: told[name] for name in ("key", "name", "about", "source", "url", "unit", "has_overall")},
            levels=tuple(DraftLevel(label, told[f"tone-{at}"]) for at, label in labels.items() if label),
            answers=tuple(
                DraftAnswer(told[f"answer-{at}"], labels.get(told[f"points-{at}"], ""))
                for at in range(1, ANSWERS + 1)
                if told[f"answer-{at}"]
            ),
            domains=tuple(
                DraftDomain(told[f"domain-{at}"], _lines(told[f"questions-{at}"]))
                for at in range(1, self.count + 1)
                if told[f"domain-{at}"]
            ),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())

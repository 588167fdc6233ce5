"""The form in which a team draws up a tool of its own, without writing a definition by hand."""

from collections.abc import Mapping
from typing import Any

from django import forms

from .risk_of_bias.drafting import Draft, DraftAnswer, DraftDomain, DraftLevel

TONES = (
    ("low", "Green: low"),
    ("some", "Yellow: some concerns"),
    ("high", "Red: high"),
    ("critical", "Dark red: critical"),
    ("none", "Grey: no information"),
)
RANKS = (
    ("", "decides nothing"),
    ("1", "1st judgement"),
    ("2", "2nd judgement"),
    ("3", "3rd judgement"),
    ("4", "4th judgement"),
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

    name = forms.CharField(max_length=80)
    key = forms.SlugField(
        max_length=40,
        label="Short key",
        help_text="Small letters, digits and dashes. The same key again is a new version.",
    )
    about = forms.CharField(max_length=300, label="What it judges")
    source = forms.CharField(
        max_length=300, label="Where it comes from", initial="Drawn up by the review team"
    )
    url = forms.URLField(
        label="Address of its guidance",
        help_text="A DOI, or the page of your protocol.",
        assume_scheme="https",
    )
    unit = forms.ChoiceField(
        choices=(("study", "each study"), ("result", "each result of a study")), label="Judges"
    )
    has_overall = forms.BooleanField(
        required=False, initial=True, label="An overall judgement: that of the worst domain"
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
            self._add(f"level-{at}", label=f"Judgement {at}", initial=label, required=at < 3, most=40)
            self.fields[f"tone-{at}"] = forms.ChoiceField(
                choices=TONES, initial=tone, label=f"Colour of judgement {at}"
            )
        for at, (label, points_to) in enumerate(FIRST_ANSWERS, 1):
            self._add(f"answer-{at}", label=f"Answer {at}", initial=label, required=at < 3, most=40)
            self.fields[f"points-{at}"] = forms.ChoiceField(
                choices=RANKS, initial=points_to, required=False, label=f"Answer {at} leads to"
            )
        for at in range(1, self.count + 1):
            self._add(f"domain-{at}", label=f"Domain {at}", initial="", required=at == 1, most=120)
            self.fields[f"questions-{at}"] = forms.CharField(
                required=at == 1,
                label=f"Questions of domain {at}, one a line",
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

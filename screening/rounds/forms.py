"""Forms of the rounds: who is in one, how many votes, and which citations."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review, User
from reviewsite.web.stale import StaleAware

from ..models import Round, RoundPerson
from ..models.rounds import MOST_VOTES
from .choosing import Choice, How
from .participation import who_screens
from .rules import Place

HOW = [
    (How.RANDOM, gettext_lazy("A random sample")),
    (How.FIRST, gettext_lazy("The first ones imported")),
    (How.DATABASE, gettext_lazy("Everything found in one database")),
    (How.WORDS, gettext_lazy("Everything with certain words")),
]


class PeopleForm(StaleAware, forms.Form):
    """Name, votes and people; each person's three fields carry their key."""

    name = forms.CharField(max_length=80, required=False, label=gettext_lazy("Name"))
    decisions_needed = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_VOTES,
        label=gettext_lazy("Votes a citation needs"),
        help_text=gettext_lazy("Empty: as many as the protocol says."),
    )
    needs_expert = forms.BooleanField(
        required=False,
        label=gettext_lazy("One of the votes must be an expert's"),
        help_text=gettext_lazy("A citation waits until an expert is among those who decided."),
    )

    def __init__(self, review: Review, *args: Any, round: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.screeners = list(_in_order(review))
        seated = {row.user_id: row for row in round.people.filter(left_at=None)} if round else {}
        for person in self.screeners:
            row = seated.get(person.pk)
            self._add_fields(person, row)
        if round:
            self.initial |= {
                "name": round.name,
                "decisions_needed": round.decisions_needed,
                "needs_expert": round.needs_expert,
            }

    def _add_fields(self, person: User, row: RoundPerson | None) -> None:
        key = person.pk
        self.fields[f"in-{key}"] = forms.BooleanField(
            required=False,
            label=gettext("{person} screens in this round").format(person=person),
            initial=row is not None,
        )
        self.fields[f"expert-{key}"] = forms.BooleanField(
            required=False,
            label=gettext("{person} is an expert").format(person=person),
            initial=bool(row and row.is_expert),
        )
        self.fields[f"target-{key}"] = forms.IntegerField(
            required=False,
            min_value=1,
            label=gettext("Most that {person} takes on").format(person=person),
            initial=row and row.target,
        )

    def people(self) -> Iterator[tuple[User, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """One row of the table a person: in the round, expert, target."""
        for person in self.screeners:
            yield person, self[f"in-{person.pk}"], self[f"expert-{person.pk}"], self[f"target-{person.pk}"]

    def places(self) -> list[Place]:
        """The people ticked; a tick as expert or a target says that somebody is in."""
        given = self.cleaned_data
        return [
            Place(person.pk, given[f"expert-{person.pk}"], given[f"target-{person.pk}"])
            for person in self.screeners
            if given[f"in-{person.pk}"] or given[f"expert-{person.pk}"] or given[f"target-{person.pk}"]
        ]

    def terms(self) -> dict[str, Any]:
        """What the rules of rounds take beside the people."""
        names = ("name", "decisions_needed", "needs_expert")
        return {name: self.cleaned_data[name] for name in names}


class RoundForm(PeopleForm):
    """A new round, with the choice of its citations."""

    kind = forms.ChoiceField(
        choices=[
            (Round.Kind.PILOT, gettext_lazy("A pilot")),
            (Round.Kind.MAIN, gettext_lazy("A main round over some of the citations")),
        ],
        initial=Round.Kind.PILOT,
        widget=forms.RadioSelect,
        label=gettext_lazy("What for"),
    )
    how = forms.ChoiceField(choices=HOW, initial=How.RANDOM, label=gettext_lazy("Which citations"))
    n = forms.IntegerField(
        min_value=1, max_value=100_000, initial=50, required=False, label=gettext_lazy("How many")
    )
    seed = forms.IntegerField(
        min_value=0,
        required=False,
        label=gettext_lazy("Seed"),
        help_text=gettext_lazy("The same number draws the same sample again."),
    )
    database = forms.ChoiceField(required=False, label=gettext_lazy("Database"))
    words = forms.CharField(required=False, max_length=200, label=gettext_lazy("Words in title or abstract"))

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(review, *args, **kwargs)
        names = review.search_runs.order_by("database").values_list("database", flat=True).distinct()
        self.fields["database"].choices = [("", gettext("Choose")), *((name, name) for name in names)]
        self.fields["seed"].initial = review.rounds.count() + 1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = {How.RANDOM: "n", How.FIRST: "n", How.DATABASE: "database", How.WORDS: "words"}
        field = wanted.get(cleaned.get("how"))
        if field and not cleaned.get(field):
            self.add_error(field, gettext("Say which: this way of choosing needs it."))
        return cleaned

    def choice(self) -> Choice:
        given = self.cleaned_data
        how = How(given["how"])
        return Choice(
            how,
            n=given["n"] if how in {How.RANDOM, How.FIRST} else 0,
            seed=given["seed"] or 0 if how is How.RANDOM else 0,
            database=given["database"] if how is How.DATABASE else "",
            words=given["words"] if how is How.WORDS else "",
        )


class ReasonForm(forms.Form):
    """An act on a round that is recorded with its reason."""

    ACTS = ("unblind", "override", "dissolve")
    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    reason = forms.CharField(required=False, max_length=2000)


def _in_order(review: Review) -> Iterator[User]:
    people = User.objects.in_bulk(list(who_screens(review)))
    return (people[key] for key in who_screens(review))

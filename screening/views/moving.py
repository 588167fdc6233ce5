"""Taking over what Covidence or Rayyan had decided on the records of an import."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy, ngettext

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage, User
from reviewsite.web.language import shown_choices

from ..importers.decided import COVIDENCE
from ..models import SearchRun
from ..rounds.participation import who_screens
from ..searches.moving import Found, MoveRefused, ask_to_move, found_in


class MoveForm(forms.Form):
    """Who is who, and what the file is."""

    holds = forms.ChoiceField(
        label=gettext_lazy("The file holds"),
        choices=[
            ("irrelevant", gettext_lazy("Irrelevant: excluded on title and abstract")),
            ("full_text", gettext_lazy("Included on title and abstract, full text not decided")),
            ("excluded", gettext_lazy("Excluded at full text")),
            ("included", gettext_lazy("Included studies")),
        ],
    )
    stage = forms.ChoiceField(label=gettext_lazy("Decided on"), choices=shown_choices(Stage))

    def __init__(self, review: Review, found: Found, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Covidence's file is of one kind; Rayyan's says each person's verdict, of one stage.
        self.fields.pop("stage" if found.tool == COVIDENCE else "holds")
        members = User.objects.filter(pk__in=who_screens(review)).order_by("pk")
        self.names = list(found.people)
        for number, name in enumerate(self.names):
            self.fields[f"person-{number}"] = forms.ModelChoiceField(
                members,
                required=False,
                label=_named(name, found.people[name]),
                empty_label=gettext("Leave out"),
            )

    def people(self) -> dict[str, User]:
        chosen = {name: self.cleaned_data[f"person-{number}"] for number, name in enumerate(self.names)}
        return {name: user for name, user in chosen.items() if user}


def _named(name: str, votes: int) -> str:
    words = ngettext("%(name)s: %(votes)s decision", "%(name)s: %(votes)s decisions", votes)
    return words % {"name": name, "votes": votes}


@review_member(Role.OWNER)
def moving(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    run = get_object_or_404(SearchRun.objects.select_related("review__protocol"), review=review, pk=run_pk)
    found = found_in(run)
    form = MoveForm(review, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        stage, holds = told.get("stage", ""), told.get("holds", "")
        try:
            ask_to_move(run=run, stage=stage, holds=holds, people=form.people(), by=request.user)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("screening:moving", review.slug, run.pk)
    job = review.jobs.filter(kind="bulk", title__startswith="Taking over decisions").first()
    context = {"review": review, "run": run, "found": found, "form": form, "job": job}
    return render(request, "screening/moving.html", context, status=422 if form.errors else 200)

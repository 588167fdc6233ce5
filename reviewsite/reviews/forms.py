"""Forms of the accounts and of a review's own pages."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from reviewsite.web.language import shown_choices

from .models import Role, User
from .starting_points import PLAIN, STARTING_POINTS


class SignupForm(forms.Form):
    """What signing up asks beyond e-mail address and password."""

    name = forms.CharField(max_length=150, label=_("Your name"), help_text=_("As colleagues will see it."))
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        # They read this form, so this is a language they read.
        user.language = get_language() or ""
        user.save(update_fields=["name", "language"])


class ReviewForm(forms.Form):
    """A new review needs only a title; everything else can wait."""

    title = forms.CharField(
        max_length=300,
        label=_("Title of the review"),
        help_text=_("Everything can be changed later."),
    )
    start = forms.ChoiceField(
        label=_("What it asks"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("The protocol begins with designs and reasons to exclude that fit; all can be changed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = [(key, gettext(each.label)) for key, each in STARTING_POINTS.items()]
        self.fields["start"].initial = PLAIN

    def clean_start(self) -> str:
        return self.cleaned_data["start"] or PLAIN


class MemberForm(forms.Form):
    """A colleague with an account, and what they may do."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=shown_choices(Role), initial=Role.REVIEWER)


class InvitationForm(forms.Form):
    """A colleague with or without an account: they join by a link."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=shown_choices(Role), initial=Role.REVIEWER)

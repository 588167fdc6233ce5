"""Forms of the accounts and of a review's own pages."""

from django import forms
from django.http import HttpRequest

from .models import User


class SignupForm(forms.Form):
    """What signing up asks beyond e-mail address and password."""

    name = forms.CharField(max_length=150, label="Your name", help_text="As colleagues will see it.")
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])

"""What the audit log can be narrowed to."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviewsite.reviews.models import AuditEntry

BY_WINNOW = "winnow"


class FilterForm(forms.Form):
    """Who, what, when, and a word that stands in the details. The choices are those of what one may read."""

    who = forms.ChoiceField(required=False, label=_("Who"))
    act = forms.ChoiceField(required=False, label=_("What"))
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label=_("To"), widget=forms.DateInput({"type": "date"}))
    word = forms.CharField(required=False, max_length=200, label=_("Word in the details"))

    def __init__(self, entries: QuerySet[AuditEntry], *args: object) -> None:
        super().__init__(*args)
        self.entries = entries
        plain = entries.order_by()
        people = sorted(plain.exclude(actor=None).values_list("actor__name", "actor").distinct())
        acts = sorted(plain.values_list("act", flat=True).distinct())
        self.fields["who"].choices = [
            ("", gettext("Everybody")),
            *((str(pk), name) for name, pk in people),
            (BY_WINNOW, gettext("Winnow itself")),
        ]
        self.fields["act"].choices = [("", gettext("Everything")), *((act, act.capitalize()) for act in acts)]

    def found(self) -> QuerySet[AuditEntry]:
        """The entries that answer; all of them while something in the filter is wrong."""
        found = self.entries.select_related("actor")
        if not self.is_valid():
            return found
        told = self.cleaned_data
        if told["who"]:
            found = found.filter(actor=None if told["who"] == BY_WINNOW else int(told["who"]))
        if told["act"]:
            found = found.filter(act=told["act"])
        if told["since"]:
            found = found.filter(at__gte=_midnight(told["since"]))
        if told["until"]:
            found = found.filter(at__lt=_midnight(told["until"] + timedelta(days=1)))
        if told["word"]:
            text = found.annotate(text=Cast("details", TextField()))
            found = text.filter(text__icontains=told["word"])
        return found


def _midnight(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))  # type: ignore[arg-type]

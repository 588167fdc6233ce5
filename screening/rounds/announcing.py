"""What the team is written to about, each person in their language."""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from reviewsite.reviews.models import User
from reviewsite.web.language import in_language_of

from ..models import SavedSearch, SearchRun


def tell_of_run(run: SearchRun) -> None:
    """Write to the team when a scheduled search brought something in. Nobody is written to for nothing."""
    saved, count = run.saved_search, run.records.count()
    if saved is None or saved.schedule == SavedSearch.Schedule.BY_HAND or not count:
        return
    readers: dict[str, list[User]] = defaultdict(list)
    for member in saved.review.memberships.current().select_related("user"):
        if member.may_screen:
            readers[member.user.language].append(member.user)
    for people in readers.values():
        with in_language_of(*people):
            _write(run, count, people)


def _write(run: SearchRun, count: int, people: Sequence[User]) -> None:
    saved = run.saved_search
    assert saved is not None
    told = {"search": saved.name, "day": date_format(run.run_on, "d F Y"), "n": count}
    brought = ngettext(
        "The search “{search}” ran on {day} and brought in {n} record that no earlier run had found.",
        "The search “{search}” ran on {day} and brought in {n} records that no earlier run had found.",
        count,
    )
    where = gettext(
        "They are listed in Winnow under Searches; those that are no copies of earlier records wait under "
        "Screening."
    )
    send_mail(
        subject=ngettext("{n} new record in {review}", "{n} new records in {review}", count).format(
            n=count, review=saved.review.title
        ),
        message="\n\n".join((brought.format(**told), where)),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[person.email for person in people],
        fail_silently=True,
    )

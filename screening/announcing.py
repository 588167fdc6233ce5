"""What the team is written to about."""

from django.conf import settings
from django.core.mail import send_mail

from .models import SavedSearch, SearchRun


def tell_of_run(run: SearchRun) -> None:
    """Write to the team when a scheduled search brought something in. Nobody is written to for nothing."""
    saved, count = run.saved_search, run.records.count()
    if saved is None or saved.schedule == SavedSearch.Schedule.BY_HAND or not count:
        return
    people = saved.review.memberships.current().select_related("user")
    addresses = [member.user.email for member in people if member.may_screen]
    send_mail(
        subject=f"{count} new records in {saved.review.title}",
        message=(
            f"The search “{saved.name}” ran on {run.run_on:%d %B %Y} and brought in {count} records that no "
            "earlier run had found.\n\nThey are listed in Winnow under Searches; those that are no copies of "
            "earlier records wait under Screening."
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=addresses,
        fail_silently=True,
    )

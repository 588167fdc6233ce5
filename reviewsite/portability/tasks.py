"""What runs in the background: an id in, nothing out but rows and a file. Safe to run twice."""

from reviewsite.background import if_given_up, task

from .models import Transfer
from .transfers import carry_out, give_up


@task()
def carry(transfer_pk: int) -> None:
    """Write a review into a file, or bring one in."""
    transfer = Transfer.objects.select_related("review__protocol", "asked_by").filter(pk=transfer_pk).first()
    if transfer is not None and not transfer.is_finished:
        carry_out(transfer)


@if_given_up(carry)
def carry_given_up(transfer_pk: int, *, sentence: str) -> None:
    """One that no worker brought to its end must not stand in the way of the next."""
    give_up(Transfer.objects.filter(pk=transfer_pk).first(), sentence)

"""What runs in the background: an id in, nothing out but rows and a file. Safe to run twice."""

from reviewsite.background import task

from .models import Transfer
from .transfers import carry_out


@task()
def carry(transfer_pk: int) -> None:
    """Write a review into a file, or bring one in."""
    transfer = Transfer.objects.select_related("review__protocol", "asked_by").filter(pk=transfer_pk).first()
    if transfer is not None and transfer.state == Transfer.State.QUEUED:
        carry_out(transfer)

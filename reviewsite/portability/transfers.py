"""The rules of exports and imports that are asked for in the browser; the only writer of transfers.

One that a killed worker left is begun anew by the next. A worker that was thought lost writes nothing more:
each writes only while the transfer is in the attempt that it began.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.reviews.jobs import JobTakenUp
from reviewsite.reviews.models import Review
from reviewsite.trail.visibility import blind_work

from .errors import CarryingRefused
from .exporting import export_review
from .importing import import_review
from .models import Transfer

State, Direction = Transfer.State, Transfer.Direction


class TransferCancelled(Exception):
    """The person who asked took it back; nothing is kept."""


@transaction.atomic
def ask_for_export(*, review: Review, by) -> Transfer:
    """Queue the writing of a review into a file. Refused while the file would unblind whoever asks."""
    from .tasks import carry

    if told := blind_work(review, by):
        raise CarryingRefused(
            _(
                "The file would show you what is still blind: %(told)s. Wait until colleagues' work is "
                "no longer blind, or let whoever runs this server write it with export_review."
            )
            % {"told": ", ".join(told)}
        )
    if Transfer.objects.filter(review=review, state__in=[State.QUEUED, State.RUNNING]).exists():
        raise CarryingRefused(_("This review is being written already."))
    transfer = Transfer.objects.create(direction=Direction.OUT, review=review, asked_by=by)
    carry.enqueue(transfer.pk)
    return transfer


@transaction.atomic
def ask_for_import(*, file: UploadedFile, by) -> Transfer:
    """Keep an uploaded file and queue its bringing in."""
    from .tasks import carry

    transfer = Transfer(
        direction=Direction.IN, asked_by=by, file_name=(file.name or "")[-255:], size=file.size or 0
    )
    transfer.file.save("review.zip", file, save=False)
    transfer.save()
    carry.enqueue(transfer.pk)
    return transfer


@transaction.atomic
def request_cancel(transfer: Transfer) -> None:
    """A waiting one ends at once; a running one stops at its next step."""
    waiting = Transfer.objects.filter(pk=transfer.pk, state=State.QUEUED)
    if not waiting.update(state=State.CANCELLED, finished_at=timezone.now(), outcome="Cancelled."):
        running = Transfer.objects.filter(pk=transfer.pk, state=State.RUNNING)
        running.update(cancel_requested_at=timezone.now())


def remove(transfer: Transfer) -> None:
    """Forget a finished transfer and its file."""
    if transfer.file:
        transfer.file.delete(save=False)
    transfer.delete()


def carry_out(transfer: Transfer) -> None:
    """Do what was asked, and say what came of it. After trouble with the database the worker tries again."""
    _begin(transfer)
    try:
        told = _out(transfer) if transfer.direction == Direction.OUT else _in(transfer)
        _set(transfer, state=State.DONE, outcome=told, finished_at=timezone.now())
    except TransferCancelled:
        _end(transfer, State.CANCELLED, "Cancelled; nothing was kept.")
    except CarryingRefused as refusal:
        _end(transfer, State.FAILED, str(refusal))
    except (JobTakenUp, OperationalError, InterfaceError):
        raise
    except Exception as error:
        told = f"Something went wrong that should not have ({type(error).__name__}). Nothing was kept."
        _end(transfer, State.FAILED, told)
        raise


def give_up(transfer: Transfer | None, sentence: str) -> None:
    """Its task has failed for good; one that was not told already is told now."""
    if transfer is not None and not transfer.is_finished:
        _end(transfer, State.FAILED, sentence)


def _begin(transfer: Transfer) -> None:
    """A new attempt, which no earlier one can write into any more."""
    Transfer.objects.filter(pk=transfer.pk).update(attempts=F("attempts") + 1)
    transfer.refresh_from_db(fields=["attempts", "review"])
    _set(transfer, state=State.RUNNING, done=0, total=0, step="")


def _out(transfer: Transfer) -> str:
    report = _reporter(transfer)
    place = f"winnow-export-{transfer.key.hex}-"
    for left in settings.DATA_DIR.glob(f"{place}*"):
        # What an attempt that was killed has left of this very transfer.
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=place, dir=settings.DATA_DIR) as room:
        target = Path(room) / "review.zip"
        manifest = export_review(
            review=transfer.review,
            target=target,
            progress=lambda done, total: report(done, total, "Writing rows and files"),
        )
        with target.open("rb") as written:
            transfer.file.save("review.zip", File(written), save=False)
        size = target.stat().st_size
    file_name = f"{transfer.review.slug}-{timezone.localdate():%Y-%m-%d}.zip"
    _set(transfer, file=transfer.file.name, file_name=file_name, size=size)
    rows = sum(member.rows for member in manifest.members.values())
    return f"{rows} rows and {sum(n.startswith('files/') for n in manifest.members)} files written."


def _in(transfer: Transfer) -> str:
    if transfer.review is None:
        _bring_in(transfer)
    if file := transfer.file.name:
        _set(transfer, file="")
        default_storage.delete(file)
    return f"“{transfer.review.title}” is here and comes to the same counts, hashes and estimates."


def _bring_in(transfer: Transfer) -> None:
    """The review, and with it the word that it is here: an attempt after a kill brings no second one."""
    with tempfile.NamedTemporaryFile(suffix=".zip", dir=settings.DATA_DIR) as copy:
        with transfer.file.open("rb") as kept:
            shutil.copyfileobj(kept, copy)
        copy.flush()
        import_review(
            path=Path(copy.name),
            by=transfer.asked_by,
            progress=_reporter(transfer),
            at_last=lambda review: _set(transfer, review=review),
        )


def _reporter(transfer: Transfer) -> Callable[[int, int, str], None]:
    """Progress a few hundred times at most, and the look whether somebody asked to stop."""
    last = ("", -1)

    def report(done: int, total: int, step: str) -> None:
        nonlocal last
        now = (step, done * 200 // total if total else 0)
        # Within the one transaction of an import nobody else could read what is written here.
        if now == last or (connection.in_atomic_block and not settings.TESTING):
            return
        last = now
        if Transfer.objects.filter(pk=transfer.pk).exclude(cancel_requested_at=None).exists():
            raise TransferCancelled
        _set(transfer, done=done, total=total, step=step)

    return report


def _end(transfer: Transfer, state: str, told: str) -> None:
    file = transfer.file.name
    _set(transfer, state=state, outcome=told, finished_at=timezone.now(), file="")
    if file:
        default_storage.delete(file)


def _set(transfer: Transfer, **columns: object) -> None:
    if not Transfer.objects.filter(pk=transfer.pk, attempts=transfer.attempts).update(**columns):
        raise JobTakenUp
    for name, value in columns.items():
        setattr(transfer, name, value)

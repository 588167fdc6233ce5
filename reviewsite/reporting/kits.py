"""The rule that has a manuscript kit made in the background, and keeps the last few."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job, Review, record_act
from screening.models import ManuscriptKit

from .kit import make_kit, steps_in

KEPT = 3


@transaction.atomic
def ask_for_kit(*, review: Review, by) -> ManuscriptKit:
    """A kit that waits for the worker; the one that is being made already, if there is one."""
    from .tasks import make_manuscript_kit

    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    waiting = Job.objects.unfinished().filter(review=review, kind=Job.Kind.REPORT).first()
    if waiting is not None and not waiting.seems_dead:
        return waiting.manuscript_kit
    job = jobs.enqueue(review=review, kind=Job.Kind.REPORT, title="Manuscript kit", requested_by=by)
    kit = ManuscriptKit.objects.create(review=review, job=job, asked_by=by)
    make_manuscript_kit.enqueue(kit.pk)
    record_act(review, by, "manuscript kit asked for")
    return kit


def carry_out(kit: ManuscriptKit) -> None:
    """Make a kit and keep its files; tells the job each step and lets itself be cancelled between them."""
    job, done = kit.job, 0
    total = steps_in(kit.review)

    def step(what: str) -> None:
        nonlocal done
        jobs.advance(job, min(done, total), total, what[:120])
        done += 1

    word, packed = make_kit(kit.review, step)
    with transaction.atomic():
        kit.word_file.save(f"{kit.review_id}-{kit.pk}.docx", ContentFile(word), save=False)
        kit.zip_file.save(f"{kit.review_id}-{kit.pk}.zip", ContentFile(packed), save=False)
        kit.sha256 = hashlib.sha256(packed).hexdigest()
        kit.save()
        jobs.finish(job, "The kit is ready.")
    _forget_older(kit)


def _forget_older(kit: ManuscriptKit) -> None:
    """The files of all but the last few go; that they were made stays."""
    made = ManuscriptKit.objects.filter(review=kit.review).exclude(sha256="").exclude(zip_file="")
    for older in made.order_by("-pk")[KEPT:]:
        older.word_file.delete(save=False)
        older.zip_file.delete(save=False)
        older.save()

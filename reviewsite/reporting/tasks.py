"""What runs in the background: an id in, nothing out but rows and files. Safe to run twice."""

from reviewsite.background import task
from reviewsite.reviews import jobs
from screening.models import ManuscriptKit

from .kits import carry_out


@task()
def make_manuscript_kit(kit_pk: int) -> None:
    kit = ManuscriptKit.objects.select_related("job", "review__protocol").filter(pk=kit_pk).first()
    if kit is None or kit.job.is_finished:
        return
    with jobs.carrying_out(kit.job, if_wrong="No kit was made; please report it."):
        carry_out(kit)

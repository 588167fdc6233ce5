"""What runs in the background: an id in, nothing out but rows. Safe to run twice."""

from reviewsite.background import task
from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job

from .runs import rerun_stale


@task()
def rerun_all(job_pk: int) -> None:
    """Run every analysis of a review whose rows or plan have changed. Those run before a cancel stay."""
    job = Job.objects.select_related("review", "requested_by").filter(pk=job_pk).first()
    if job is None or job.is_finished:
        return
    with jobs.carrying_out(job, if_cancelled="Cancelled; analyses that were run until then stay."):
        fresh = rerun_stale(
            review=job.review,
            by=job.requested_by,
            progress=jobs.reporter(job, "Running analyses", every=5),
        )
        count = len(fresh)
        jobs.finish(job, f"{count} analys{'is' if count == 1 else 'es'} run on the present rows.")

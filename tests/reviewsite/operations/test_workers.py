"""Work goes on by itself when the worker at it is killed, and is given up in the end."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from reviewsite.background import current_task
from reviewsite.operations import workers
from reviewsite.operations.models import WorkerSign
from reviewsite.operations.worker import Worker
from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job
from screening.models import RankingRun
from screening.order.reading_order import ask_for_order, plan_of
from screening.searches.imports import register_file
from screening.tasks import read_file

from ...makers import make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TWO_RECORDS = b"TY  - JOUR\nTI  - First trial\nER  - \nTY  - JOUR\nTI  - Second trial\nER  - \n"
NO_SUCH_PROCESS = 4_000_000  # above the highest number that Linux gives


@pytest.fixture(autouse=True)
def _queue_in_the_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def uploaded(review):
    return register_file(
        review=review, content=TWO_RECORDS, file_name="two.ris", database="Embase", by=make_member(review)
    )


def work(name="the next worker"):
    Worker(worker_id=name, batch=True).run()


def killed_at(task: DBTaskResult, run, name: str = "killed", **sign) -> None:
    """As a worker leaves things that is killed in the middle of an import."""
    told = workers.introduce(name)
    WorkerSign.objects.filter(pk=told.pk).update(pid=NO_SUCH_PROCESS, born="earlier", **sign)
    task.claim(name)
    place = current_task.set(str(task.id))
    run.refresh_from_db()
    jobs.start(run.job)
    jobs.advance(run.job, 1, 2, "Reading records")
    current_task.reset(place)


def test_an_import_whose_worker_was_killed_is_taken_up_by_the_next(uploaded):
    killed_at(DBTaskResult.objects.get(), uploaded)

    work()

    uploaded.refresh_from_db()
    assert uploaded.job.state == Job.State.DONE
    assert uploaded.records.count() == 2
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_what_a_lost_attempt_had_stored_is_not_doubled(review, uploaded):
    killed_at(DBTaskResult.objects.get(), uploaded)
    uploaded.records.create(review=review, position=1, title="First trial")

    work()

    assert uploaded.records.count() == 2


def test_a_task_whose_worker_is_alive_is_left_to_it(uploaded):
    task = DBTaskResult.objects.get()
    workers.introduce("alive")
    task.claim("alive")

    assert workers.take_up_lost() == 0
    work()

    assert Job.objects.get(pk=uploaded.job_id).state == Job.State.QUEUED


def test_a_worker_of_another_machine_is_lost_when_it_has_been_silent_for_long(uploaded):
    task = DBTaskResult.objects.get()
    sign = workers.introduce("far")
    task.claim("far")
    far = WorkerSign.objects.filter(pk=sign.pk)

    far.update(host="another machine", last_sign_at=timezone.now() - workers.LOST_AFTER / 2)
    assert workers.take_up_lost() == 0

    far.update(last_sign_at=timezone.now() - workers.LOST_AFTER - timedelta(seconds=1))
    assert workers.take_up_lost() == 1


def test_a_process_that_is_there_and_signs_nothing_for_long_is_stuck():
    sign = workers.introduce("stuck")
    assert not workers.is_lost(sign)

    sign.last_sign_at -= workers.STUCK_AFTER + timedelta(seconds=1)

    assert workers.is_lost(sign)


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs Linux's list of processes")
def test_a_later_process_of_the_same_number_is_another_one():
    assert workers.birth_of(os.getpid()) == workers.birth_of(os.getpid()) != ""
    assert workers.birth_of(os.getpid()) != workers.birth_of(1)
    assert workers.birth_of(NO_SUCH_PROCESS) == ""


def test_work_that_kills_its_worker_each_time_is_given_up_with_a_sentence(uploaded):
    for attempt in range(workers.MOST_ATTEMPTS):
        task = DBTaskResult.objects.get()
        assert task.status == TaskResultStatus.READY
        killed_at(task, uploaded, f"killed {attempt}")
        workers.take_up_lost()

    job = Job.objects.get(pk=uploaded.job_id)
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert job.state == Job.State.FAILED
    assert "3 times in a row" in job.outcome
    work()
    assert uploaded.records.count() == 0


def test_a_worker_that_wakes_up_late_writes_nothing_beside_the_new_one(uploaded):
    killed_at(DBTaskResult.objects.get(), uploaded)
    late = Job.objects.get(pk=uploaded.job_id)

    work()

    for write in (
        lambda: jobs.advance(late, 2, 2),
        lambda: jobs.finish(late, "Done twice"),
        lambda: jobs.hold(late),
    ):
        with pytest.raises(jobs.JobTakenUp):
            write()
    assert Job.objects.get(pk=uploaded.job_id).outcome.startswith("2 records read")


def test_an_order_that_is_given_up_does_not_stand_in_the_way_of_the_next(review):
    make_search_run(review, ["A trial"])
    plan = plan_of(review)
    plan.order = "ranked"
    plan.save()
    ask_for_order(review, plan)
    task = DBTaskResult.objects.get()
    for attempt in range(workers.MOST_ATTEMPTS):
        task.refresh_from_db()
        task.claim(f"gone {attempt}")
        workers.take_up_lost()

    assert "given up" in RankingRun.objects.get().outcome
    ask_for_order(review, plan)
    assert RankingRun.objects.filter(finished_at=None).count() == 1


def test_a_task_that_fails_by_a_mistake_of_ours_tells_its_job(review, uploaded):
    uploaded.file.delete()

    work()

    job = Job.objects.get(pk=uploaded.job_id)
    assert job.state == Job.State.FAILED
    assert "should not have" in job.outcome
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_a_cancelled_job_is_not_begun(uploaded):
    jobs.request_cancel(uploaded.job, by=uploaded.review.created_by)

    work()

    assert uploaded.records.count() == 0
    assert read_file.module_path == DBTaskResult.objects.get().task_path

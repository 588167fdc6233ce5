"""Whether the site is well, told to machines and owners, and a log that names nobody."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reviewsite.operations import workers
from reviewsite.operations.backups import make_backup
from reviewsite.operations.models import Backup
from reviewsite.operations.state import site_state
from reviewsite.reviews.jobs import enqueue, fail, start
from reviewsite.web.logs import JsonFormatter, LineFormatter

from ...makers import make_review, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


def test_health_is_for_everybody_and_says_only_ok(client):
    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_health_is_503_when_the_database_is_away(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", away)

    assert client.get("/health/").status_code == 503


def test_metrics_do_not_exist_without_a_token_and_for_a_wrong_one(client, settings):
    assert client.get("/metrics/", headers={"authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics/").status_code == 404
    assert client.get("/metrics/", headers={"authorization": "Bearer söcret"}).status_code == 404


def test_metrics_are_lines_that_prometheus_reads(client, settings, review):
    settings.METRICS_TOKEN = "s3cret"
    start(enqueue(review=review, kind="import", title="Reading my-file.ris", requested_by=review.created_by))

    answer = client.get("/metrics/", headers={"authorization": "Bearer s3cret"})

    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) winnow_\w+ .+|winnow_\w+(\{\w+="\w+"\})? [0-9.e+-]+', line), line
    assert 'winnow_jobs{state="running"} 1\n' in text
    assert "winnow_people 1\n" in text
    assert "my-file" not in text
    assert review.slug not in text


def test_the_owner_sees_jobs_queue_disk_and_last_backup(client, review, tmp_path):
    job = enqueue(review=review, kind="import", title="Reading a.ris", requested_by=review.created_by)
    start(job)
    fail(job, "The file is empty.")
    make_backup(tmp_path)
    workers.introduce("one")
    client.force_login(review.created_by)

    page = client.get(f"/reviews/{review.slug}/status/").content.decode()

    assert "The file is empty." in page
    assert "worker alive" in page
    assert timezone.now().strftime("%Y") in page
    assert "Whole" in page
    assert "All is well." in page


def test_what_somebody_should_look_at_is_said_in_sentences(review):
    long_ago = timezone.now() - timedelta(hours=1)
    Backup.objects.create(is_under_way=False, problem="No space left on device")
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default", run_after=long_ago
    )
    DBTaskResult.objects.update(enqueued_at=long_ago)

    without_worker = site_state().warnings
    workers.introduce("one")
    with_worker = site_state().warnings

    assert "No background worker is running: imports, searches and analyses wait." in without_worker
    assert "Work has been waiting for more than ten minutes: more workers would help." in with_worker
    assert "The last backup failed: No space left on device" in with_worker
    assert "No backup was made by Winnow yet." in with_worker


@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter()])
def test_the_log_names_no_person_no_review_and_no_text(client, review, caplog, formatter):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="winnow")
    person = make_user("Petra Personal")
    client.post("/accounts/login/", {"login": person.email, "password": "wrong"})
    client.force_login(person)
    client.get(f"/reviews/{review.slug}/citations/?words=hidden-topic")
    client.get(f"/no-such-page/{person.email}")
    try:
        raise ValueError(f"Key (email)=({person.email}) exists already")
    except ValueError:
        logging.getLogger("winnow.worker").exception("task 1 failed")

    lines = [
        formatter.format(record)
        for record in caplog.records
        if record.name.startswith(("winnow", "django.request"))
    ]

    text = "\n".join(lines)
    assert len(lines) >= 5
    assert "reviews/<slug:slug>/citations/" in text
    assert "ValueError" in text
    for private in (person.email, "Petra", review.slug, "hidden-topic", "127.0.0.1"):
        assert private not in text


def test_a_line_of_the_log_is_one_json_object_with_the_number_in_the_answer(client, caplog):
    caplog.set_level(logging.INFO, logger="winnow")
    answer = client.get("/help/guide/")

    (told,) = [json.loads(JsonFormatter().format(r)) for r in caplog.records if r.name == "winnow.request"]

    assert told["request"] == answer["X-Request-ID"]
    assert (told["method"], told["route"], told["status"]) == ("GET", "help/<slug:name>/", 200)

"""Killed outright in the middle of anything, the site goes on: nothing lost, doubled or half-done."""

import http.client
import uuid
from urllib.parse import urlencode

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError
from django.test import Client

from analysis.models import AnalysisRun
from analysis.runs import ask_for_rerun
from analysis.specs import create_spec
from reviewsite.portability.summaries import differing
from reviewsite.reviews.models import Job, Protocol, User
from screening.deciding.bulk import ask_for
from screening.models import Citation, Decision, DuplicateLink, SearchRun
from screening.searches.imports import register_file
from screening.tasks import decide_many

from ...extraction.makers import make_agreed, make_outcome
from ...makers import decide, make_citation, make_member, make_review, make_search_run
from ..processes import Processes, free_port, until

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 1500


@pytest.fixture
def review(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return make_review()


@pytest.fixture
def processes(tmp_path):
    started = Processes(tmp_path)
    yield started
    started.end()


def export(count: int) -> bytes:
    """Records of which every third one is a copy of the one before."""
    told = []
    for number in range(count):
        work = number - 1 if number % 3 == 2 else number
        told.append(
            f"TY  - JOUR\nTI  - Outcome {work} of zorifen in chronic itch of site {work * 7919}\n"
            f"AU  - Arden, P{work}\nPY  - {1980 + work % 40}\nDO  - 10.5555/w{work}\nER  - \n"
        )
    return "".join(told).encode()


@pytest.mark.parametrize("step", ["Reading records", "Comparing records"])
def test_a_worker_killed_while_it_imports(review, processes, step):
    run = register_file(
        review=review, content=export(MANY), file_name="a.ris", database="X", by=review.created_by
    )
    job = Job.objects.filter(pk=run.job_id)
    worker = processes.worker()
    until(lambda: job.filter(step=step).exists() or job.get().is_finished, step)
    processes.kill(worker)
    assert job.get().state == Job.State.RUNNING, "it was too quick to be killed at this step"

    processes.work_all()

    assert job.get().state == Job.State.DONE, job.get().outcome
    assert job.get().attempts >= 2
    assert SearchRun.objects.get().records.count() == MANY
    assert Citation.objects.filter(review=review, merged_into=None).count() == MANY - MANY // 3
    assert DuplicateLink.objects.filter(review=review).count() == MANY // 3
    assert differing(review) == []


def test_a_worker_killed_while_it_decides_on_many(review, processes):
    found = make_search_run(review, [f"Trial {number}" for number in range(400)])
    citations = list(found.records.values_list("citation", flat=True))
    asked = {
        "verdict": "exclude",
        "reason": review.exclusion_reasons.offered("title_abstract").first(),
        "note": "Animals.",
    }
    bulk = ask_for(review=review, stage="title_abstract", citations=citations, by=review.created_by, **asked)
    decide_many.enqueue(bulk.pk)
    worker = processes.worker()
    until(lambda: Decision.objects.count() > 40, "some are decided")
    processes.kill(worker)
    assert Decision.objects.count() < 400, "it was too quick to be killed"

    processes.work_all()

    assert Decision.objects.count() == 400
    assert Job.objects.get(pk=bulk.job_id).outcome == "400 done."
    assert differing(review) == []


def test_a_worker_killed_while_it_runs_analyses(review, processes):
    make_agreed(review, [make_member(review), make_member(review)], "Arden 2019", 30, 40)
    outcome = make_outcome(review)
    for number in range(40):
        create_spec(review=review, by=review.created_by, title=f"Response {number}", outcome=outcome)
    job = ask_for_rerun(review=review, by=review.created_by)
    worker = processes.worker()
    until(lambda: AnalysisRun.objects.count() > 2, "some have run")
    processes.kill(worker)
    assert AnalysisRun.objects.count() < 40, "it was too quick to be killed"

    processes.work_all()

    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
    assert AnalysisRun.objects.count() == 40
    assert AnalysisRun.objects.values("spec").distinct().count() == 40
    assert differing(review) == []


class Browser:
    """A member's posts over the network, as the page sends them: again and again until one is answered."""

    def __init__(self, user, port: int) -> None:
        signed_in = Client()
        signed_in.force_login(user)
        self.cookie = f"sessionid={signed_in.cookies['sessionid'].value}; csrftoken={'a' * 32}"
        self.port = port

    def post(self, path: str, fields: dict[str, str]) -> int:
        """The status, or 0 when nobody answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        body = urlencode({**fields, "csrfmiddlewaretoken": "a" * 32})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except OSError:
            return 0
        except http.client.HTTPException:
            return 0
        finally:
            connection.close()


def test_a_web_server_killed_while_people_screen_and_settle(review, processes):
    Protocol.objects.filter(review=review).update(title_abstract_decisions=2)
    anna, ben = make_member(review), make_member(review)
    citations = [make_citation(review, f"Trial {number}") for number in range(30)]
    for citation in citations:
        decide(citation, ben, "include")
    port = free_port()
    server = processes.web(port)
    page = f"/reviews/{review.slug}/screen/title_abstract/"
    reason = str(review.exclusion_reasons.filter(stage="title_abstract").first().pk)

    browser = Browser(anna, port)
    for number, citation in enumerate(citations):
        fields = {"verdict": "exclude", "reason": reason, "client_uuid": str(uuid.uuid4())}
        if number in (10, 20):
            processes.kill(server)
            assert browser.post(f"{page}{citation.pk}/decide/", fields) == 0
            server = processes.web(port)
        # Sent twice, as after an answer that was lost.
        assert {browser.post(f"{page}{citation.pk}/decide/", fields) for _ in range(2)} <= {200, 302}

    assert Decision.objects.filter(reviewer=anna).count() == 30
    assert Citation.objects.filter(title_abstract_state="conflict").count() == 30

    owner = Browser(review.created_by, port)
    for number, citation in enumerate(citations):
        if number == 15:
            processes.kill(server)
            server = processes.web(port)
        settle = f"/reviews/{review.slug}/conflicts/title_abstract/{citation.pk}/"
        fields = {"verdict": "include", "client_uuid": str(uuid.uuid4())}
        assert {owner.post(settle, fields) for _ in range(2)} <= {200, 302}

    assert Decision.objects.adjudications().count() == 30
    assert differing(review) == []


def refused(client: Client, review, content: bytes = b"TY  - JOUR\nTI  - A\nER  - \n"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(review.created_by)
    client.raise_request_exception = False
    file = SimpleUploadedFile("a.ris", content)
    return client.post(
        f"/reviews/{review.slug}/searches/upload/",
        {"files": file, "database": "X", "kind": "database", "run_on": "2026-01-05"},
    )


def test_a_full_disk_is_said_and_nothing_of_the_upload_is_kept(client, review, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)

    answer = refused(client, review)

    assert answer.status_code == 503
    assert "The disk of this site is full" in answer.content.decode()
    assert "Nothing of what you sent was kept" in answer.content.decode()
    assert not SearchRun.objects.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("database or disk is full", "The disk of this site is full"),
        ("connection to server failed: Connection refused", "The database does not answer just now"),
    ],
)
def test_a_database_that_is_full_or_away_is_said(client, review, monkeypatch, words, told):
    def away(*args, **kwargs):
        raise OperationalError(words)

    monkeypatch.setattr("screening.views.searches.register_files", away)

    answer = refused(client, review)

    assert answer.status_code == 503
    assert told in answer.content.decode()
    assert answer["Retry-After"] == "30"


def test_a_mail_server_that_does_not_answer_is_said_and_the_account_is_kept(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.raise_request_exception = False
    secret = "long-enough-7-words"
    fields = {"email": "new@example.org", "name": "New", "password1": secret, "password2": secret}

    answer = client.post("/accounts/signup/", fields)

    assert answer.status_code == 503
    assert "The mail server of this site does not answer just now" in answer.content.decode()
    assert User.objects.filter(email="new@example.org").exists()


def test_a_mistake_of_ours_gives_a_number_to_report(client, review, monkeypatch):
    monkeypatch.setattr("screening.views.searches.register_files", lambda **told: 1 / 0)

    answer = refused(client, review)

    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()

"""A whole review out of the browser and into it."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse

from reviewsite.portability import tasks, transfers
from reviewsite.portability.models import Transfer
from reviewsite.reviews.jobs import JobTakenUp
from reviewsite.reviews.models import Review
from reviewsite.trail.verifying import verify
from screening.searches.imports import register_file

from ...makers import decide, make_citation, make_member, make_review
from .making import wipe

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


def export(client, review, owner):
    client.force_login(owner)
    client.post(reverse("portability:export_make", args=[review.slug]))
    return Transfer.objects.filter(review=review).first()


def downloaded(client, review, transfer):
    answer = client.get(reverse("portability:export_file", args=[review.slug, transfer.pk]))
    return b"".join(answer.streaming_content)


def bring_in(client, person, content):
    client.force_login(person)
    file = SimpleUploadedFile("theirs.zip", content, "application/zip")
    page = client.post(reverse("portability:import"), {"file": file}, follow=True)
    return Transfer.objects.filter(direction="in").first(), page.content.decode()


def test_a_review_goes_out_and_comes_in(client, review):
    owner, colleague = review.created_by, make_member(review)
    citation = make_citation(review, "Zorifen for itch")
    decide(citation, owner, "include")
    decide(citation, colleague, "include")
    transfer = export(client, review, owner)
    content = downloaded(client, review, transfer)
    slug = review.slug
    wipe(review)

    brought, page = bring_in(client, owner, content)

    again = Review.objects.get(slug=slug)
    assert (transfer.state, brought.state, brought.review) == ("done", "done", again)
    assert "comes to the same counts" in page
    assert again.citations.get().title_abstract_state == "included"
    assert verify(again).problems == []
    assert verify(again).entries > 0


def test_nothing_is_written_while_it_would_unblind(client, review):
    decide(make_citation(review), make_member(review), "exclude")

    assert export(client, review, review.created_by) is None
    page = client.get(reverse("portability:export", args=[review.slug])).content.decode()
    assert "1 vote on title and abstract" in page


def test_ones_own_blind_vote_does_not_stand_in_the_way(client, review):
    decide(make_citation(review), review.created_by, "exclude")

    assert export(client, review, review.created_by).state == "done"


def test_another_owner_does_not_get_the_file(client, review):
    transfer = export(client, review, review.created_by)
    client.force_login(make_member(review, "owner"))

    address = reverse("portability:export_file", args=[review.slug, transfer.pk])
    assert client.get(address).status_code == 404


def test_only_an_owner_of_the_review_in_the_file_brings_it_in(client, review):
    colleague = make_member(review)
    content = downloaded(client, review, export(client, review, review.created_by))
    wipe(review)

    brought, page = bring_in(client, colleague, content)

    assert (brought.state, bool(brought.file), Review.objects.count()) == ("failed", False, 0)
    assert "No owner of the review in this file has your e-mail address" in page


def test_what_is_no_review_is_refused_in_words(client, review):
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")

    assert "not a review that Winnow has exported" in bring_in(client, review.created_by, other.getvalue())[1]
    assert "not a ZIP file" in bring_in(client, review.created_by, b"Title,Year")[1]


def test_a_transfer_that_is_cancelled_keeps_nothing(client, review):
    transfer = Transfer.objects.create(direction="out", review=review, asked_by=review.created_by)
    Transfer.objects.filter(pk=transfer.pk).update(cancel_requested_at=review.created_at)

    transfers.carry_out(transfer)

    transfer.refresh_from_db()
    assert (transfer.state, bool(transfer.file)) == ("cancelled", False)


def test_a_waiting_one_ends_at_once_and_a_finished_one_is_removed_with_its_file(client, review):
    waiting = Transfer.objects.create(direction="out", review=review, asked_by=review.created_by)
    client.force_login(review.created_by)
    act = reverse("portability:export_act", args=[review.slug, waiting.pk])

    client.post(act)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    client.post(act)
    assert not Transfer.objects.exists()


def left_behind(transfer) -> Transfer:
    """As a worker leaves it that was killed: running, and begun once."""
    Transfer.objects.filter(pk=transfer.pk).update(state="running", attempts=1, step="Writing rows and files")
    return Transfer.objects.get(pk=transfer.pk)


def waiting_export(review) -> Transfer:
    return Transfer.objects.create(direction="out", review=review, asked_by=review.created_by)


def test_an_export_that_a_killed_worker_left_is_begun_anew(review, settings):
    transfer = left_behind(waiting_export(review))
    left = settings.DATA_DIR / f"winnow-export-{transfer.key.hex}-half"
    left.mkdir(parents=True)
    (left / "review.zip").write_bytes(b"half a file")

    tasks.carry.call(transfer.pk)

    transfer.refresh_from_db()
    assert (transfer.state, transfer.attempts) == ("done", 2)
    assert zipfile.is_zipfile(transfer.file.open("rb"))
    assert not left.exists()


def test_a_worker_that_was_thought_lost_writes_nothing_beside_the_next(review):
    late = left_behind(waiting_export(review))
    tasks.carry.call(late.pk)
    done = Transfer.objects.get(pk=late.pk)

    with pytest.raises(JobTakenUp):
        transfers._set(late, state="failed")

    assert Transfer.objects.get(pk=late.pk).state == done.state == "done"


def test_one_that_is_given_up_does_not_stand_in_the_way_of_the_next(client, review):
    transfer = left_behind(waiting_export(review))

    tasks.carry_given_up(transfer.pk, sentence="The background worker ended three times.")

    transfer.refresh_from_db()
    assert (transfer.state, transfer.outcome) == ("failed", "The background worker ended three times.")
    assert export(client, review, review.created_by).state == "done"


def test_a_database_that_is_away_ends_no_transfer(review, monkeypatch):
    def away(**told):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(transfers, "export_review", away)
    transfer = waiting_export(review)

    with pytest.raises(OperationalError):
        tasks.carry.call(transfer.pk)

    transfer.refresh_from_db()
    assert transfer.state == "running"


def test_an_import_killed_after_its_rows_brings_in_no_second_review(client, review):
    owner = review.created_by
    content = downloaded(client, review, export(client, review, owner))
    wipe(review)
    brought, _ = bring_in(client, owner, content)
    Transfer.objects.filter(pk=brought.pk).update(state="running", outcome="", finished_at=None)

    tasks.carry.call(brought.pk)

    again = Transfer.objects.get(pk=brought.pk)
    assert (again.state, again.review) == ("done", brought.review)
    assert Review.objects.count() == 1


def test_files_of_an_import_that_was_killed_do_not_stand_in_the_way(client, review):
    owner, ris = review.created_by, b"TY  - JOUR\nTI  - A\nER  - \n"
    run = register_file(review=review, content=ris, file_name="a.ris", by=owner, database="X")
    content = downloaded(client, review, export(client, review, owner))
    key = review.pk
    wipe(review)
    # SQLite gives a key again whose transaction was not kept.
    default_storage.save(run.file.name.replace(f"/{key}/", f"/{key + 1}/"), ContentFile(b"half"))

    brought, _ = bring_in(client, owner, content)

    assert (brought.state, brought.review_id) == ("done", key + 1), brought.outcome
    assert brought.review.search_runs.get().file.open("rb").read() == ris

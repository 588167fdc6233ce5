"""A whole review out of the browser and into it."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reviewsite.portability import transfers
from reviewsite.portability.models import Transfer
from reviewsite.reviews.models import Review
from reviewsite.trail.verifying import verify

from ..makers import decide, make_citation, make_member, make_review
from .test_portability import wipe

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

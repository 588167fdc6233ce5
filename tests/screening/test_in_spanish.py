"""A reviewer who reads Spanish: pages in Spanish; what is stored, posted, drawn and exported is as ever."""

import re
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from reviewsite.reviews.models import Role, Stage
from screening.models import Citation, Decision, FlowWording, Place, ReadingPlan
from screening.rounds.announcing import tell_of_run
from screening.searches.saved_searches import save_search

from ..makers import decide, make_citation, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def ana(review, client):
    person = make_member(review, name="Ana", role=Role.OWNER)
    person.language = "es"
    person.save()
    client.force_login(person)
    return person


def body(client, name, *arguments, query=""):
    return client.get(reverse(f"screening:{name}", args=arguments) + query).content.decode()


def test_the_buttons_have_spanish_words_and_the_same_values_and_keys(client, review, ana):
    make_citation(review, "A trial of zorifen")

    page = body(client, "screen", review.slug, TA)

    button = re.search(r'<button class="btn verdict verdict-include".*?</button>', page, re.DOTALL).group()
    assert "<span>Incluir</span>" in button
    assert 'value="include"' in button
    assert 'data-key="i ArrowRight"' in button
    assert "A trial of zorifen" in page


def test_a_decision_is_stored_and_logged_in_the_words_of_everybody(client, review, ana):
    citation = make_citation(review)
    url = reverse("screening:decide", args=[review.slug, TA, citation.pk])

    client.post(url, {"verdict": "exclude", "client_uuid": "6b1c1b43-9a3e-4a8f-8f1a-0c5b0a9d5a11"})

    assert Decision.objects.get().verdict == "exclude"
    entry = review.audit_entries.latest("pk")
    assert entry.act == "decision made"
    assert (entry.details["verdict"], entry.details["stage"]) == ("exclude", TA)


def test_a_refusal_is_said_in_spanish(client, review, ana):
    url = reverse("screening:decide", args=[review.slug, TA, make_citation(review).pk])

    answer = client.post(url, {"verdict": "", "client_uuid": "6b1c1b43-9a3e-4a8f-8f1a-0c5b0a9d5a12"})

    assert "Elija incluir, dudoso o excluir." in answer.content.decode()


def test_the_curve_of_stopping_has_plain_numbers_for_its_places(client, review, ana):
    run = make_search_run(review, [f"Trial number {n}" for n in range(7)])
    ReadingPlan.objects.update_or_create(review=review, defaults={"order": "ranked", "may_stop": True})
    colleague = make_member(review, name="Ben")
    for n, citation in enumerate(Citation.objects.filter(founding_record__search_run=run).order_by("pk")):
        Place.objects.create(citation=citation, review=review, position=n, score=1 / (n + 1))
        for person in (ana, colleague):
            decide(citation, person, "include" if n % 3 == 0 else "exclude")

    page = body(client, "stopping", review.slug)

    curve = re.search(r"<figure.*?</figure>", page, re.DOTALL).group()
    places = re.findall(r' (?:x|y|x1|x2|y1|y2)="([^"]*)"', curve)
    assert len(places) > 10
    assert [place for place in places if not re.fullmatch(r"-?\d+(\.\d+)?", place)] == []
    assert "citas leídas en orden de relevancia" in curve


def test_files_are_in_english(client, review, ana):
    make_search_run(review, ["Zorifen for itch"])

    appendix = body(client, "appendix_file", review.slug, "txt")
    table = client.get(reverse("screening:agreement_csv", args=[review.slug])).content.decode()
    page = body(client, "appendix", review.slug)

    assert "Total records: 1 brought in" in appendix
    assert table.startswith("Stage,Round,Reviewers")
    assert "1 incorporados" in page


def test_the_flow_is_in_english_until_its_words_are_filled_in_and_kept(client, review, ana):
    make_search_run(review, ["Zorifen for itch"])
    address = reverse("screening:prisma_wording", args=[review.slug])

    assert "Records screened" in body(client, "prisma", review.slug)
    filled = dict(
        re.findall(
            r'name="(w:[^"]+)" value="([^"]*)"',
            body(client, "prisma_wording", review.slug, query="?fill=yes"),
        )
    )
    assert not FlowWording.objects.exists()
    client.post(address, filled)

    assert filled["w:screened"] == "Registros cribados"
    page = body(client, "prisma", review.slug)
    assert "Registros cribados" in page
    assert "Records screened" not in page


def test_everybody_is_written_to_in_their_language(review, ana):
    ben = make_member(review, name="Ben")
    saved = save_search(review=review, name="Itch", query="itch", schedule="weekly", by=review.created_by)
    run = make_search_run(review, ["Zorifen for itch"])
    run.saved_search, run.run_on = saved, date(2026, 3, 4)
    run.save()

    tell_of_run(run)

    told = {address: (letter.subject, letter.body) for letter in mail.outbox for address in letter.to}
    assert told[ana.email][0] == f"1 registro nuevo en {review.title}"
    assert "se ejecutó el 4 de marzo de 2026" in told[ana.email][1]
    assert told[ben.email][0] == f"1 new record in {review.title}"
    assert "ran on 04 March 2026" in told[ben.email][1]

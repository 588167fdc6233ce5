"""Two people edit one thing at once: the second sees what the first did, and loses nothing of their own."""

import re
from html import unescape

import pytest
from django.urls import reverse

from analysis.certainty.rules import add_profile
from analysis.models import AnalysisSpec
from analysis.specs import create_spec
from reviewsite.reviews.models import Role
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import open_round

from ..extraction.makers import make_outcome, make_study
from ..makers import make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


def opened(client, address: str) -> dict[str, str]:
    """The form as somebody has it on the screen: every field with its value."""
    page = client.get(address).content.decode()
    form = next(part for part in page.split("<form")[1:] if 'name="seen"' in part).split("</form>")[0]
    fields = {"seen": unescape(re.search(r'name="seen" value="([^"]*)"', form).group(1))}
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        fields[name] = unescape(text).strip("\n")
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        is_off = 'type="checkbox"' in tag and " checked" not in tag
        if name and name[1] not in fields and not is_off:
            fields[name[1]] = unescape(value[1]) if value else "on" if "checkbox" in tag else ""
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields


def test_the_second_to_store_the_protocol_sees_what_the_first_wrote(client, review):
    address = f"/reviews/{review.slug}/protocol/"
    client.force_login(review.created_by)
    first, second = opened(client, address), opened(client, address)
    client.post(address, {**first, "population": "Adults with itch"})

    answer = client.post(address, {**second, "population": "Adults", "comparator": "Placebo"})

    page = unescape(answer.content.decode())
    review.protocol.refresh_from_db()
    assert answer.status_code == 422
    assert "Somebody has changed this since you opened the page" in page
    assert "Population: “Adults with itch”" in page
    assert "Comparator: " not in page.split("What stands there")[1].split("Your own text")[0]
    assert "Placebo" in page
    assert (review.protocol.population, review.protocol.comparator) == ("Adults with itch", "")

    # Their own text is in the form, and storing again puts it in place.
    seen = unescape(re.search(r'name="seen" value="([^"]*)"', answer.content.decode()).group(1))
    again = {**second, "seen": seen, "population": "Adults", "comparator": "Placebo"}
    assert client.post(address, again).status_code == 302
    review.protocol.refresh_from_db()
    assert (review.protocol.population, review.protocol.comparator) == ("Adults", "Placebo")


def test_reasons_that_another_owner_added_are_not_lost(client, review):
    address = f"/reviews/{review.slug}/protocol/"
    client.force_login(make_member(review, Role.OWNER))
    first, second = opened(client, address), opened(client, address)
    added = first["full_text_reasons"] + "\nWrong dose"
    client.post(address, {**first, "full_text_reasons": added})

    assert client.post(address, second).status_code == 422

    assert review.exclusion_reasons.offered("full_text").filter(label="Wrong dose").exists()


def test_an_analysis_that_another_has_changed_is_not_changed_back(client, review):
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=make_outcome(review))
    address = f"/reviews/{review.slug}/analyses/{spec.pk}/edit/"
    client.force_login(review.created_by)
    first, second = opened(client, address), opened(client, address)
    assert client.post(address, {**first, "title": "Response at all"}).status_code == 302

    answer = client.post(address, {**second, "level": "0.9"})

    assert answer.status_code == 422
    assert "“Response at all”" in unescape(answer.content.decode())
    assert AnalysisSpec.objects.get().title == "Response at all"


def test_a_page_that_is_not_stale_is_stored_without_a_word(client, review):
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=make_outcome(review))
    profile = add_profile(review=review, by=review.created_by, spec=spec)
    client.force_login(review.created_by)

    answer = client.post(
        f"/reviews/{review.slug}/certainty/{profile.pk}/settings/",
        {**opened(client, f"/reviews/{review.slug}/certainty/{profile.pk}/"), "comment": "Looked at."},
    )

    profile.refresh_from_db()
    assert answer.status_code == 302
    assert profile.comment == "Looked at."


def test_a_study_that_another_has_renamed_keeps_both_texts_in_sight(client, review):
    study = make_study(review, [make_member(review, name="Anna"), make_member(review, name="Ben")])
    client.force_login(review.created_by)
    page = f"/reviews/{review.slug}/studies/{study.pk}/"
    first, second = opened(client, page), opened(client, page)
    assert client.post(f"{page}edit/", {**first, "note": "The first year only."}).status_code == 302

    answer = client.post(f"{page}edit/", {**second, "note": "Registered late."})

    told = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "“The first year only.”" in told
    assert "Registered late." in told
    study.refresh_from_db()
    assert study.note == "The first year only."


def test_a_round_that_another_has_changed_is_not_changed_back(client, review):
    make_search_run(review, ["Zorifen for itch", "Zorifen against itch in children"])
    make_member(review, name="Anna")
    choice = Choice(How.FIRST, n=1)
    round = open_round(
        review=review, stage="title_abstract", by=review.created_by, kind="pilot", name="", choice=choice
    )
    client.force_login(review.created_by)
    page = f"/reviews/{review.slug}/team/rounds/{round.pk}/"
    first, second = opened(client, page), opened(client, page)
    assert client.post(f"{page}change/", {**first, "name": "Calibration"}).status_code == 302

    answer = client.post(f"{page}change/", {**second, "decisions_needed": "3"})

    assert answer.status_code == 422
    assert "“Calibration”" in unescape(answer.content.decode())
    round.refresh_from_db()
    assert (round.name, round.decisions_needed) == ("Calibration", None)


def test_what_is_no_list_of_what_was_seen_is_taken_for_none(client):
    review = make_review()
    client.force_login(review.created_by)
    client.raise_request_exception = False

    for seen in ("[" * 100_000, "nothing", "5", "\x00"):
        answer = client.post(reverse("screening:protocol", args=[review.slug]), {"seen": seen})
        assert answer.status_code in (200, 302, 422), seen[:10]

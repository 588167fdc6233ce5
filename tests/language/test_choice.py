"""Who reads Winnow in which language."""

from datetime import date

import pytest
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from reviewsite.reviews.invitations import invite, send
from reviewsite.reviews.models import ExclusionReason, User

from ..makers import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("ana@example.org", "a long password", name="Ana")


def language_of(client, path="/", **headers):
    return client.get(path, headers=headers)["Content-Language"]


class TestAVisitor:
    @pytest.mark.parametrize(
        ("asked", "answered"),
        [
            ("es", "es"),
            ("es-MX,es;q=0.9,en;q=0.8", "es"),
            ("en-US,en;q=0.9,es;q=0.8", "en-gb"),
            ("de,es;q=0.5", "es"),
            ("de", "en-gb"),
            ("*", "en-gb"),
            ("", "en-gb"),
        ],
    )
    def test_reads_the_language_the_browser_asks_for(self, client, asked, answered):
        assert language_of(client, **{"accept-language": asked}) == answered

    def test_reads_the_site_s_language_if_the_browser_asks_for_none_there_is(self, client, settings):
        settings.SITE_LANGUAGE = "es"

        assert language_of(client) == "es"
        assert language_of(client, **{"accept-language": "de"}) == "es"
        assert language_of(client, **{"accept-language": "en"}) == "en-gb"

    def test_chooses_another_and_stays_on_the_page(self, client):
        answer = client.post(
            reverse("reviews:language"),
            {"language": "es"},
            headers={"referer": "http://testserver/help/guide/?q=a"},
        )

        assert answer["Location"].removeprefix("http://testserver") == "/help/guide/?q=a"
        assert language_of(client, **{"accept-language": "en"}) == "es"

    def test_is_led_to_no_other_site(self, client):
        answer = client.post(
            reverse("reviews:language"), {"language": "es"}, headers={"referer": "https://x.org/"}
        )

        assert answer["Location"] == "/"

    def test_gets_nothing_from_a_language_that_there_is_not(self, client):
        client.post(reverse("reviews:language"), {"language": "xx"})

        assert language_of(client) == "en-gb"


class TestAnAccount:
    def test_has_its_language_in_every_browser(self, client, person):
        client.force_login(person)
        client.post(reverse("reviews:language"), {"language": "es"})
        client.logout()
        client.cookies.clear()
        client.force_login(person)

        assert language_of(client, **{"accept-language": "en"}) == "es"

    def test_comes_before_the_cookie_of_whoever_used_the_browser_before(self, client, person):
        client.post(reverse("reviews:language"), {"language": "es"})
        User.objects.filter(pk=person.pk).update(language="en-gb")
        client.force_login(person)

        assert language_of(client) == "en-gb"

    def test_is_made_in_the_language_of_the_form(self, client):
        client.post(
            reverse("account_signup"),
            {
                "name": "Ana",
                "email": "ana@example.org",
                "password1": "un largo camino",
                "password2": "un largo camino",
            },
            headers={"accept-language": "es"},
        )

        assert User.objects.get().language == "es"


class TestAnAnswer:
    def test_is_kept_apart_by_language(self, client):
        assert {"Accept-Language", "Cookie"} <= {each.strip() for each in client.get("/")["Vary"].split(",")}

    def test_names_its_language_to_screen_readers(self, client):
        assert '<html lang="es">' in client.get("/", headers={"accept-language": "es"}).content.decode()

    def test_leaves_no_language_behind(self, client):
        client.get("/", headers={"accept-language": "es"})

        assert translation.get_language() == "en-gb"

    @pytest.mark.parametrize("path", ["/health/", "/api/v1/openapi.json"])
    def test_of_a_program_is_in_one_language(self, client, path):
        english, spanish = client.get(path), client.get(path, headers={"accept-language": "es"})

        assert spanish.status_code == 200
        assert "Content-Language" not in spanish
        assert english.content == spanish.content


class TestTextsForScripts:
    def test_have_an_address_of_their_own_that_may_be_kept(self, client):
        page = client.get("/", headers={"accept-language": "es"})
        answer = client.get(page.context["script_texts"])

        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
        assert "Vary" not in answer
        assert b"ngettext" in answer.content

    def test_of_a_language_that_there_is_not_are_nowhere(self, client):
        assert client.get(reverse("script_texts", args=["xx", "1"])).status_code == 404


class TestMail:
    def asked(self, email, **inviter):
        review = make_review()
        User.objects.filter(pk=review.created_by.pk).update(**inviter)
        review.created_by.refresh_from_db()
        invitation, _ = invite(review=review, email=email, role="reviewer", by=review.created_by)
        send(invitation, "https://example.org/invitations/x/")

    def test_asks_a_person_with_an_account_in_their_language(self, person, mailoutbox):
        User.objects.filter(pk=person.pk).update(language="es")
        self.asked(person.email, language="en-gb")

        assert "le invita a participar" in mailoutbox[0].subject
        assert "como revisor" in mailoutbox[0].body
        assert translation.get_language() == "en-gb"

    def test_asks_everybody_else_in_the_language_of_whoever_invites(self, mailoutbox):
        self.asked("new@example.org", language="es")

        assert "le invita a participar" in mailoutbox[0].subject

    def test_is_in_english_while_nobody_has_chosen(self, mailoutbox):
        self.asked("new@example.org")

        assert "asks you to join a systematic review" in mailoutbox[0].subject


def test_a_new_review_has_its_usual_reasons_in_the_language_of_whoever_makes_it(client, person):
    client.force_login(person)
    client.post(reverse("reviews:new"), {"title": "Prurito crónico"}, headers={"accept-language": "es"})

    assert "Población no pertinente" in {reason.label for reason in ExclusionReason.objects.all()}


def test_dates_are_written_as_the_language_writes_them():
    day = date(2026, 3, 1)
    assert date_format(day, "j F Y") == "1 March 2026"
    with translation.override("es"):
        assert date_format(day, "j F Y") == "1 de marzo de 2026"
        assert floatformat(0.853, 2) == "0.85"

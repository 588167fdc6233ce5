"""Extraction read and typed in another language: numbers keep their value, stored words stay English."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from extraction.building.vocabulary import add_outcome
from extraction.derivations import BY_KEY
from extraction.entering.checks import check_arm_result
from extraction.entering.entry import start_extraction
from extraction.entering.typed import checked_answer
from extraction.models import ArmResult, Outcome
from extraction.schema import Field, FieldKind, WrongAnswer
from extraction.told import Told, reason, told
from extraction.wording import derivation_in_words, in_words
from reviewsite.reviews.models import AuditEntry

from .makers import agree_on_left, extract, make_study

pytestmark = pytest.mark.django_db
SPANISH = {"headers": {"accept-language": "es"}}


@pytest.fixture
def pain(review):
    return add_outcome(review=review, by=review.created_by, name="Pain", kind=Outcome.Kind.CONTINUOUS)


@pytest.fixture
def own(review, people, pain):
    return start_extraction(study=make_study(review, people), extractor=people[0])


def save(client, own, column, typed):
    """What is answered to one typed cell, in Spanish."""
    outcome = own.review.outcomes.get()
    cell = f"result/{own.arms.get().pk}/{outcome.pk}//final///{column}"
    answer = client.post(
        reverse("extraction:cells", args=[own.review.slug, own.study.pk]),
        json.dumps({"changes": [{"cell": cell, "part": "value", "was": "", "value": typed}]}),
        content_type="application/json",
        **SPANISH,
    )
    return answer.json()["cells"][0]


class TestANumberTypedInSpanish:
    @pytest.mark.parametrize("typed", ["1.5", "1,5"])
    def test_is_one_and_a_half_with_either_sign(self, client, own, people, typed):
        client.force_login(people[0])

        assert save(client, own, "mean", typed)["state"] == "saved"
        assert ArmResult.objects.get().mean == 1.5

    def test_stands_on_the_page_as_it_can_be_saved_again(self, client, own, people):
        client.force_login(people[0])
        save(client, own, "mean", "1.5")
        page = client.get(reverse("extraction:extract", args=[own.review.slug, own.study.pk]), **SPANISH)

        assert 'value="1.5"' in page.content.decode()
        assert 'value="1,5"' not in page.content.decode()

    def test_that_has_two_readings_is_not_taken_in_silence(self, client, own, people):
        client.force_login(people[0])
        answer = save(client, own, "mean", "1,500")

        assert answer["state"] == "wrong"
        assert answer["message"] == "«1,500» puede ser 1500 o 1.500: escriba 1500 o 1.500."
        assert not ArmResult.objects.exists()

    def test_of_persons_has_one_reading_only(self, client, own, people):
        client.force_login(people[0])
        save(client, own, "n", "1,500")

        assert ArmResult.objects.get().n == 1500

    def test_in_an_answer_is_asked_back_too(self):
        field = Field("age", "Age", FieldKind.NUMBER)
        with translation.override("es"), pytest.raises(WrongAnswer, match="1500 o 1.500"):
            checked_answer(field, "1,500")

    def test_has_the_english_reading_on_an_english_page(self):
        assert checked_answer(Field("age", "Age", FieldKind.NUMBER), "1,500") == 1500


class TestASentenceOfAPackageWithoutDjango:
    def test_is_english_and_knows_its_pattern(self):
        sentence = told("At least {low:g} is possible here.", low=0.5)

        assert sentence == "At least 0.5 is possible here."
        assert isinstance(json.loads(json.dumps(sentence)), str)

    def test_is_said_in_the_language_of_the_page(self):
        finding = check_arm_result({"events": 5, "n": 10, "percent": 40})[0]
        with translation.override("es"):
            assert in_words(finding.text) == "5 de 10 es 50.0%, no 40%."
        assert in_words(finding.text) == finding.text == "5 of 10 is 50.0%, not 40%."

    def test_takes_sentences_within_it_along(self):
        with translation.override("es"), pytest.raises(WrongAnswer) as raised:
            Field("age", "Age", FieldKind.NUMBER).checked("old")
        with translation.override("es"):
            assert in_words(raised.value) == "«old» no es un número; escriba las palabras en una nota."
        assert str(raised.value) == "“old” is not a number; write words into a note."

    def test_keeps_braces_that_people_type(self):
        with translation.override("es"):
            assert in_words(told("“{text}” is not a number", text="{0}")) == "«{0}» no es un número"

    def test_is_told_from_plain_text(self):
        with translation.override("es"):
            assert in_words("Results") == "Results"
        assert not isinstance(reason(ValueError("plain")), Told)

    def test_of_a_stored_derivation_is_the_one_of_today(self):
        method = BY_KEY["sd_from_se"]
        stored = {"method": "sd_from_se", "title": str(method.title), "formula": str(method.formula)}
        with translation.override("es"):
            assert derivation_in_words(stored)["title"] == "DE a partir del error estándar"
            renamed = {**stored, "title": "An older name"}
            assert derivation_in_words(renamed) == renamed


class TestStoredWordsAndFiles:
    def test_are_english_whoever_agreed(self, review, people):
        study = make_study(review, people)
        with translation.override("es"):
            extract(study, people[0], 5, 10, scores="change")
            extract(study, people[1], 6, 10, scores="change")
            agree_on_left(study, people[0])

        agreed = AuditEntry.objects.get(act="extraction agreed")
        assert agreed.details["differed"] == ["Response · change from baseline · All participants"]

    @pytest.mark.parametrize("name", ["results", "contrasts", "characteristics", "by-study"])
    def test_are_the_same_in_both_languages(self, client, review, people, name):
        study = make_study(review, people)
        for person in people:
            extract(study, person, 5, 10, scores="change")
        agree_on_left(study, people[0])
        client.force_login(people[0])
        address = reverse("extraction:download", args=[review.slug, name, "csv"])

        assert client.get(address, **SPANISH).content == client.get(address).content

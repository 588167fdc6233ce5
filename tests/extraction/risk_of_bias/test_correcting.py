"""An agreed judgement is corrected by a new version with its reason; the earlier one stays."""

import pytest
from django.urls import reverse

from extraction.bias.agreed import agreed_judgements
from extraction.bias.assessments import (
    AssessmentRefused,
    agree,
    correct,
    judgements_of,
    reopened,
    sheet_of,
    versions_of,
)
from extraction.bias.sheet import Given, GivenJudgement, Sheet
from extraction.models import Assessment
from extraction.risk_of_bias import tool

from ...makers import make_member
from ..makers import assess, assess_with, make_appraisal, make_outcome, make_study

pytestmark = pytest.mark.django_db
LOW = {
    **{"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y"},
    **{"4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"},
}


@pytest.fixture
def agreed(review):
    people = [make_member(review), make_member(review)]
    study = make_study(review, people)
    for person in people:
        assess(study, person, "22222222")
    return agree(study=study, settled_by=people[0], appraisal=review.appraisals.get(), sheet=Sheet())


def changed(agreed: Assessment) -> Sheet:
    told = sheet_of(agreed)
    return Sheet({**told.answers, "4": Given("0", "No endpoint is defined.")}, told.domains)


def test_the_correction_stands_and_what_was_agreed_before_stays(review, agreed):
    version = correct(
        agreed=agreed, by=review.created_by, sheet=changed(agreed), reason="Misread the methods."
    )

    assert judgements_of(version)["4"] == "0"
    assert judgements_of(agreed)["4"] == "2"
    assert [each.change_reason for each in versions_of(version)] == ["Misread the methods.", ""]
    (told,) = agreed_judgements(agreed.appraisal).values()
    assert told["4"] == "0"


def test_a_correction_needs_its_reason_and_every_answer(review, agreed):
    with pytest.raises(AssessmentRefused, match="Say why"):
        correct(agreed=agreed, by=review.created_by, sheet=changed(agreed), reason=" ")
    with pytest.raises(AssessmentRefused):
        correct(agreed=agreed, by=review.created_by, sheet=Sheet(), reason="All gone.")
    assert Assessment.objects.agreed().get() == agreed


def test_a_version_is_corrected_once(review, agreed):
    correct(agreed=agreed, by=review.created_by, sheet=changed(agreed), reason="Misread.")

    with pytest.raises(AssessmentRefused, match="a moment ago"):
        correct(agreed=agreed, by=review.created_by, sheet=changed(agreed), reason="Misread, too.")


def test_the_page_opens_the_agreed_answers_and_stores_them_with_the_reason(client, review, agreed):
    client.force_login(review.created_by)
    place = [review.slug, agreed.appraisal_id, agreed.study_id]
    address = reverse("extraction:assess_correct", args=place)
    assert b"Why it is corrected" in client.get(address).content

    answers = {f"q-{number}": "2" for number in range(1, 9)} | {"q-4": "0"}
    assert client.post(address, {**answers, "act": "store", "reason": ""}).status_code == 422
    client.post(address, {**answers, "act": "store", "reason": "Misread the methods."})

    page = client.get(reverse("extraction:assess_compare", args=place)).content.decode()
    assert "Misread the methods." in page
    assert judgements_of(Assessment.objects.agreed().get())["4"] == "0"


def test_a_judgement_that_followed_the_proposal_follows_the_corrected_answers(review):
    people = [make_member(review), make_member(review)]
    study = make_study(review, people)
    rob2 = make_appraisal(review, tool("rob2"), effect="assignment", outcome=make_outcome(review))
    own = {"D5": GivenJudgement("Some concerns", "No protocol was found.")}
    for person in people:
        assess_with(rob2, study, person, Sheet({n: Given(each) for n, each in LOW.items()}, own))
    first = agree(study=study, settled_by=people[0], appraisal=rob2, sheet=Sheet())

    opened = reopened(first)
    changed_answers = Sheet({**opened.answers, "1.2": Given("N")}, opened.domains)
    version = correct(agreed=first, by=people[0], sheet=changed_answers, reason="Envelopes were open.")

    told = judgements_of(version)
    assert (told["D1"], told["D5"], told["overall"]) == ("High", "Some concerns", "High")

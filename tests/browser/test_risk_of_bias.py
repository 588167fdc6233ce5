"""Risk of bias in a browser: the proposal follows the answers, two agree, and the agreed is corrected."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from extraction.bias.assessments import judgements_of
from extraction.bias.sheet import Given, Sheet
from extraction.models import Assessment
from extraction.risk_of_bias import tool

from ..extraction.makers import assess_with, make_appraisal, make_outcome, make_study
from ..makers import PASSWORD, make_member, make_review

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

# In domain 1 the two differ in how allocation was concealed; all else is at low risk.
ANSWERS = {
    **{"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y"},
    **{"4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"},
}


def test_a_trial_is_judged_agreed_and_corrected(page_of):
    review = make_review()
    people = [make_member(review, name="Anna"), make_member(review, name="Ben")]
    study = make_study(review, people)
    rob2 = make_appraisal(review, tool("rob2"), effect="assignment", outcome=make_outcome(review))
    theirs = {**ANSWERS, "1.2": "N"}
    assess_with(rob2, study, people[1], Sheet({number: Given(each) for number, each in theirs.items()}))
    page = page_of(people[0].email, PASSWORD)
    place = [review.slug, rob2.pk, study.pk]

    page.goto(reverse("extraction:assess", args=place))
    for number, value in ANSWERS.items():
        answer = page.locator(f"label.answer:has(input[name='q-{number}'][value='{value}'])")
        with page.expect_response(lambda response: response.request.method == "POST"):
            answer.click()
        expect(page.locator(f"input[name='q-{number}'][value='{value}']")).to_be_checked()
    expect(page.locator("#part-D1 .proposal")).to_contain_text("Low")
    page.get_by_role("button", name="Save and submit").click()
    page.wait_for_load_state()

    page.goto(reverse("extraction:assess_compare", args=place))
    expect(page.locator("#part-D1")).to_contain_text("judged differently")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("label.answer:has(input[name='q-1.2'][value='Y'])").click()
    expect(page.locator("#part-D1 .proposal")).to_contain_text("Low")
    page.get_by_role("button", name="Agree").click()
    expect(page.locator("#main")).to_contain_text("is agreed")

    page.goto(reverse("extraction:assess_compare", args=place))
    page.get_by_role("link", name="Correct it").click()
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("label.answer:has(input[name='q-1.2'][value='N'])").click()
    expect(page.locator("#part-D1 .proposal")).to_contain_text("High")
    page.get_by_label("Why it is corrected").fill("The envelopes were transparent.")
    page.get_by_role("button", name="Store the correction").click()

    expect(page.locator("#main")).to_contain_text("The envelopes were transparent.")
    assert judgements_of(Assessment.objects.agreed().get())["D1"] == "High"

"""The form builder in a browser: from a template, changed by mouse and by keyboard, put into use."""

import pytest
from playwright.sync_api import expect

from extraction.building.form_versions import draft_of, form_in_use
from reviewsite.reviews.rules import create_review

from ..makers import PASSWORD, make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


def order(review):
    return [field.key for field in draft_of(review).form.fields]


def test_a_form_is_built_from_a_template_by_mouse_and_keyboard(page_of):
    owner = make_user("Olga Owner")
    review = create_review(title="Zorifen for itch", owner=owner)
    page = page_of(owner.email, PASSWORD)
    page.goto(f"/reviews/{review.slug}/extraction/form/")
    page.get_by_role("button", name="Start from Cohort study").click()
    preview = page.locator(".builder-preview")
    expect(preview.get_by_label("Which design")).to_be_hidden()
    preview.get_by_label("Design *", exact=True).select_option("Other")
    expect(preview.get_by_label("Which design")).to_be_visible()

    # A question of one's own, in a section that is there, with a rule.
    page.locator("[data-section=Study]").get_by_role("link", name="Add a question").click()
    form = page.locator("[data-field-form]")
    form.get_by_label("Label").fill("Smokers")
    form.get_by_label("Kind of answer").select_option("number")
    form.get_by_label("Unit").fill("%")
    form.get_by_label("Highest").fill("100")
    page.keyboard.press("Enter")
    expect(page.locator("#q-smokers")).to_contain_text("Number, %")
    assert order(review)[-1] != "smokers"

    # By keyboard: the question keeps the focus, so that it can be pressed again.
    before = order(review).index("smokers")
    for step in (1, 2):
        expect(page.locator("#q-smokers button[value=up]")).to_be_focused()
        page.keyboard.press("Alt+ArrowUp")
        expect(page.locator(".question").nth(before - step)).to_have_id("q-smokers")
    assert order(review).index("smokers") == before - 2

    # By mouse, into another section; both ends are on the screen, as scrolling moves the start of a drag.
    page.set_viewport_size({"width": 1366, "height": 2600})
    with page.expect_response("**/form/?touched=smokers*"):
        page.locator("#q-smokers .grip").drag_to(page.locator("#q-age"), target_position={"x": 40, "y": 4})
    expect(page.locator("[data-section=Participants] #q-smokers")).to_be_visible()
    keys = order(review)
    assert keys[keys.index("smokers") + 1] == "age"
    assert draft_of(review).form.named("smokers").section == "Participants"

    page.get_by_role("button", name="Put version 1 into use").click()
    expect(page.locator(".messages")).to_contain_text("is in use")
    assert form_in_use(review).form.named("smokers").high == 100

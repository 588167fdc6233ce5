"""Risk of bias by program: what the pages would store, blind as there."""

import pytest

from extraction.bias.amending import revision_of
from extraction.bias.assessments import sheet_of
from extraction.models import Assessment
from extraction.risk_of_bias import tool
from reviewsite.reviews.models import AuditEntry, Role

from ...extraction.makers import assess, assess_with, make_appraisal, make_outcome, make_study
from ...extraction.risk_of_bias.test_assessing import rob2_sheet
from ...makers import make_member, make_review, make_user
from .makers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(ann, bob):
    return [ann, bob]


@pytest.fixture
def study(review, people):
    return make_study(review, people)


@pytest.fixture
def rob2(review):
    return make_appraisal(review, tool("rob2"), effect="assignment", outcome=make_outcome(review))


@pytest.fixture
def post(review):
    return lambda person, at, body: caller(person).post(f"/reviews/{review.slug}/assessments{at}", body)


def begun(post, person, rob2, study):
    status, told = post(person, "", {"appraisal": rob2.pk, "study": study.pk})
    assert status == 200
    return told


def as_sent(sheet):
    return {number: {"answer": given.answer} for number, given in sheet.answers.items()}


def test_a_program_judges_as_the_algorithm_of_the_pages_does(post, people, rob2, study):
    own = begun(post, people[0], rob2, study)
    status, told = post(people[0], f"/{own['id']}/answers", {"answers": as_sent(rob2_sheet(_1_3="PY"))})
    assert status == 200
    assert told["answers"]["1.3"] == {"answer": "PY", "support": "", "page": "", "quote": ""}
    assert told["domains"]["D1"]["proposed"] == "Some concerns"

    status, told = post(people[0], f"/{own['id']}/submit", {})

    assert (status, told["submitted_at"] is not None) == (200, True)
    assert told["domains"]["overall"]["judgement"] == "Some concerns"
    by_page = assess_with(rob2, study, people[1], rob2_sheet(_1_3="PY"))
    assert sheet_of(Assessment.objects.get(pk=own["id"])).values == sheet_of(by_page).values
    assert AuditEntry.objects.filter(act="assessment submitted").count() == 2


def test_what_is_not_named_stays_as_it_was(post, people, rob2, study):
    own = begun(post, people[0], rob2, study)
    at = f"/{own['id']}/answers"
    post(people[0], at, {"answers": {"1.1": {"answer": "Y", "support": "By lot.", "page": "3"}}})

    post(people[0], at, {"answers": {"1.2": {"answer": "N"}}})
    _, told = post(people[0], at, {"answers": {"1.1": {"page": "4"}, "1.2": {"answer": ""}}})

    assert told["answers"] == {"1.1": {"answer": "Y", "support": "By lot.", "page": "4", "quote": ""}}


def test_a_change_that_rests_on_what_no_longer_stands_is_refused(post, people, rob2, study):
    own = begun(post, people[0], rob2, study)
    at = f"/{own['id']}/answers"
    _, first = post(people[0], at, {"answers": {"1.1": {"answer": "Y"}}, "revision": own["revision"]})

    status, told = post(people[0], at, {"answers": {"1.1": {"answer": "N"}}, "revision": own["revision"]})

    assert (status, "something else by now" in told["detail"]) == (409, True)
    stored = Assessment.objects.get(pk=own["id"])
    assert sheet_of(stored).values == {"1.1": "Y"}
    assert revision_of(sheet_of(stored)) == first["revision"]
    status, _ = post(people[0], at, {"answers": {"1.1": {"answer": "N"}}, "revision": first["revision"]})
    assert status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"answers": {"9.9": {"answer": "Y"}}},
        {"answers": {"1.1": {"answer": "Maybe"}}},
        {"domains": {"D9": {"judgement": "Low"}}},
        {"domains": {"D1": {"judgement": "Superb"}}},
        {"domains": {"D1": {"direction": "Sideways"}}},
        {"answers": {"1.1": {"support": "a\x00b"}}},
        {"revision": "not one"},
    ],
)
def test_what_the_tool_does_not_have_is_not_understood(post, people, rob2, study, body):
    own = begun(post, people[0], rob2, study)
    at = f"/{own['id']}/answers"
    post(people[0], at, {"answers": {"1.1": {"answer": "Y"}}})

    assert post(people[0], at, body)[0] == 422
    assert sheet_of(Assessment.objects.get(pk=own["id"])).values == {"1.1": "Y"}


def test_an_item_of_a_checklist_is_answered_and_not_judged_beside(post, people, study):
    minors = make_appraisal(study.review)
    own = begun(post, people[0], minors, study)

    assert post(people[0], f"/{own['id']}/answers", {"answers": {"1": {"answer": "2"}}})[0] == 200
    slot = minors.domains[0].slot
    assert post(people[0], f"/{own['id']}/answers", {"domains": {slot: {"judgement": "2"}}})[0] == 422


def test_a_rule_of_the_page_stands_against_a_program_too(post, people, rob2, study):
    own = begun(post, people[0], rob2, study)

    status, told = post(people[0], f"/{own['id']}/submit", {})
    assert (status, "Still without an answer: 1.1" in told["detail"]) == (409, True)
    status, told = post(people[0], "/agree", {"appraisal": rob2.pk, "study": study.pk})
    assert (status, "Both people have to submit" in told["detail"]) == (409, True)


def test_two_are_agreed_and_what_differs_has_to_be_said(post, people, rob2, study):
    assess_with(rob2, study, people[0], rob2_sheet(_1_2="N"))
    assess_with(rob2, study, people[1], rob2_sheet())
    about = {"appraisal": rob2.pk, "study": study.pk}
    status, told = post(people[0], "/agree", about)
    assert (status, "1.2" in told["detail"]) == (409, True)

    status, told = post(people[0], "/agree", {**about, "answers": {"1.2": {"answer": "N"}}})

    assert (status, told["kind"], told["by"]) == (200, "agreed", "Ann")
    assert told["domains"]["overall"]["judgement"] == "High"
    assert post(people[1], "", about)[0] == 409


def test_a_correction_names_the_version_that_it_corrects(post, people, rob2, study):
    for person in people:
        assess_with(rob2, study, person, rob2_sheet())
    _, agreed = post(people[0], "/agree", {"appraisal": rob2.pk, "study": study.pk})
    at = f"/{agreed['id']}/correct"
    said = {"answers": {"1.2": {"answer": "N"}}, "reason": "The list was open."}

    status, told = post(people[1], at, said)
    assert (status, told["domains"]["D1"]["judgement"]) == (200, "High")
    assert (told["change_reason"], told["by"]) == ("The list was open.", "Bob")

    status, again = post(people[0], at, said)
    assert (status, "corrected this a moment ago" in again["detail"]) == (409, True)
    status, again = post(people[0], f"/{told['id']}/correct", {**said, "reason": " "})
    assert (status, "Say why" in again["detail"]) == (409, True)


def test_only_ones_own_is_changed_and_only_before_it_is_submitted(post, review, people, rob2, study):
    own = begun(post, people[0], rob2, study)
    at, body = f"/{own['id']}/answers", {"answers": {"1.1": {"answer": "Y"}}}

    assert post(people[1], at, body)[0] == 404
    assert post(make_member(review, Role.STATISTICIAN), at, body)[0] == 403
    assert post(make_user(), at, body)[0] == 404
    other = make_review(owner=people[0])
    assert caller(people[0]).post(f"/reviews/{other.slug}/assessments{at}", body)[0] == 404
    post(people[0], at, {"answers": as_sent(rob2_sheet())})
    post(people[0], f"/{own['id']}/submit", {})
    assert post(people[0], at, body)[0] == 409


def test_a_colleagues_is_read_once_both_are_in(review, people, study):
    reads = [f"/reviews/{review.slug}/{name}" for name in ("assessments", "appraisals", "log")]
    make_appraisal(review)
    ann = caller(people[0])
    before = [ann.get(at) for at in reads]
    assess(study, people[1], "22222222", "My private remark")
    assert [ann.get(at) for at in reads] == before

    assess(study, people[0], "22222221")

    told = ann.get(reads[0])[1]["items"]
    assert [each["by"] for each in told] == ["Bob", "Ann"]
    assert told[0]["answers"]["8"]["support"] == "My private remark"


def test_a_tool_is_described_so_far_that_a_program_can_ask(review, people, rob2):
    [told] = caller(people[0]).get(f"/reviews/{review.slug}/appraisals")[1]["items"]

    assert (told["unit"], told["effect"], set(told["overall"])) == (
        "result",
        "assignment",
        {"Low", "Some concerns", "High"},
    )
    first = told["domains"][0]["questions"][0]
    assert (first["number"], set(first["answers"])) == ("1.1", {"Y", "PY", "PN", "N", "NI"})

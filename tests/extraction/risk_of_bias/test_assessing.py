"""Judging risk of bias: alone, then together; the algorithm proposes, a person may say otherwise."""

import pytest
from django.urls import reverse

from extraction.bias.appraisals import AppraisalRefused, drop_appraisal, plan_appraisal, save_own_tool
from extraction.bias.assessments import (
    AssessmentRefused,
    agree,
    answers_of,
    judgements_of,
    save_assessment,
    start_assessment,
    submit_assessment,
)
from extraction.bias.recount import differences
from extraction.bias.sheet import Given, GivenJudgement, Sheet, verdicts
from extraction.bias.table import agreement_by_domain
from extraction.risk_of_bias import MINORS, tool
from extraction.risk_of_bias.catalogue import example_text

from ..makers import assess, assess_with, make_appraisal, make_outcome, make_study, minors_sheet

pytestmark = pytest.mark.django_db

LOW = {
    **{"1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y"},
    **{"4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N"},
}


def rob2_sheet(domains=None, **changed):
    answers = {**LOW, **{name[1:].replace("_", "."): value for name, value in changed.items()}}
    return Sheet({number: Given(value) for number, value in answers.items()}, domains or {})


@pytest.fixture
def rob2(review):
    return make_appraisal(review, tool("rob2"), effect="assignment", outcome=make_outcome(review))


def test_a_checklist_is_agreed_from_two_and_keeps_both(study, people):
    left, right = assess(study, people[0], "22222222"), assess(study, people[1], "22222221")
    minors = left.appraisal
    with pytest.raises(AssessmentRefused, match="Planned study size"):
        agree(study=study, settled_by=people[0], appraisal=minors, sheet=Sheet())

    said = Sheet({"8": Given("1", "No sample size calculation.")})
    agreed = agree(study=study, settled_by=people[0], appraisal=minors, sheet=said)

    assert (agreed.left, agreed.right) == (left, right)
    assert MINORS.score(answers_of(agreed)) == 15


def test_submitting_stores_what_the_algorithm_made_of_the_answers(study, people, rob2):
    done = assess_with(rob2, study, people[0], rob2_sheet(_1_3="PY"))

    assert judgements_of(done) == {
        **{"D1": "Some concerns", "D2": "Low", "D3": "Low", "D4": "Low", "D5": "Low"},
        "overall": "Some concerns",
    }


def test_an_override_needs_its_reason_and_moves_the_overall_judgement(study, people, rob2):
    own = start_assessment(study=study, assessor=people[0], appraisal=rob2)
    bare = {"D3": GivenJudgement("High")}
    save_assessment(assessment=own, by=people[0], sheet=rob2_sheet(bare))
    with pytest.raises(AssessmentRefused, match="needs its reason: Bias due to missing outcome data"):
        submit_assessment(assessment=own, by=people[0])

    told = {"D3": GivenJudgement("High", "Half of the deaths are not in the table.", quote="12 of 24")}
    save_assessment(assessment=own, by=people[0], sheet=rob2_sheet(told))
    submit_assessment(assessment=own, by=people[0])

    kept = own.domain_judgements.get(domain="D3")
    assert (kept.proposed, kept.judgement, kept.is_override) == ("Low", "High", True)
    assert judgements_of(own)["overall"] == "High"


def test_unreached_answers_leave_no_trace_in_a_submitted_assessment(study, people, rob2):
    done = assess_with(rob2, study, people[0], rob2_sheet(_3_2="N"))

    assert "3.2" not in answers_of(done)


def test_submitting_names_the_questions_that_are_reached_and_unanswered(study, people, rob2):
    own = start_assessment(study=study, assessor=people[0], appraisal=rob2)
    save_assessment(assessment=own, by=people[0], sheet=rob2_sheet(_3_1="N"))

    with pytest.raises(AssessmentRefused, match=r"Still without an answer: 3\.2\."):
        submit_assessment(assessment=own, by=people[0])


def test_the_agreed_judgement_follows_the_agreed_answers(study, people, rob2):
    assess_with(rob2, study, people[0], rob2_sheet(_1_2="N"))
    assess_with(rob2, study, people[1], rob2_sheet())
    with pytest.raises(AssessmentRefused, match=r"1\.2"):
        agree(study=study, settled_by=people[0], appraisal=rob2, sheet=Sheet())

    agreed = agree(study=study, settled_by=people[0], appraisal=rob2, sheet=Sheet({"1.2": Given("N")}))

    assert judgements_of(agreed)["D1"] == judgements_of(agreed)["overall"] == "High"


def test_what_both_overrode_alike_stays_an_override(study, people, rob2):
    same = {"D5": GivenJudgement("Some concerns", "No protocol was found.")}
    for person in people:
        assess_with(rob2, study, person, rob2_sheet(same))

    agreed = agree(study=study, settled_by=people[0], appraisal=rob2, sheet=Sheet())

    assert agreed.domain_judgements.get(domain="D5").is_override


def test_a_judgement_alike_by_different_answers_is_not_taken_for_an_override(study, people, rob2):
    assess_with(rob2, study, people[0], rob2_sheet(_1_3="PY"))
    assess_with(rob2, study, people[1], rob2_sheet(_5_1="NI"))

    said = Sheet({"1.3": Given("N"), "5.1": Given("Y")})
    agreed = agree(study=study, settled_by=people[0], appraisal=rob2, sheet=said)

    assert judgements_of(agreed)["overall"] == "Low"


def test_an_overall_judgement_without_a_rule_is_taken_over_where_both_agree(study, people, review):
    jbi = make_appraisal(review, tool("jbi_case_series"))
    items = {str(number): Given("Y") for number in range(1, 11)}
    for person in people:
        assess_with(jbi, study, person, Sheet(items, {"overall": GivenJudgement("Include")}))

    agreed = agree(study=study, settled_by=people[0], appraisal=jbi, sheet=Sheet())

    assert judgements_of(agreed)["overall"] == "Include"


def test_a_domain_without_an_algorithm_waits_for_a_person(study, people, rob2):
    proposals = {each.slot: each.judgement for each in verdicts(rob2, Sheet())}

    assert set(proposals.values()) == {""}


def test_kappa_is_told_for_each_domain(review, people, rob2):
    for number, second in enumerate(("N", "N", "PY")):
        each = make_study(review, people, f"Study {number}")
        assess_with(rob2, each, people[0], rob2_sheet())
        assess_with(rob2, each, people[1], rob2_sheet(_1_3=second))

    by_domain = {each.label: each.agreement for each in agreement_by_domain(rob2)}

    first = by_domain["Bias arising from the randomisation process"]
    assert (first.n, round(first.raw, 3)) == (3, 0.667)
    assert by_domain["Bias due to missing outcome data"].kappa is None


def test_a_tool_for_results_needs_outcome_and_effect(review):
    with pytest.raises(AppraisalRefused, match="choose the outcome"):
        plan_appraisal(review=review, by=review.created_by, tool=tool("rob2"), effect="assignment")
    with pytest.raises(AppraisalRefused, match="needs the effect of interest"):
        plan_appraisal(review=review, by=review.created_by, tool=tool("rob2"), outcome=make_outcome(review))


def test_a_tool_with_judgements_stays(study, people, review):
    used = assess(study, people[0], "22222222").appraisal

    with pytest.raises(AppraisalRefused, match="so it stays"):
        drop_appraisal(appraisal=used, by=people[0])


def test_a_changed_tool_of_ones_own_is_a_new_version(review):
    first = save_own_tool(review=review, by=review.created_by, definition=example_text())
    changed = example_text().replace("Our tool", "Our better tool")
    second = save_own_tool(review=review, by=review.created_by, definition=changed)

    assert (first.number, second.number) == (1, 2)
    assert first.tool.name == "Our tool"
    with pytest.raises(AppraisalRefused, match="comes with Winnow"):
        save_own_tool(
            review=review, by=review.created_by, definition=example_text().replace("our-tool", "rob2")
        )


def test_a_colleagues_blind_judgement_is_on_no_page(client, study, people, rob2):
    told = {"D3": GivenJudgement("High", "Half of the deaths are missing.")}
    addresses = [
        reverse("extraction:risk_of_bias", args=[rob2.review.slug]),
        reverse("extraction:appraisal", args=[rob2.review.slug, rob2.pk]),
        reverse("extraction:assess_compare", args=[rob2.review.slug, rob2.pk, study.pk]),
    ]
    client.force_login(people[1])
    before = [client.get(address).content.count(b"High") for address in addresses]

    assess_with(rob2, study, people[0], rob2_sheet(told))

    for address, count in zip(addresses, before, strict=True):
        page = client.get(address).content
        assert b"Half of the deaths" not in page
        assert page.count(b"High") == count


def test_an_answer_is_saved_at_once_and_the_proposal_comes_back(client, study, people, rob2):
    client.force_login(people[0])
    address = reverse("extraction:assess", args=[rob2.review.slug, rob2.pk, study.pk])

    page = client.post(address, {"q-1.2": "N", "q-1.2-quote": "open list"}, headers={"HX-Request": "true"})

    assert page.status_code == 200
    assert "<strong>High risk</strong>" in page.content.decode()
    own = start_assessment(study=study, assessor=people[0], appraisal=rob2)
    assert own.judgements.get().quote == "open list"


def test_a_half_done_sheet_that_is_submitted_says_what_is_missing_and_keeps_the_rest(
    client, study, people, rob2
):
    client.force_login(people[0])
    address = reverse("extraction:assess", args=[rob2.review.slug, rob2.pk, study.pk])

    page = client.post(address, {"q-1.2": "N", "submit": "1"})

    assert page.status_code == 422
    assert "Still without an answer: 1.1, 1.3" in page.content.decode()
    assert start_assessment(study=study, assessor=people[0], appraisal=rob2).judgements.count() == 1


def test_a_sheet_may_be_kept_while_it_is_begun(study, people, review):
    minors = make_appraisal(review)
    own = start_assessment(study=study, assessor=people[0], appraisal=minors)
    save_assessment(assessment=own, by=people[0], sheet=Sheet({"1": Given("", "Look at page 3 again.")}))

    assert own.judgements.get().support == "Look at page 3 again."
    with pytest.raises(AssessmentRefused, match="Only the person"):
        save_assessment(assessment=own, by=people[1], sheet=minors_sheet("22222222"))


def test_a_stored_judgement_that_its_answers_do_not_give_is_found_again(study, people, rob2):
    done = assess_with(rob2, study, people[0], rob2_sheet())
    assert list(differences(rob2.review)) == []

    done.judgements.filter(item="1.2").update(answer="N")

    _, told, *_ = differences(rob2.review)
    assert "D1 was proposed as “Low”, its answers now propose High" in told

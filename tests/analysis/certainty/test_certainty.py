"""Certainty: judgements are added, never changed; the summary says the same on page, in Word and in CSV."""

import csv
import io

import pytest
from django.urls import reverse
from docx import Document

from analysis.certainty.evidence import line_of
from analysis.certainty.rules import (
    CertaintyRefused,
    GivenSteps,
    add_profile,
    change_profile,
    judge_certainty,
)
from analysis.figures.lights import COLOURS
from analysis.models import CertaintyJudgement
from analysis.runs import run
from analysis.specs import create_spec
from extraction.bias.agreed import OverallLevels
from extraction.bias.appraisals import plan_appraisal
from extraction.bias.assessments import agree as agree_bias
from extraction.bias.sheet import Given, Sheet
from extraction.risk_of_bias import tool

from ...extraction.makers import assess, assess_with, make_agreed, make_outcome
from ...makers import make_member, make_review

pytestmark = pytest.mark.django_db
ALL = {
    "risk_of_bias": GivenSteps(-1, "Most weight is unblinded."),
    "inconsistency": GivenSteps(0),
    "indirectness": GivenSteps(0),
    "imprecision": GivenSteps(-1, "Few participants."),
    "publication_bias": GivenSteps(0),
}


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def profile(review):
    people = [make_member(review), make_member(review)]
    make_agreed(review, people, "Arden 2019", 30, 40)
    make_agreed(review, people, "Birch 2020", 20, 40)
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=make_outcome(review))
    run(spec=spec, by=review.created_by)
    return add_profile(review=review, by=review.created_by, spec=spec, start=4)


def test_the_numbers_propose_and_the_person_judges(review, profile):
    judge_certainty(profile=profile, by=review.created_by, given=ALL)

    line = line_of(profile)
    assert line.evidence.participants == 80
    assert line.certainty.label == "Low"
    kept = line.judged["imprecision"]
    assert kept.proposed == line.proposals["imprecision"].steps
    assert kept.run == profile.spec.runs.first()


def test_a_change_of_mind_is_a_new_row(review, profile):
    judge_certainty(profile=profile, by=review.created_by, given=ALL)
    again = {**ALL, "imprecision": GivenSteps(0)}

    written = judge_certainty(profile=profile, by=review.created_by, given=again)

    assert [each.domain for each in written] == ["imprecision"]
    assert CertaintyJudgement.objects.filter(profile=profile, domain="imprecision").count() == 2
    assert line_of(profile).certainty.label == "Moderate"


def test_rating_down_needs_its_reason(review, profile):
    with pytest.raises(CertaintyRefused, match="Imprecision: say why it is rated down"):
        judge_certainty(profile=profile, by=review.created_by, given={"imprecision": GivenSteps(-1, " ")})
    with pytest.raises(CertaintyRefused, match="Large effect: choose one of the steps"):
        judge_certainty(profile=profile, by=review.created_by, given={"large_effect": GivenSteps(-1, "No")})


def test_a_relative_effect_gives_absolute_ones_at_each_baseline_risk(client, review, profile):
    risks = [{"per_1000": 300.0, "label": "moderate risk"}, {"per_1000": 50.0, "label": "low risk"}]
    numbers = {"effect": 0.92, "effect_low": 0.8, "effect_high": 1.0, "effect_source": "Table 2"}
    change_profile(profile=profile, by=review.created_by, measure="RR", baseline_risks=risks, **numbers)
    judge_certainty(profile=profile, by=review.created_by, given=ALL)
    client.force_login(review.created_by)

    page = client.get(reverse("analysis:certainty", args=[review.slug])).content.decode()
    table = client.get(reverse("analysis:certainty_file", args=[review.slug, "csv"])).content.decode()
    word = client.get(reverse("analysis:certainty_file", args=[review.slug, "docx"])).content

    rows = list(csv.DictReader(io.StringIO(table)))
    # Handbook 12.5.4.2: a risk ratio of 0.92 at 300 per 1,000 means 24 fewer.
    assert rows[0]["Difference, per 1,000 [95% CI]"] == "24 fewer [60 fewer, 0]"
    assert [row["Baseline risk"] for row in rows] == ["moderate risk", "low risk"]
    cells = [cell.text for row in Document(io.BytesIO(word)).tables[0].rows for cell in row.cells]
    for told in ("24 fewer [60 fewer, 0]", "RR 0.92 [0.80, 1.00]"):
        assert told in page
        assert told in cells


def test_a_single_arm_is_told_per_1000(client, review, profile):
    client.force_login(review.created_by)

    page = client.get(reverse("analysis:certainty", args=[review.slug])).content.decode()

    estimate = profile.spec.runs.first().result["estimate"]
    assert f"{round(1000 * estimate)} [" in page


def test_half_a_relative_effect_is_refused(review, profile):
    with pytest.raises(CertaintyRefused, match="needs its measure, estimate and both limits"):
        change_profile(profile=profile, by=review.created_by, measure="RR")


def test_a_wrong_baseline_risk_is_named_by_its_line(client, review, profile):
    client.force_login(review.created_by)
    address = reverse("analysis:profile_settings", args=[review.slug, profile.pk])

    page = client.post(
        address, {"start": 4, "importance": "critical", "baseline_risks": "120 low\nmany high"}
    )

    assert page.status_code == 422
    assert "Line 2: “many” is no number" in page.content.decode()


def test_an_analysis_is_in_the_summary_once(review, profile):
    with pytest.raises(CertaintyRefused, match="in the summary of findings already"):
        add_profile(review=review, by=review.created_by, spec=profile.spec)


def test_the_forest_plot_has_a_light_for_each_judgement(client, review, profile):
    people = [membership.user for membership in review.memberships.exclude(user=review.created_by)][:2]
    study = review.studies.get(label="Arden 2019")
    for person in people:
        assess(study, person, "22222221")
    minors = review.appraisals.get()
    agree_bias(study=study, settled_by=people[0], appraisal=minors, sheet=Sheet())
    client.force_login(review.created_by)

    address = reverse("analysis:bias_forest", args=[review.slug, minors.pk, profile.spec_id, "svg"])
    drawn = client.get(address).content.decode()

    assert "Risk of bias by MINORS: 2 reported and adequate" in drawn
    assert drawn.count(COLOURS["low"]) == 7
    assert drawn.count(COLOURS["some"]) == 1


def test_the_share_at_high_risk_comes_from_the_agreed_judgements(review, profile):
    people = [membership.user for membership in review.memberships.exclude(user=review.created_by)][:2]
    studies = {study.label: study for study in review.studies.all()}
    rob1 = plan_appraisal(review=review, by=review.created_by, tool=tool("rob1"))
    for label, worst in (("Arden 2019", "High"), ("Birch 2020", "Low")):
        answers = {f"D{n}": Given("Low") for n in range(1, 7)} | {"D7": Given(worst)}
        for person in people:
            assess_with(rob1, studies[label], person, Sheet(answers))
        agree_bias(study=studies[label], settled_by=people[0], appraisal=rob1, sheet=Sheet())

    shares = line_of(profile).evidence.weight_by_tone

    weights = {each["study"]: each["weight_percent"] for each in profile.spec.runs.first().result["studies"]}
    assert shares["high"] == pytest.approx(weights["Arden 2019"])
    arden, birch = studies["Arden 2019"], studies["Birch 2020"]
    assert OverallLevels(review).tones() == {arden.pk: "high", birch.pk: "low"}

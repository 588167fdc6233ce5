"""The rules for printed results on our own runs and on extracted estimates; certainty in words."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from analysis.audit.own_audit import audited_estimate, audited_print, audited_run
from analysis.bundling import review_bundle
from analysis.certainty.evidence import certainty_of_run, line_of
from analysis.certainty.rules import GivenSteps, add_profile, judge_certainty
from analysis.estimate.plan import Plan
from analysis.estimate.results import as_json
from analysis.estimate.rows import ArmNumbers, DatasetRow, ReportedEstimate
from analysis.grade import DOMAINS
from analysis.review_audit import audit_of
from analysis.runs import run
from analysis.specs import create_spec
from analysis.wording import Certainty

from ...extraction.makers import make_agreed, make_outcome
from ...makers import make_member, make_review
from ..makers import make_compared

pytestmark = pytest.mark.django_db
COUNTS = [(4, 123), (6, 306), (3, 231), (62, 1359), (33, 506)]


def rows():
    return [
        DatasetRow(study_pk=i, study=f"S{i}", outcome="Relapse", experimental=ArmNumbers("A", events=x, n=n))
        for i, (x, n) in enumerate(COUNTS)
    ]


@pytest.mark.parametrize(
    "plan",
    [
        Plan("PLO"),
        Plan("PLO", interval="wald", tau2_estimator="DL"),
        Plan("PR", interval="wald", tau2_estimator="SJ"),
        Plan("PLO", model="common", interval="wald"),
        Plan("PLO", method="glmm", interval="t"),
        Plan("PFT"),
    ],
)
def test_our_own_results_break_no_rule(plan):
    report = audited_run("Relapse", as_json(rows(), plan), plan.as_stored)

    assert report.verdict in ("passes", "warning")


def test_a_result_of_ours_that_could_not_be_would_be_found():
    plan = Plan("PLO")
    broken = {**as_json(rows(), plan), "prediction_high": 0.0001}

    assert audited_run("Relapse", broken, plan.as_stored).verdict == "impossible"


def test_an_extracted_estimate_outside_its_interval_is_impossible():
    # As stored for PMID 40120068: 5-year survival of 5.3% with an interval from 9.6 to 29.8.
    told = ReportedEstimate("MD", 5.3, 9.6, 29.8)

    assert audited_estimate("A", told).verdict == "impossible"


def test_a_printed_result_beside_an_analysis_is_audited_with_the_digits_that_were_printed():
    printed = {"estimate": "6.2", "ci_low": "3.8", "ci_high": "8.6", "pi_low": "6.6", "pi_high": "54.5"}

    report = audited_print("VOD", printed)

    assert report.verdict == "impossible"
    assert {"pi_excludes_estimate", "pi_excludes_ci"} <= {each.rule for each in report.findings}
    assert audited_print("VOD", {"estimate": "about six"}) is None


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review), make_member(review)]


@pytest.fixture
def compared(review, people):
    """A ratio of two groups in three studies, run."""
    outcome = make_outcome(review)
    for label, events in (("One 2019", 4), ("Two 2020", 9), ("Three 2021", 6)):
        make_compared(
            review, people, label, outcome, [{"events": events, "n": 40}], {"events": events + 3, "n": 38}
        )
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=outcome, measure="RR")
    return run(spec=spec, by=review.created_by)


def test_both_groups_count_as_participants_of_the_evidence(compared, review):
    profile = add_profile(review=review, by=review.created_by, spec=compared.spec)

    assert line_of(profile).evidence.participants == 3 * (40 + 38)


def test_the_paragraph_says_the_certainty_once_every_domain_is_judged(compared, review, client):
    profile = add_profile(review=review, by=review.created_by, spec=compared.spec, start=4)
    assert certainty_of_run(compared) is None

    given = {domain.key: GivenSteps(0) for domain in DOMAINS}
    given["imprecision"] = GivenSteps(-1, "Few events.")
    judge_certainty(profile=profile, by=review.created_by, given=given)

    assert certainty_of_run(compared) is Certainty.MODERATE
    client.force_login(review.created_by)
    page = client.get(reverse("analysis:analysis", args=[review.slug, compared.spec_id])).content.decode()
    assert "The certainty of the evidence is moderate (GRADE)." in page


def test_the_audit_page_lists_own_results_and_what_is_printed_beside_them(compared, review, client):
    compared.spec.published = {"estimate": "6.2", "ci_low": "7.0", "ci_high": "8.6", "source": "A review"}
    compared.spec.save()

    told = audit_of(review)

    assert [(each.kind, str(each.report.verdict)) for each in told] == [
        ("Printed elsewhere", "impossible"),
        ("Our result", "passes"),
    ]
    client.force_login(review.created_by)
    page = client.get(reverse("analysis:audit", args=[review.slug])).content.decode()
    assert "Printed elsewhere" in page


def test_every_mark_of_the_forest_plot_leads_to_its_study(compared, review, client):
    client.force_login(review.created_by)

    page = client.get(reverse("analysis:analysis", args=[review.slug, compared.spec_id])).content.decode()

    for study in compared.result["studies"]:
        address = reverse("analysis:lineage", args=[review.slug, compared.pk, study["study_pk"]])
        assert f'<a href="{address}" aria-label="' in page


@pytest.mark.parametrize(
    ("file_format", "kind", "begins"),
    [
        ("eps", "application/postscript", b"%!PS"),
        ("tiff", "image/tiff", b"II*\x00"),
        ("png", "image/png", b"\x89PNG"),
    ],
)
def test_a_figure_comes_in_the_format_that_a_journal_asks_for(
    compared, review, client, file_format, kind, begins
):
    client.force_login(review.created_by)
    address = reverse("analysis:run_picture", args=[review.slug, compared.pk, "forest", file_format])

    answer = client.get(f"{address}?style=JAMA&dpi=600&hide=0&paged=on")

    assert answer["Content-Type"] == kind
    assert answer.content.startswith(begins)


def test_an_axis_that_ends_before_it_begins_is_told(compared, review, client):
    client.force_login(review.created_by)
    address = reverse("analysis:figures", args=[review.slug, compared.pk])

    answer = client.get(f"{address}?figure=forest&low=2&high=1")

    assert answer.status_code == 422
    assert b"The axis must end above where it begins." in answer.content


def test_the_bundle_of_a_review_holds_every_analysis_and_the_data_behind_it(review, people):
    make_agreed(review, people, "Alpha 2020", 30, 40)
    make_agreed(review, people, "Beta 2021", 20, 40)
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=make_outcome(review))
    create_spec(
        review=review, by=review.created_by, title="Later", outcome=make_outcome(review), measure="RR"
    )
    run(spec=spec, by=review.created_by)

    archive = zipfile.ZipFile(BytesIO(b"".join(review_bundle(review, "all"))))

    names = set(archive.namelist())
    assert {
        "all/README.txt",
        "all/analyses/001-response/data.csv",
        "all/analyses/001-response/reproduce.R",
        "all/analyses/001-response/figures/forest.pdf",
        "all/analyses/001-response/figures/caterpillar.svg",
        "all/extraction/results.csv",
        "all/extraction/characteristics.csv",
        "all/extraction/extraction.json",
        "all/plan.json",
        "all/prisma.csv",
    } <= names
    assert b"has not been run" in archive.read("all/analyses/002-later/README.txt")

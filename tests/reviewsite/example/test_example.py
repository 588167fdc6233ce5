"""The worked example: what it promises the visitor, and that its pooled numbers are metafor's."""

import json
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from analysis.data.dataset import dataset
from analysis.estimate.results import as_json
from analysis.models import AnalysisSpec
from analysis.pooling import IntervalMethod, pool
from analysis.runs import standing
from extraction.bias.agreed import agreed_judgements
from extraction.models import ArmResult, Extraction, Outcome, TimePoint
from extraction.recheck import differences as recount
from reviewsite.example.loader import load_example
from reviewsite.reviews.models import Review, User
from screening.models import Citation, Decision, Report
from screening.prisma.counts import flow_counts
from screening.prisma.flow import reconcile
from screening.room.queue import awaiting, open_conflicts
from screening.rounds.gate import verdict_on
from screening.rounds.participation import rounds_at

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "ino_rows.json").read_text())
OUTCOMES = {
    "overall_response": ("Overall response", None),
    "complete_remission": ("Complete remission", None),
    "mrd_negative": ("MRD negativity", None),
    "os1": ("Overall survival", "1 year"),
    "os2": ("Overall survival", "2 years"),
    "os3": ("Overall survival", "3 years"),
    "sct": ("Stem-cell transplant", None),
    "vod": ("Veno-occlusive disease", None),
}
METHODS = {
    "DL z": ("DL", "wald"),
    "REML z": ("REML", "wald"),
    "REML knha": ("REML", "hartung_knapp"),
}


@pytest.fixture(scope="module")
def review(django_db_setup, django_db_blocker):
    """Loaded once for the module; tests only read it."""
    with django_db_blocker.unblock():
        loaded, is_new = load_example()
        assert is_new
        yield loaded
        Review.objects.filter(pk=loaded.pk).update(slug="used-up")
        call_command("flush", interactive=False, verbosity=0)


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("example")]


def test_twelve_records_two_conflicts_and_one_study_are_left_for_the_visitor(review):
    visitor = User.objects.get(email="reviewer-b@example.org")
    assert awaiting(review, visitor, "title_abstract").count() == 12
    assert open_conflicts(review, "title_abstract").count() == 2
    agreed = Extraction.objects.agreed().filter(review=review)
    assert review.studies.exclude(pk__in=agreed.values("study")).get().label == "Venetoclax combination"


def test_the_search_files_overlap_and_come_to_78_citations(review):
    counts = flow_counts(review)

    reconcile(counts)
    assert counts.citations == 78
    assert counts.records_identified - counts.duplicates_removed == 78
    assert counts.duplicates_removed > 20


def test_several_reports_belong_to_one_study(review):
    assert Report.objects.filter(study__label="Kantarjian 2019 (INO-VATE)").count() == 4


def test_a_finished_pilot_opened_the_main_round_through_its_agreement(review):
    pilot, main = rounds_at(review, "title_abstract")
    verdict = verdict_on(pilot)

    assert (verdict.total, verdict.undecided, verdict.agreement.n) == (20, 0, 20)
    assert verdict.opened_by.act == "passed"
    assert not main.is_shut


def test_titles_are_read_in_a_ranked_order_that_says_what_was_found_at_least(client, review):
    client.force_login(review.created_by)

    page = client.get(f"/reviews/{review.slug}/order/").content.decode()

    last = review.ranking_runs.first()
    assert not last.has_failed
    assert last.ordered == 12
    assert "Learnt from 64 citations" in page
    assert "With 95% confidence you have <strong>at least" in page
    assert "<polyline" in page


def test_adjudicated_citations_keep_both_votes(review):
    settled = Citation.objects.filter(decisions__kind="adjudicate", decisions__stage="title_abstract")
    assert settled.count() == 5
    for citation in settled:
        assert Decision.objects.on(citation, "title_abstract").screening().count() == 2


def test_loading_it_again_changes_nothing(review):
    assert load_example() == (review, False)


def test_check_review_finds_it_whole_and_finds_a_changed_state(review):
    out = StringIO()
    call_command("check_review", stdout=out)
    assert out.getvalue() == "inotuzumab ok\n"

    citation = review.citations.filter(title_abstract_state="excluded").first()
    Citation.objects.filter(pk=citation.pk).update(title_abstract_state="included")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_review", "inotuzumab", stdout=out)
    assert f"citation {citation.pk}, title and abstract: stored included" in out.getvalue()


@pytest.mark.parametrize("measure", ["PR", "PLO"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_pooled_result_is_the_one_metafor_printed(review, outcome, method, measure):
    """metafor 3.8.1, rma(xi, ni, measure, method, test); printed in percentage points with three decimals."""
    name, time_point = OUTCOMES[outcome]
    tau2_estimator, interval = METHODS[method]
    spec = AnalysisSpec(
        review=review,
        outcome=Outcome.objects.get(review=review, name=name),
        time_point=TimePoint.objects.filter(review=review, label=time_point).first(),
        measure=measure,
        model="random",
        tau2_estimator=tau2_estimator,
        interval=interval,
    )
    printed = REFERENCE["pooled"][f"A/{outcome}"]["printed"][f"{measure} {method}"]

    result = as_json(dataset(spec).rows, spec.plan)
    if (measure, tau2_estimator) == ("PR", "REML"):
        result = stopped_where_metafor_stops(result, interval)

    names = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")
    assert [100 * result[name] for name in names] == pytest.approx(printed[:5], abs=1e-3)
    assert result["scale"]["i2"] == pytest.approx(printed[5], abs=1e-3)
    assert result["scale"]["tau2"] == pytest.approx(printed[6], abs=1e-3)
    assert result["scale"]["q_p"] == pytest.approx(printed[7], abs=1e-3)


def stopped_where_metafor_stops(result, interval):
    """metafor ends its REML iteration at a change of tau2 below 1e-5, and ours at the maximum.

    On the raw scale tau2 itself is small, so the early stop moves a limit by up to 0.005 percentage points.
    """
    effects, variances = ([study[name] for study in result["studies"]] for name in ("effect", "variance"))
    early = pool(effects, variances, interval=IntervalMethod(interval), reml_threshold=1e-5)
    names = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")
    for name in names:
        assert result[name] == pytest.approx(getattr(early, name), abs=5e-5)
    return {**{name: getattr(early, name) for name in names}, "scale": asdict(early)}


def test_every_analysis_of_the_example_speaks_for_the_present_rows(review):
    for spec in review.analyses.all():
        assert not standing(spec).is_stale


def test_the_randomised_trial_is_judged_by_rob_2_beside_minors(review):
    by_key = {each.tool_key: each for each in review.appraisals.all()}

    assert set(by_key) == {"minors", "rob2"}
    (judged,) = agreed_judgements(by_key["rob2"]).values()
    assert judged == dict.fromkeys(("D1", "D2", "D3", "D4", "D5", "overall"), "Low")


def test_cells_of_the_example_say_where_they_stand_and_how_they_were_derived(review):
    rows = ArmResult.objects.agreed(review)

    derived = [row for row in rows if "events" in row.derived_columns]
    assert len(derived) >= 5
    assert all(row.cells["percent"]["quote"].startswith(f"{row.percent:g}") for row in derived)
    assert sum(bool(row.cells) for row in rows) > 0.9 * len(rows)
    assert not list(recount(review))

"""The workspace: two-arm rows, the frozen plan, reruns in the background, lineage and robustness pages."""

import pytest
from django.urls import reverse

from analysis.data.dataset import SECOND_ROW, dataset
from analysis.models import AnalysisRun, PlanDeviation
from analysis.runs import ask_for_rerun, run, standing, standings
from analysis.specs import PlanRefused, change_spec, create_spec, exclude_study, freeze_plan, take_back_study
from extraction.agreeing.consensus import correct, rows_of
from extraction.building.vocabulary import add_outcome
from extraction.entering.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import ArmResult
from reviewsite.reviews.models import Job

from ..extraction.makers import ANSWERS, agree_on_left, make_agreed, make_outcome, make_study
from ..makers import make_member, make_review
from .makers import make_compared

pytestmark = pytest.mark.django_db
TREATED, PLACEBO = {"events": 10, "n": 40}, {"events": 20, "n": 42}


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review), make_member(review)]


@pytest.fixture
def owner(client, review):
    client.force_login(review.created_by)
    return client


def plan(review, **settings):
    settings = {"title": "Response", "measure": "RR", **settings}
    return create_spec(review=review, by=review.created_by, outcome=make_outcome(review), **settings)


def test_two_arms_become_one_row(review, people):
    make_compared(review, people, "Arden 2019", make_outcome(review), [TREATED], PLACEBO)

    (row,) = dataset(plan(review)).rows

    assert row.numbers == "10/40 v 20/42"
    assert (row.experimental.label, row.comparator.label) == ("Zorifen 1", "Placebo")


def test_several_treated_groups_are_combined_or_share_the_comparator(review, people):
    make_compared(
        review, people, "Arden 2019", make_outcome(review), [TREATED, {"events": 4, "n": 20}], PLACEBO
    )
    spec = plan(review)

    assert [row.numbers for row in dataset(spec).rows] == ["14/60 v 20/42"]

    split = change_spec(spec=spec, by=review.created_by, multi_arm="split")
    assert [row.numbers for row in dataset(split).rows] == ["10/40 v 10/21", "4/20 v 10/21"]
    assert [row.label for row in dataset(split).rows] == ["Arden 2019, Zorifen 1", "Arden 2019, Zorifen 2"]
    assert run(spec=split, by=review.created_by).result["scale"]["k"] == 2


def test_a_study_without_a_comparator_is_left_out_of_a_comparison(review, people):
    make_agreed(review, people, "Single 2020", 30, 40)

    present = dataset(plan(review))

    assert present.rows == ()
    assert "marked as the intervention" in present.left_out[0].reason


def test_a_reported_hazard_ratio_is_pooled_and_another_measure_is_not(review, people):
    survival = add_outcome(review=review, by=review.created_by, name="Survival", kind="time_to_event")
    told = {"measure": "HR", "estimate": 0.7, "ci_low": 0.5, "ci_high": 0.98}
    make_compared(review, people, "Arden 2019", survival, [{}], {}, contrast=told, note="No counts.")
    make_compared(
        review, people, "Birch 2020", survival, [{}], {}, contrast={**told, "measure": "RR"}, note="x"
    )
    spec = create_spec(review=review, by=review.created_by, title="HR", outcome=survival, measure="HR")

    present = dataset(spec)

    assert [row.numbers for row in present.rows] == ["HR 0.7 [0.5, 0.98]"]
    assert "Reported as risk ratio" in present.left_out[0].reason


def test_a_frozen_plan_keeps_every_later_change_with_its_reason(review, people):
    spec = plan(review)
    freeze = freeze_plan(review=review, by=review.created_by)
    assert freeze.agreed_extractions == 0
    assert freeze.content[0]["settings"]["measure"] == "RR"

    with pytest.raises(PlanRefused, match="Say why"):
        change_spec(spec=spec, by=review.created_by, measure="OR")
    spec.refresh_from_db()
    assert spec.measure == "RR"

    change_spec(spec=spec, by=review.created_by, measure="OR", reason="Case-control studies came in.")
    deviation = PlanDeviation.objects.get()
    assert (deviation.what, deviation.reason) == ("measure: RR → OR", "Case-control studies came in.")
    with pytest.raises(PlanRefused, match="frozen already"):
        freeze_plan(review=review, by=review.created_by)


def test_a_study_taken_out_by_hand_stays_listed_with_the_reason(review, people):
    agreed = make_compared(review, people, "Arden 2019", make_outcome(review), [TREATED], PLACEBO)
    spec = plan(review)
    run(spec=spec, by=review.created_by)

    with pytest.raises(PlanRefused, match="Say why"):
        exclude_study(spec=spec, study_pk=agreed.study_id, by=review.created_by, reason=" ")
    spec = exclude_study(spec=spec, study_pk=agreed.study_id, by=review.created_by, reason="Unblinded.")

    now = standing(spec)
    assert now.is_stale
    assert [(row.study, row.reason) for row in now.present.left_out] == [("Arden 2019", "Unblinded.")]
    back = take_back_study(spec=spec, study_pk=agreed.study_id, by=review.created_by)
    assert not standing(back).is_stale


def test_all_that_changed_is_rerun_in_the_background_and_nothing_else(review, people):
    agreed = make_compared(review, people, "Arden 2019", make_outcome(review), [TREATED], PLACEBO)
    plan(review)
    other = plan(review, title="Odds", measure="OR")
    run(spec=other, by=review.created_by)

    job = ask_for_rerun(review=review, by=review.created_by)

    assert Job.objects.get(pk=job.pk).outcome == "1 analysis run on the present rows."
    row = rows_of(agreed)[0]
    correct(agreed=agreed, by=people[0], reason="Misread", rows={row.pk: {"events": 11}})
    job = ask_for_rerun(review=review, by=review.created_by)
    assert Job.objects.get(pk=job.pk).outcome == "2 analyses run on the present rows."
    assert AnalysisRun.objects.count() == 4


def test_the_standing_of_many_analyses_takes_as_many_queries_as_that_of_one(
    review, people, django_assert_max_num_queries
):
    make_compared(review, people, "Arden 2019", make_outcome(review), [TREATED], PLACEBO)
    for n in range(8):
        run(spec=plan(review, title=f"Analysis {n}"), by=review.created_by)

    with django_assert_max_num_queries(14):
        assert len(standings(review)) == 8


def test_a_comparison_page_says_what_changed_who_agreed_why_and_how_far_it_moved(owner, review, people):
    agreed = make_compared(review, people, "Arden 2019", make_outcome(review), [TREATED], PLACEBO)
    spec = plan(review)
    run(spec=spec, by=review.created_by)
    correct(agreed=agreed, by=people[0], reason="Misread digit", rows={rows_of(agreed)[0].pk: {"events": 12}})

    page = owner.post(reverse("analysis:rerun", args=[review.slug, spec.pk]), follow=True).content.decode()

    assert "experimental events 10 → 12" in page
    assert "Misread digit" in page
    assert "+0.105" in page  # (12/40)/(20/42) - (10/40)/(20/42)


def test_a_study_leads_from_the_diamond_to_both_extractions_and_to_the_search(owner, review, people):
    agreed = make_compared(
        review,
        people,
        "Arden 2019",
        make_outcome(review),
        [{**TREATED, "page": "7", "quote": "ten of 40"}],
        PLACEBO,
    )
    stored = run(spec=plan(review), by=review.created_by)

    address = reverse("analysis:lineage", args=[review.slug, stored.pk, agreed.study_id])
    page = owner.get(address).content.decode()

    assert "ten of 40" in page
    assert all(str(person) in page for person in people)
    record = agreed.study.reports.get().citation.representative
    assert reverse("screening:search_run", args=[review.slug, record.search_run_id]) in page
    assert owner.get(reverse("analysis:lineage", args=[review.slug, stored.pk, 0])).status_code == 404


def test_a_citation_and_its_study_lead_down_to_the_latest_run_of_each_analysis(owner, review, people):
    agreed = make_compared(review, people, "Arden 2019", make_outcome(review), [TREATED], PLACEBO)
    spec = plan(review)
    run(spec=spec, by=review.created_by)
    latest = run(spec=spec, by=review.created_by)
    report = agreed.study.reports.get()

    for address in (
        reverse("screening:citation", args=[review.slug, report.citation_id]),
        reverse("extraction:study", args=[review.slug, agreed.study_id]),
    ):
        page = owner.get(address).content.decode()
        down = reverse("analysis:lineage", args=[review.slug, latest.pk, agreed.study_id])
        assert page.count(f'href="{down}"') == 1
    citation = owner.get(
        reverse("screening:citation", args=[review.slug, report.citation_id])
    ).content.decode()
    assert reverse("screening:report", args=[review.slug, report.pk]) in citation


def test_a_measure_that_does_not_fit_the_outcome_is_refused_in_words(owner, review):
    survival = add_outcome(review=review, by=review.created_by, name="Survival", kind="time_to_event")
    form = {
        "title": "S",
        "outcome": survival.pk,
        "measure": "RR",
        "method": "inverse_variance",
        "model": "random",
        "tau2_estimator": "REML",
        "interval": "wald",
        "level": 95,
        "zero_cells": "only0",
        "multi_arm": "combine",
    }
    address = reverse("analysis:new", args=[review.slug])

    refused = owner.post(address, form)

    assert refused.status_code == 422
    assert "it can be pooled as hazard ratio, as reported" in refused.content.decode()
    made = owner.post(address, {**form, "measure": "HR", "method": "peto"})
    assert "Peto" in made.content.decode()


def test_of_combined_groups_every_row_is_shown(owner, review, people):
    outcome = make_outcome(review)
    agreed = make_compared(review, people, "Arden 2019", outcome, [TREATED, {"events": 4, "n": 20}], PLACEBO)
    stored = run(spec=plan(review), by=review.created_by)

    page = owner.get(
        reverse("analysis:lineage", args=[review.slug, stored.pk, agreed.study_id])
    ).content.decode()

    assert all(f"<h3>Response · {arm}</h3>" in page for arm in ("Zorifen 1", "Zorifen 2", "Placebo"))


def test_the_page_on_robustness_gives_the_range_of_every_scale(owner, review, people):
    for n in (1, 2, 3):
        make_compared(
            review, people, f"Study {n}", make_outcome(review), [{"events": 5 * n, "n": 40}], PLACEBO
        )
    stored = run(spec=plan(review), by=review.created_by)

    page = owner.get(reverse("analysis:robustness", args=[review.slug, stored.pk])).content.decode()

    assert "Without each study in turn" in page
    assert "Risk ratio</b>: 26 choices" in page  # common effect, 8 estimators x 3 intervals, Mantel-Haenszel
    assert "offered from 10 studies on" in page


def test_values_and_changes_of_one_arm_are_not_added_up(review, people):
    outcome = make_outcome(review, "Pain")
    for label in ("Arden 2019", "Birch 2020"):
        study = make_study(review, people, label)
        for person in people:
            extraction = start_extraction(study=study, extractor=person)
            save_answers(
                extraction=extraction, by=person, answers={k: {"value": v} for k, v in ANSWERS.items()}
            )
            arm = extraction.arms.get()
            rows = [
                ArmResult(arm=arm, outcome=outcome, mean=-12.0, sd=8.0, n=40, scores="change"),
                ArmResult(arm=arm, outcome=outcome, mean=31.0, sd=9.0, n=40),
            ]
            save_rows(extraction=extraction, by=person, rows=rows)
            submit(extraction=extraction, by=person)
        agree_on_left(study, people[0])
    spec = create_spec(review=review, by=review.created_by, title="Pain", outcome=outcome, measure="MN")

    found = dataset(spec)

    assert [(row.experimental.mean, row.experimental.n) for row in found.rows] == [(31.0, 40), (31.0, 40)]
    assert [row.reason for row in found.left_out] == [SECOND_ROW, SECOND_ROW]


def test_an_analysis_without_a_title_is_called_by_its_outcome_once(owner, review):
    survival = add_outcome(review=review, by=review.created_by, name="Survival", kind="time_to_event")
    form = {
        "outcome": survival.pk,
        "measure": "HR",
        "method": "inverse_variance",
        "model": "random",
        "tau2_estimator": "REML",
        "interval": "wald",
        "level": 95,
        "zero_cells": "only0",
        "multi_arm": "combine",
    }
    address = reverse("analysis:new", args=[review.slug])

    owner.post(address, form)
    again = owner.post(address, form)

    assert [spec.title for spec in review.analyses.all()] == ["Survival"]
    assert again.status_code == 422
    assert "There is an analysis of this title already" in again.content.decode()

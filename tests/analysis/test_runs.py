import pytest

from analysis.data.dataset import dataset
from analysis.recheck import differences
from analysis.runs import rerun_stale, run, standing
from analysis.specs import change_spec, create_spec
from extraction.agreeing.consensus import correct, rows_of
from screening.studies.grouping import mark_overlap

from ..extraction.makers import agree_on_left, extract, make_agreed, make_outcome, make_study
from ..makers import make_member, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review), make_member(review)]


@pytest.fixture
def spec(review):
    return create_spec(
        review=review, by=review.created_by, title="Response", outcome=make_outcome(review), measure="PR"
    )


def test_only_agreed_rows_are_pooled_and_the_others_are_listed(review, people, spec):
    make_agreed(review, people, "Arden 2019", 30, 40)
    waiting = make_study(review, people, "Birch 2021")
    extract(waiting, people[0], 45, 90)

    present = dataset(spec)

    assert [(row.study, row.numbers) for row in present.rows] == [("Arden 2019", "30/40")]
    assert [(row.study, row.reason) for row in present.left_out] == [
        ("Birch 2021", "Its extraction is not agreed yet.")
    ]


def test_an_overlapping_cohort_is_left_out_with_its_reason(review, people, spec):
    kept, left_out = (make_agreed(review, people, f"Study {n}", 30, 40).study for n in (1, 2))
    mark_overlap(kept=kept, left_out=left_out, reason="Same ward.", by=people[0])

    present = dataset(spec)

    assert [row.study for row in present.rows] == ["Study 1"]
    assert "Shares participants with Study 1: Same ward." in present.left_out[0].reason


def test_overlapping_cohorts_that_are_pooled_all_the_same_are_told_on_the_result(review, people, spec):
    kept, other = (make_agreed(review, people, f"Study {n}", 30, 40).study for n in (1, 2))
    mark_overlap(kept=kept, left_out=other, reason="Same ward.", by=people[0])
    spec = change_spec(spec=spec, by=review.created_by, leave_out_overlaps=False)

    told = run(spec=spec, by=review.created_by).result

    assert told["scale"]["k"] == 2
    assert any("Study 2 is pooled although some people count twice" in note for note in told["notes"])


def test_an_alternative_row_is_never_pooled(review, people, spec):
    study = make_study(review, people)
    for person in people:
        extract(study, person, 30, 40, analysis_set="alternative")
    agree_on_left(study, people[0])

    assert dataset(spec).rows == ()


def test_a_corrected_number_makes_the_run_stale_and_says_who_and_why(review, people, spec):
    agreed = make_agreed(review, people, "Arden 2019", 30, 40)
    make_agreed(review, people, "Birch 2021", 45, 90)
    before = run(spec=spec, by=review.created_by)
    assert not standing(spec).is_stale

    (row,) = rows_of(agreed)
    correct(agreed=agreed, by=people[0], reason="Misread digit", rows={row.pk: {"events": 33}})

    now = standing(spec)
    (change,) = now.row_changes
    assert now.is_stale
    assert (change.study, change.sentence, change.why) == ("Arden 2019", "events 30 → 33", "Misread digit")
    (after,) = rerun_stale(review=review, by=review.created_by)
    assert not standing(spec).is_stale
    assert [each.snapshot.rows[0]["experimental"]["events"] for each in (before, after)] == [30, 33]


def test_a_changed_plan_makes_the_run_stale(review, people, spec):
    make_agreed(review, people, "Arden 2019", 30, 40)
    run(spec=spec, by=review.created_by)

    changed = change_spec(spec=spec, by=review.created_by, measure="PLO")

    assert standing(changed).plan_changes == ["measure: PR → PLO"]


def test_the_same_data_have_the_same_hash_after_a_correction_that_changes_nothing(review, people, spec):
    agreed = make_agreed(review, people, "Arden 2019", 30, 40)
    before = dataset(spec).sha256

    correct(agreed=agreed, by=people[0], reason="Page number", rows={})

    assert dataset(spec).sha256 == before


def test_without_rows_the_run_says_so(review, spec):
    assert "No agreed row" in run(spec=spec, by=review.created_by).refusal


def test_a_run_whose_stored_numbers_were_changed_is_found(review, people, spec):
    make_agreed(review, people, "Arden 2019", 30, 40)
    stored = run(spec=spec, by=review.created_by)
    assert list(differences(review)) == []

    stored.result["estimate"] = 0.8
    stored.save()
    stored.snapshot.rows[0]["experimental"]["events"] = 31
    stored.snapshot.save()

    assert len(list(differences(review))) == 2

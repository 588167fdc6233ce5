"""Typing cells: what is stored, what is refused, what waits, and what another window typed."""

import json

import pytest
from django.urls import reverse

from extraction.building.vocabulary import add_outcome, add_time_point
from extraction.entering.addresses import RowAddress, address_of
from extraction.entering.cells import CellChange, add_arm, derive_into, remove_arm, save_cells
from extraction.entering.entry import ExtractionRefused, missing_before_submission, start_extraction
from extraction.models import Arm, ArmResult, Contrast, Outcome
from extraction.recheck import differences

from ..makers import extract, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(review, people):
    return start_extraction(study=make_study(review, people), extractor=people[0])


@pytest.fixture
def response(review):
    return add_outcome(review=review, by=review.created_by, name="Response")


@pytest.fixture
def pain(review):
    return add_outcome(
        review=review,
        by=review.created_by,
        name="Pain",
        kind=Outcome.Kind.CONTINUOUS,
        scale_low=0,
        scale_high=10,
    )


def place(own, outcome, time=None, scores="final", subgroup="", population=""):
    arm = own.arms.first()
    return RowAddress(
        "result", (str(arm.pk), str(outcome.pk), str(time.pk) if time else "", scores, subgroup, population)
    )


def type_into(own, row, was=None, part="value", **values):
    was = was or {}
    changes = [CellChange(row.cell(name), was.get(name, ""), text, part) for name, text in values.items()]
    return save_cells(extraction=own, by=own.extractor, changes=changes)


def states(saved):
    return [result.state for result in saved.results]


def test_typing_makes_a_row_and_emptying_its_last_cell_removes_it(own, response):
    row = place(own, response)

    type_into(own, row, events="12", n="40")
    assert ArmResult.objects.values_list("events", "n").get() == (12, 40)
    type_into(own, row, was={"events": "12", "n": "40"}, events="", n="")
    assert not ArmResult.objects.exists()


def test_rows_are_told_apart_by_time_subgroup_denominator_and_scores(own, pain, review):
    week = add_time_point(review=review, by=review.created_by, label="Week 4")
    for row in (
        place(own, pain),
        place(own, pain, week),
        place(own, pain, week, subgroup="Women / girls"),
        place(own, pain, week, population="Per protocol"),
        place(own, pain, week, scores="change"),
    ):
        assert states(type_into(own, row, mean="3")) == ["saved"]

    assert ArmResult.objects.count() == 5
    assert {str(address_of(row)) for row in ArmResult.objects.all()} >= {str(place(own, pain, week))}


def test_events_wait_for_their_n_and_are_stored_with_it(own, response):
    row = place(own, response)

    assert states(type_into(own, row, events="12")) == ["waiting"]
    assert not ArmResult.objects.exists()
    assert states(type_into(own, row, events="12", n="40")) == ["saved", "saved"]


@pytest.mark.parametrize(
    ("outcome", "values", "told"),
    [
        ("response", {"n": "40", "events": "41"}, "More events than participants"),
        ("response", {"n": "3.5"}, "whole number"),
        ("response", {"n": "many"}, "not a number"),
        ("pain", {"mean": "11"}, "measured from 0 to 10"),
        ("pain", {"sd": "0"}, "above zero"),
        ("pain", {"q1": "5", "median": "4"}, "lower quartile is above the median"),
        ("pain", {"mean": "5", "ci_low": "6", "ci_high": "4"}, "lower limit is above"),
    ],
)
def test_what_cannot_be_true_is_not_stored_and_the_rest_is(own, request, outcome, values, told):
    saved = type_into(own, place(own, request.getfixturevalue(outcome)), **values)

    *others, last = saved.results
    assert (last.state, [each.state for each in others]) == ("wrong", ["saved"] * len(others))
    assert told in last.message


def test_two_windows_never_overwrite_one_another_silently(own, response):
    row = place(own, response)
    type_into(own, row, n="40")

    saved = type_into(own, row, n="44")

    assert [(each.state, each.value) for each in saved.results] == [("conflict", "40")]
    assert ArmResult.objects.get().n == 40
    assert states(type_into(own, row, was={"n": "40"}, n="44")) == ["saved"]
    # The same number from both windows is no conflict.
    assert states(type_into(own, row, n="44.0")) == ["saved"]


def test_an_answer_is_saved_with_page_and_quote_and_guarded_likewise(own):
    def change(was, value, part="value"):
        return save_cells(
            extraction=own, by=own.extractor, changes=[CellChange("answer/population", was, value, part)]
        ).results[0]

    change("", "Adults")
    change("", "12", "page")
    assert change("", "Children").state == "conflict"
    own.refresh_from_db()
    assert own.answers["population"] == {"value": "Adults", "page": "12"}


def test_a_cell_keeps_page_and_quote(own, response):
    row = place(own, response)
    type_into(own, row, n="40")
    type_into(own, row, part="quote", n="Forty were randomised")

    assert ArmResult.objects.get().cells == {"n": {"quote": "Forty were randomised"}}


def test_a_derived_value_is_marked_follows_its_inputs_and_gives_way_to_a_typed_one(own, pain):
    row = place(own, pain)
    type_into(own, row, mean="5", se="0.5", n="16")
    result = ArmResult.objects.get()
    derive_into(extraction=own, by=own.extractor, row=result, method="sd_from_se", parameters={})
    assert (result.sd, result.provenance, result.derived_columns) == (2, "derived", ["sd"])

    type_into(own, row, was={"se": "0.5"}, se="0.25")
    assert ArmResult.objects.get().sd == 1
    type_into(own, row, was={"sd": "1"}, sd="1.5")
    result = ArmResult.objects.get()
    assert (result.sd, result.provenance, result.derived_columns) == (1.5, "reported", [])


def test_a_derived_value_goes_with_its_input(own, pain):
    row = place(own, pain)
    type_into(own, row, mean="5", se="0.5", n="16")
    derive_into(
        extraction=own, by=own.extractor, row=ArmResult.objects.get(), method="sd_from_se", parameters={}
    )

    type_into(own, row, was={"se": "0.5"}, se="")

    assert ArmResult.objects.get().sd is None


def test_a_finding_keeps_an_extraction_from_being_submitted_until_it_is_answered(own, pain):
    type_into(own, place(own, pain), mean="5", sd="0.1", n="40")
    row = ArmResult.objects.get()
    assert any("standard error" in each for each in missing_before_submission(own))

    row.explained = {"se_for_sd": "The table says SD, and all were about equal."}
    row.save()

    assert not any("standard error" in each for each in missing_before_submission(own))


def test_an_arm_is_added_and_only_an_empty_one_removed(own, response):
    add_arm(extraction=own, by=own.extractor, label="Placebo")
    assert list(own.arms.values_list("role", flat=True)) == ["intervention", "comparator"]
    type_into(own, place(own, response), n="40")

    with pytest.raises(ExtractionRefused, match="has results"):
        remove_arm(extraction=own, by=own.extractor, arm=own.arms.first())
    remove_arm(extraction=own, by=own.extractor, arm=own.arms.last())
    assert own.arms.count() == 1


class TestPages:
    @pytest.fixture
    def page(self, client, review, own):
        client.force_login(own.extractor)
        return lambda name: reverse(f"extraction:{name}", args=[review.slug, own.study_id])

    def post(self, client, address, *changes):
        return client.post(address, json.dumps({"changes": changes}), content_type="application/json")

    def test_autosave_tells_what_became_of_each_cell(self, client, page, own, response):
        row = place(own, response)
        answer = self.post(
            client,
            page("cells"),
            {"cell": row.cell("events"), "was": "", "value": "12"},
            {"cell": row.cell("n"), "was": "", "value": "1,040"},
        )

        told = answer.json()
        assert [(cell["state"], cell["value"]) for cell in told["cells"]] == [
            ("saved", "12"),
            ("saved", "1040"),
        ]
        assert told["rows"][str(row)]["values"]["n"] == "1040"

    def test_a_cell_of_a_colleague_or_of_another_review_is_not_found(
        self, client, page, own, people, response
    ):
        theirs = start_extraction(study=own.study, extractor=people[1])
        stranger = place(theirs, response).cell("n")

        answer = self.post(client, page("cells"), {"cell": stranger, "was": "", "value": "4"})

        assert answer.status_code == 400
        assert not ArmResult.objects.exists()

    @pytest.mark.parametrize(
        "body", ["", "[]", '{"changes": [{}]}', '{"changes": [{"cell": "x/y", "was": "", "value": 1}]}']
    )
    def test_a_bad_request_changes_nothing(self, client, page, body):
        assert client.post(page("cells"), body, content_type="application/json").status_code == 400

    def test_a_submitted_extraction_is_closed(self, client, page, own, response):
        extract(own.study, own.extractor, 3, 4)

        answer = self.post(client, page("cells"), {"cell": "answer/population", "was": "", "value": "x"})

        assert (answer.status_code, "submitted" in answer.json()["refused"]) == (409, True)

    def test_the_page_saves_without_javascript_only_what_the_person_changed(
        self, client, page, own, response
    ):
        row = place(own, response)
        type_into(own, row, n="40", events="4")
        shown = client.get(page("extract")).context["seen"]
        type_into(own, row, was={"n": "40"}, n="44")

        form = {"seen": shown, f"cell:{row.cell('n')}": "40", f"cell:{row.cell('events')}": "5"}
        client.post(page("extract"), {**form, "answers-population": "Adults"})

        assert ArmResult.objects.values_list("events", "n").get() == (5, 44)
        own.refresh_from_db()
        assert own.answers["population"]["value"] == "Adults"

    def test_the_page_of_a_row_derives_with_the_formula_shown(self, client, page, own, pain):
        row = place(own, pain)
        type_into(own, row, median="5", q1="4", q3="7", n="40")
        address = f"{page('row')}?row={row}"

        shown = client.get(address).content.decode()
        assert "McGrath" in shown
        client.post(address, {"act": "derive", "method": "quartiles_wan"})

        assert ArmResult.objects.get().mean == pytest.approx(16 / 3)
        assert "Wan et al. 2014" in client.get(address).content.decode()

    def test_a_comparison_is_typed_into_a_new_row(self, client, page, own, response):
        add_arm(extraction=own, by=own.extractor, label="Placebo")
        first, second = own.arms.all()
        asked = {"outcome": response.pk, "measure": "OR", "arm": first.pk, "comparator": second.pk}
        html = client.get(page("new_contrast"), {**asked, "adjusted_for": "age"}).content.decode()
        cell = html.split('name="cell:')[1].split('"')[0]

        self.post(client, page("cells"), {"cell": cell, "was": "", "value": "1.5"})

        contrast = Contrast.objects.get()
        assert (contrast.estimate, contrast.measure, contrast.adjusted_for) == (1.5, "OR", "age")
        assert Arm.objects.count() == 2


def test_the_second_opinion_notices_a_derived_value_that_was_tampered_with(own, pain, review):
    type_into(own, place(own, pain), mean="5", se="0.5", n="16")
    row = ArmResult.objects.get()
    derive_into(extraction=own, by=own.extractor, row=row, method="sd_from_se", parameters={})
    assert list(differences(review)) == []

    ArmResult.objects.update(sd=3)

    assert [each.rpartition(": ")[2] for each in differences(review)] == [
        "sd is not what its derivation gives"
    ]

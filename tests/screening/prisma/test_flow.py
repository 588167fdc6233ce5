from __future__ import annotations

from dataclasses import replace

import pytest

from screening.prisma.boxes import boxes
from screening.prisma.flow import FlowCounts, FlowImbalance, SourceCount, imbalances, reconcile

from .flows import FINISHED, GOING_ON


def box(counts: FlowCounts, key: str) -> list[tuple[str, int]]:
    return [(line.label, line.count) for each in boxes(counts) if each.key == key for line in each.lines]


@pytest.mark.parametrize("counts", [FINISHED, GOING_ON])
def test_a_flow_that_adds_up_reconciles_also_while_the_review_is_going_on(counts):
    reconcile(counts)

    assert imbalances(counts) == []


@pytest.mark.parametrize(
    ("changed", "off_by", "broken"),
    [
        ("duplicates_removed", 1, ["identified"]),
        ("removed_by_automation", 1, ["identified"]),
        ("removed_other", 1, ["identified"]),
        ("citations", 1, ["identified", "screened"]),
        ("awaiting_screening", 1, ["screened"]),
        ("title_abstract_conflicts", 1, ["screened"]),
        ("excluded_title_abstract", 1, ["screened"]),
        ("sought", 1, ["screened", "sought"]),
        ("not_retrieved", 1, ["sought"]),
        ("awaiting_retrieval", 1, ["sought"]),
        ("awaiting_full_text", 1, ["sought"]),
        ("full_text_conflicts", 1, ["sought"]),
        ("assessed", 1, ["sought", "assessed"]),
        ("included_reports", 1, ["assessed", "included"]),
        ("reports_in_studies", 1, ["included"]),
        ("reports_without_study", 1, ["included"]),
    ],
)
def test_a_number_that_is_off_is_found_in_the_boxes_it_takes_part_in(changed, off_by, broken):
    counts = replace(GOING_ON, **{changed: getattr(GOING_ON, changed) + off_by})

    assert [found.box for found in imbalances(counts)] == broken


def test_the_number_of_studies_is_free_because_a_study_has_one_or_more_reports():
    assert imbalances(replace(FINISHED, included_studies=20)) == []


def test_an_imbalance_names_the_box_and_says_both_sides_of_the_sum():
    with pytest.raises(FlowImbalance) as raised:
        reconcile(replace(FINISHED, assessed=74))

    sought, assessed = raised.value.imbalances
    assert (sought.box, sought.expected, sought.found) == ("sought", 80, 79)
    assert (assessed.box, assessed.expected, assessed.found) == ("assessed", 74, 75)
    assert assessed.sentence == (
        "Reports assessed for eligibility: 74 reports assessed, "
        "but 49 excluded with a reason + 26 included = 75."
    )
    assert str(raised.value) == f"{sought.sentence} {assessed.sentence}"


def test_the_boxes_are_those_of_the_template_in_reading_order():
    assert [(each.key, each.phase, each.column) for each in boxes(FINISHED)] == [
        ("identified", "identification", "main"),
        ("removed", "identification", "aside"),
        ("screened", "screening", "main"),
        ("excluded_title_abstract", "screening", "aside"),
        ("sought", "screening", "main"),
        ("not_retrieved", "screening", "aside"),
        ("assessed", "screening", "main"),
        ("excluded_full_text", "screening", "aside"),
        ("included", "included", "main"),
    ]


def test_records_are_listed_by_source_under_databases_and_registers():
    assert box(FINISHED, "identified") == [
        ("Databases", 1900),
        ("PubMed", 400),
        ("Embase", 1500),
        ("Registers", 100),
        ("ClinicalTrials.gov", 100),
    ]


def test_a_search_of_no_register_still_says_so():
    counts = replace(FINISHED, identified=(SourceCount("PubMed", "database", 2000),))

    assert ("Registers", 0) in box(counts, "identified")


def test_each_exclusion_reason_has_its_own_count_under_the_total():
    assert box(FINISHED, "excluded_full_text") == [
        ("Reports excluded", 49),
        ("Wrong population", 30),
        ("Wrong design", 19),
    ]


def test_work_still_to_be_done_is_shown_where_it_waits_and_only_then():
    waiting = {
        (each.key, line.label) for each in boxes(GOING_ON) for line in each.lines if line.kind == "pending"
    }

    assert waiting == {
        ("screened", "Not yet screened"),
        ("screened", "Conflicts to settle"),
        ("sought", "Not yet retrieved"),
        ("assessed", "Not yet assessed"),
        ("assessed", "Conflicts to settle"),
    }
    assert not GOING_ON.is_finished
    assert FINISHED.is_finished


def test_no_two_numbers_share_a_key_so_each_can_be_linked_to_its_own_rows():
    keys = [line.key for each in boxes(GOING_ON) for line in each.lines]

    assert len(keys) == len(set(keys))

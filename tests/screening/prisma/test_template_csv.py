from __future__ import annotations

import csv
import io
from dataclasses import replace

from screening.prisma.flow import FlowCounts, ReasonCount
from screening.prisma.template_csv import as_csv

from .flows import FINISHED, GOING_ON


def read(counts: FlowCounts) -> dict[str, dict[str, str]]:
    return {row["data"]: row for row in csv.DictReader(io.StringIO(as_csv(counts))) if row["data"] != "NA"}


def test_the_columns_are_those_of_the_packages_template():
    assert as_csv(FINISHED).splitlines()[0] == "data,node,box,description,boxtext,tooltips,url,n"


def test_every_row_name_that_the_package_looks_for_is_there_once():
    # The names that PRISMA_data() of the PRISMA2020 package greps for in the first column.
    looked_for = [
        "previous_studies",
        "previous_reports",
        "register_results",
        "database_results",
        "database_specific_results",
        "register_specific_results",
        "website_results",
        "organisation_results",
        "citations_results",
        "duplicates",
        "excluded_automatic",
        "excluded_other",
        "records_screened",
        "records_excluded",
        "dbr_sought_reports",
        "dbr_notretrieved_reports",
        "other_sought_reports",
        "other_notretrieved_reports",
        "dbr_assessed",
        "dbr_excluded",
        "other_assessed",
        "other_excluded",
        "new_studies",
        "new_reports",
        "total_studies",
        "total_reports",
        "identification",
        "screening",
        "included",
    ]
    names = [row["data"] for row in csv.DictReader(io.StringIO(as_csv(FINISHED)))]

    assert {name: sum(name in each for each in names) for name in looked_for} == dict.fromkeys(looked_for, 1)


def test_the_numbers_stand_in_the_rows_of_their_boxes():
    rows = read(FINISHED)

    assert {name: rows[name]["n"] for name in ("database_results", "register_results", "duplicates")} == {
        "database_results": "1900",
        "register_results": "100",
        "duplicates": "490",
    }
    assert rows["records_screened"]["n"] == "1500"
    assert rows["dbr_assessed"]["n"] == "75"
    assert (rows["new_studies"]["n"], rows["new_reports"]["n"]) == ("24", "26")
    assert rows["other_assessed"]["n"] == "0"


def test_sources_and_reasons_are_listed_with_their_numbers_in_one_cell():
    rows = read(FINISHED)

    assert rows["database_specific_results"]["n"] == "PubMed, 400; Embase, 1500"
    assert rows["dbr_excluded"]["n"] == "Wrong population, 30; Wrong design, 19"


def test_a_reason_with_commas_or_semicolons_stays_one_reason():
    counts = replace(FINISHED, excluded_by_reason=(ReasonCount("Children, or adults; mixed", 49),))

    assert read(counts)["dbr_excluded"]["n"] == "Children - or adults - mixed, 49"


def test_a_reason_cannot_become_a_spreadsheet_formula():
    counts = replace(FINISHED, excluded_by_reason=(ReasonCount("=1+1", 49),))

    assert read(counts)["dbr_excluded"]["n"] == "1+1, 49"


def test_a_list_without_entries_is_nought():
    counts = replace(FINISHED, excluded_by_reason=(), included_reports=75)

    assert read(counts)["dbr_excluded"]["n"] == "0"


def test_a_running_review_says_what_is_still_open_in_the_tooltip():
    assert read(GOING_ON)["records_screened"]["tooltips"] == (
        "Records screened (databases and registers). Not yet screened: 12. Conflicts to settle: 2"
    )
    assert "Not yet" not in as_csv(FINISHED)

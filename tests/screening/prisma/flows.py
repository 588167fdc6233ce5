"""Flows for the tests: one review that is finished and one that is going on. The numbers are invented."""

from __future__ import annotations

from dataclasses import replace

from screening.prisma.flow import FlowCounts, ReasonCount, SourceCount

FINISHED = FlowCounts(
    identified=(
        SourceCount("PubMed", "database", 400),
        SourceCount("Embase", "database", 1500),
        SourceCount("ClinicalTrials.gov", "register", 100),
    ),
    duplicates_removed=490,
    removed_by_automation=7,
    removed_other=3,
    citations=1500,
    screened=1500,
    awaiting_screening=0,
    title_abstract_conflicts=0,
    excluded_title_abstract=1420,
    sought=80,
    not_retrieved=5,
    awaiting_retrieval=0,
    assessed=75,
    awaiting_full_text=0,
    full_text_conflicts=0,
    excluded_by_reason=(ReasonCount("Wrong population", 30), ReasonCount("Wrong design", 19)),
    included_reports=26,
    included_studies=24,
    reports_in_studies=26,
    reports_without_study=0,
)

GOING_ON = replace(
    FINISHED,
    screened=1486,
    awaiting_screening=12,
    title_abstract_conflicts=2,
    excluded_title_abstract=1406,
    awaiting_retrieval=4,
    assessed=60,
    awaiting_full_text=10,
    full_text_conflicts=1,
    excluded_by_reason=(ReasonCount("Wrong population", 30), ReasonCount("Wrong design", 4)),
)

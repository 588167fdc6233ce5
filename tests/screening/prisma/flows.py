"""Flows for the tests: one review that is finished and one that is going on. The numbers are invented."""

from __future__ import annotations

from dataclasses import replace

from screening.prisma.flow import FlowCounts, Previous, ReasonCount, SourceCount, Stream

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

# The fullest template: an update that also used other methods, and stopped screening by a rule.
UPDATED = replace(
    FINISHED,
    other=Stream(
        identified=(
            SourceCount("WHO", "website", 7),
            SourceCount("Reference lists", "citation_search", 40),
            SourceCount("Authors", "other", 2),
        ),
        duplicates_removed=3,
        removed_by_automation=0,
        removed_other=0,
        citations=46,
        screened=46,
        awaiting_screening=0,
        title_abstract_conflicts=0,
        excluded_title_abstract=32,
        sought=14,
        not_retrieved=2,
        awaiting_retrieval=0,
        assessed=12,
        awaiting_full_text=0,
        full_text_conflicts=0,
        excluded_by_reason=(ReasonCount("Wrong population", 8, "other_"),),
        included_reports=4,
    ),
    previous=Previous(12, 13, 1, 1),
    not_screened=5,
    citations=1495,
    screened=1495,
    excluded_title_abstract=1415,
    reports_in_studies=30,
    total_studies=35,
    total_reports=42,
)
TEMPLATES = {
    "new, databases only": FINISHED,
    "new, other methods": replace(UPDATED, previous=None, total_studies=None, total_reports=None),
    "update, databases only": replace(UPDATED, other=None, reports_in_studies=26, total_reports=38),
    "update, other methods": UPDATED,
}

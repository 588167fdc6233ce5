"""Suggestions for the page of studies: what rows say, handed to `study_linking`, and rows handed back."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewsite.reviews.models import Review

from ..models import Document, Report, SaidApart, Study
from .grouping import suggested_label
from .linking import ReportFacts, facts, may_overlap, suggest


@dataclass(frozen=True)
class GroupSuggestion:
    """Reports that seem to be of one study: to group, or to add to the study that is named."""

    reports: list[Report]
    study: Study | None
    is_strong: bool
    evidence: tuple[str, ...]
    registration: str

    @property
    def label(self) -> str:
        """What a new study would be called: after its earliest report."""
        return suggested_label(
            min(self.reports, key=lambda report: report.citation.representative.year or 9999)
        )


@dataclass(frozen=True)
class OverlapSuggestion:
    first: Study
    second: Study
    evidence: tuple[str, ...]


def facts_of_reports(review: Review) -> tuple[list[ReportFacts], dict[int, Report]]:
    """The facts of every included report, and the reports by their keys."""
    included = (
        Report.objects.filter(review=review).included().select_related("citation__representative", "study")
    )
    reports = {report.pk: report for report in included.prefetch_related("citation__records")}
    in_pdfs: dict[int, list[str]] = {}
    for report, numbers in Document.objects.filter(report__in=reports).values_list("report", "registrations"):
        in_pdfs.setdefault(report, []).extend(numbers)
    return [_facts(report, in_pdfs.get(report.pk, [])) for report in reports.values()], reports


def group_suggestions(
    review: Review, told: tuple[list[ReportFacts], dict[int, Report]]
) -> list[GroupSuggestion]:
    known, reports = told
    apart = _said(review, SaidApart.Question.STUDY)
    numbers = {fact.key: fact.registrations for fact in known}
    return [
        GroupSuggestion(
            reports=[reports[key] for key in found.reports],
            study=_study(reports, found.study),
            is_strong=found.is_strong,
            evidence=found.evidence,
            registration=_shared(numbers, found.reports),
        )
        for found in suggest(known, apart)
    ]


def overlap_suggestions(
    review: Review, told: tuple[list[ReportFacts], dict[int, Report]]
) -> list[OverlapSuggestion]:
    known, reports = told
    study_of = {report.pk: report.study_id for report in reports.values()}
    marked = {frozenset(pair) for pair in review.study_overlaps.values_list("kept", "left_out")}
    pairs = _said(review, SaidApart.Question.PARTICIPANTS)
    said = {frozenset(study_of.get(key) for key in pair) for pair in pairs}
    return [
        OverlapSuggestion(_study(reports, found.first), _study(reports, found.second), found.evidence)
        for found in may_overlap(known, marked | said)
    ]


def _facts(report: Report, in_pdfs: list[str]) -> ReportFacts:
    record = report.citation.representative
    records = report.citation.records.all()
    other = " ".join(f"{each.database_id} {each.keywords} {each.extra} {each.abstract}" for each in records)
    return facts(
        key=report.pk,
        title=record.title,
        abstract=record.abstract,
        authors=max((each.authors for each in records), key=len, default=[]),
        year=record.year,
        other=f"{other} {' '.join(in_pdfs)} {report.study.registration if report.study else ''}",
        names=f"{record.title} {report.study.label if report.study else ''}",
        study=report.study_id,
    )


def _said(review: Review, question: str) -> set[frozenset[int]]:
    pairs = review.said_apart.filter(question=question).values_list("first", "second")
    return {frozenset(pair) for pair in pairs}


def _study(reports: Mapping[int, Report], pk: int | None) -> Study | None:
    return next((report.study for report in reports.values() if pk and report.study_id == pk), None)


def _shared(numbers: Mapping[int, frozenset[str]], keys: tuple[int, ...]) -> str:
    """The registration number that all of them name that name any."""
    named = [numbers[key] for key in keys if numbers[key]]
    return min(frozenset.intersection(*named), default="") if named else ""

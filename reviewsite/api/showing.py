"""Rows as the API gives them. What is blind is kept out by the queries, not here."""

from typing import Any

from analysis.models import AnalysisRun
from analysis.runs import Standing
from extraction.agreeing.consensus import rows_of
from extraction.entering.columns import columns_of
from extraction.models import Arm, ArmResult, Contrast, Extraction
from reviewsite.reviews.models import Membership
from screening.deciding.conflict_desk import Case
from screening.models import Citation, Decision, Record, Report, Study

RECORD_FIELDS = (
    *("id", "position", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid"),
    *("abstract", "keywords", "language", "publication_type", "url"),
)
SHOWN_FIELDS = ("title", "authors", "year", "journal", "doi", "pmid", "abstract")


def review_shown(membership: Membership) -> dict[str, Any]:
    review = membership.review
    told = {name: getattr(review, name) for name in ("slug", "title", "note", "created_at")}
    return {**told, "role": membership.role}


def record_shown(record: Record) -> dict[str, Any]:
    told = {name: getattr(record, name) for name in RECORD_FIELDS}
    run = {"search_run": record.search_run_id, "database": record.search_run.database}
    return {**told, **run, "citation": record.citation_id}


def citation_shown(citation: Citation) -> dict[str, Any]:
    shown = citation.shown
    report = getattr(citation, "report", None)
    return {
        "id": citation.pk,
        "records": sorted(record.pk for record in citation.records.all()),
        **{name: getattr(shown, name) for name in SHOWN_FIELDS},
        "title_abstract": citation.title_abstract_state,
        "full_text": citation.full_text_state,
        "report": report.pk if report else None,
    }


def decision_shown(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "uuid": decision.client_uuid,
        "citation": decision.citation.merged_into_id or decision.citation_id,
        "stage": decision.stage,
        "kind": decision.kind,
        "verdict": decision.verdict,
        "reason": decision.reason.label if decision.reason else "",
        "note": decision.note,
        "decided_at": decision.decided_at,
        "superseded": hasattr(decision, "superseded_by"),
    }


def vote_shown(decision: Decision) -> dict[str, Any]:
    return {**decision_shown(decision), "by": str(decision.reviewer)}


def conflict_shown(case: Case, stage: str) -> dict[str, Any]:
    return {
        "citation": case.citation.pk,
        "stage": stage,
        "about": "reason" if case.is_about_reasons else "verdict",
        "title": case.citation.representative.title,
        "votes": [vote_shown(vote) for vote in case.votes],
    }


def report_shown(report: Report) -> dict[str, Any]:
    told = {name: getattr(report, name) for name in ("id", "retrieval", "is_primary")}
    return {**told, "citation": report.citation_id, "study": report.study_id, "title": str(report)}


def study_shown(study: Study, included: set[int]) -> dict[str, Any]:
    told = {name: getattr(study, name) for name in ("id", "label", "registration", "note")}
    reports = sorted(report.pk for report in study.reports.all())
    return {**told, "reports": reports, "included": study.pk in included}


def extraction_shown(extraction: Extraction) -> dict[str, Any]:
    return {
        "id": extraction.pk,
        "study": extraction.study_id,
        "kind": extraction.kind,
        "by": str(extraction.extractor),
        "form_version": extraction.form_version.number,
        "answers": extraction.answers,
        "arms": [_arm(arm) for arm in extraction.arms.all()],
        "results": [_result(row) for row in rows_of(extraction)],
        "submitted_at": extraction.submitted_at,
        "standing": not hasattr(extraction, "superseded_by"),
    }


def _arm(arm: Arm) -> dict[str, Any]:
    return {name: getattr(arm, name) for name in ("id", "label", "role", "n")}


def _result(row: ArmResult | Contrast) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns_of(row)}
    is_contrast = isinstance(row, Contrast)
    return {
        "arm": row.arm_id,
        "comparator": row.comparator_id if is_contrast else None,
        "outcome": row.outcome_id,
        "time_point": row.time_point_id,
        "measure": row.measure if is_contrast else "",
        "subgroup": row.subgroup,
        "population": row.population,
        "values": {name: value for name, value in values.items() if value is not None},
    }


def analysis_shown(now: Standing) -> dict[str, Any]:
    return {
        "id": now.spec.pk,
        "title": now.spec.title,
        "outcome": now.spec.outcome.name,
        "time_point": str(now.spec.time_point or ""),
        "plan": now.spec.plan.as_stored,
        "latest_run": now.run.pk if now.run else None,
        "is_stale": now.is_stale,
    }


def run_shown(run: AnalysisRun) -> dict[str, Any]:
    result = run.result or {}
    return {
        "id": run.pk,
        "analysis": run.spec_id,
        "run_at": run.run_at,
        "sha256": run.snapshot.sha256,
        **{name: result.get(name) for name in ("estimate", "ci_low", "ci_high")},
        **{name: getattr(run, name) for name in ("refusal", "plan", "result", "versions")},
    }

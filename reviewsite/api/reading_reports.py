"""What a review reports and what it rests on, as the pages show it to the same person."""

from dataclasses import asdict
from datetime import UTC
from typing import Any, Literal

from django.db.models import Count
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from analysis.certainty.evidence import lines
from analysis.certainty.findings import findings
from analysis.models import DatasetSnapshot
from reviewsite.reporting.checklist_fill import filled
from reviewsite.reporting.checklists import LISTS, TITLES
from reviewsite.reporting.kit import anchors_of
from reviewsite.reporting.versions import changes_since, is_untouched
from reviewsite.reviews.models import AuditEntry
from reviewsite.trail.visibility import entries_for
from reviewsite.web.english import in_english
from screening.models import ReviewVersion, SearchRun

from . import schemas as s
from . import schemas_reports as r
from .door import member
from .pages import Cursor, Limit, Page, list_page_of, page_of
from .router import router

Checklist = Literal["prisma-2020", "prisma-2020-abstract", "prisma-s"]
assert set(LISTS) == set(Checklist.__args__)  # type: ignore[attr-defined]
PROTOCOL = tuple(r.ProtocolOut.model_fields)
SEARCH = tuple(each for each in r.SearchOut.model_fields if each not in {"records", "saved_search"})
VERSION = ("number", "name", "note", "sha256", "frozen_at")


@router.get("/reviews/{slug}/protocol", response=r.ProtocolOut, tags=["Reviews"])
def protocol(request: HttpRequest, slug: s.Slug) -> dict[str, Any]:
    """The question, the criteria, and how many people decide."""
    told = member(request, slug).review.protocol
    return {name: getattr(told, name) for name in PROTOCOL}


@router.get("/reviews/{slug}/members", response=Page[r.MemberOut], tags=["Reviews"])
def members(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """Who works on the review now, and in which role."""
    rows = member(request, slug).review.memberships.current().select_related("user")
    return page_of(
        rows,
        lambda row: {"name": str(row.user), "role": row.role, "settles_conflicts": row.is_adjudicator},
        cursor=cursor,
        limit=limit,
    )


@router.get("/reviews/{slug}/searches", response=Page[r.SearchOut], tags=["Searches"])
def searches(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """Every search with its query as it was run, and how many records it brought."""
    rows = member(request, slug).review.search_runs.annotate(n=Count("records")).defer("problems")

    def shown(run: SearchRun) -> dict[str, Any]:
        told = {name: getattr(run, name) for name in SEARCH}
        return {**told, "records": run.n if run.imported_at else 0, "saved_search": run.saved_search_id}

    return page_of(rows, shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/saved-searches", response=Page[r.SavedSearchOut], tags=["Searches"])
def saved_searches(
    request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100
) -> dict[str, Any]:
    """The searches that are run again, and what the last look found."""
    names = tuple(r.SavedSearchOut.model_fields)
    rows = member(request, slug).review.saved_searches.all()
    return page_of(rows, lambda row: {name: getattr(row, name) for name in names}, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/documents", response=Page[r.DocumentOut], tags=["Studies"])
def documents(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The PDFs of reports: what each is of, and the hash of its content."""

    def shown(row: Any) -> dict[str, Any]:
        told = {name: getattr(row, name) for name in ("id", "file_name", "size", "state")}
        return {**told, "report": row.report_id, "sha256": row.file_sha256, "pages": row.page_count}

    return page_of(member(request, slug).review.documents.all(), shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/datasets", response=Page[r.DatasetOut], tags=["Data"])
def datasets(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 20) -> dict[str, Any]:
    """The rows behind each run, as they were frozen, with their hash."""
    names = tuple(r.DatasetOut.model_fields)
    rows = DatasetSnapshot.objects.filter(review=member(request, slug).review)
    return page_of(rows, lambda row: {name: getattr(row, name) for name in names}, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/certainty", response=Page[r.CertaintyOut], tags=["Reporting"])
@in_english()
def certainty(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The summary of findings, an outcome a line."""
    found = findings(lines(member(request, slug).review))
    return list_page_of(found, lambda row: row.line.profile.pk, _certainty, cursor=cursor, limit=limit)


def _certainty(row: Any) -> dict[str, Any]:
    return {
        "id": row.line.profile.pk,
        "analysis": row.line.profile.spec_id,
        "run": row.line.run.pk if row.line.run else None,
        "outcome": row.outcome,
        "importance": row.importance,
        "participants": row.people,
        "certainty": row.certainty,
        "relative": row.relative,
        "absolute": [
            {
                "baseline": each.label,
                "without": each.without,
                "with_it": each.with_it,
                "difference": each.difference,
            }
            for each in row.absolute
        ],
        "reasons": [reason for _, reason in row.notes],
        "comment": row.comment,
        "is_stale": row.line.is_stale,
    }


@router.get("/reviews/{slug}/checklists/{name}", response=r.ChecklistOut, tags=["Reporting"])
@in_english()
def checklist(request: HttpRequest, slug: s.Slug, name: Checklist) -> dict[str, Any]:
    """A reporting checklist as far as rows and notes fill it."""
    review = member(request, slug).review
    items = [
        {
            **{word: getattr(each.item, word) for word in ("number", "topic", "asks", "todo")},
            **{word: getattr(each, word) for word in ("section", "answer", "note")},
            "done": each.is_done,
        }
        for each in filled(review, name, anchors_of(review))
    ]
    return {"name": name, "title": TITLES[name], "items": items}


@router.get("/reviews/{slug}/versions", response=Page[r.VersionOut], tags=["Reporting"])
def versions(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The versions that were frozen when the review was submitted or published."""
    rows = member(request, slug).review.versions.select_related("frozen_by").defer("content")
    return page_of(rows, _version, cursor=cursor, limit=limit)


def _version(row: ReviewVersion) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in VERSION}, "frozen_by": str(row.frozen_by)}


@router.get("/reviews/{slug}/versions/{number}", response=r.VersionContentOut, tags=["Reporting"])
def version(request: HttpRequest, slug: s.Slug, number: s.Small) -> dict[str, Any]:
    """One version with all that it keeps."""
    row = _numbered(request, slug, number)
    return {**_version(row), "untouched": is_untouched(row), "content": row.content}


@router.get("/reviews/{slug}/versions/{number}/changes", response=r.ChangesOut, tags=["Reporting"])
@in_english()
def changes(
    request: HttpRequest, slug: s.Slug, number: s.Small, until: s.Small | None = None
) -> dict[str, Any]:
    """What changed since a version: up to another one, or to the review as it is now."""
    since = _numbered(request, slug, number)
    told = changes_since(since, _numbered(request, slug, until) if until else None)
    return {**asdict(told), "since": number, "until": until}


def _numbered(request: HttpRequest, slug: str, number: int) -> ReviewVersion:
    rows = member(request, slug).review.versions.select_related("frozen_by", "review__protocol")
    return get_object_or_404(rows, number=number)


@router.get("/reviews/{slug}/log", response=Page[r.EntryOut], tags=["Reporting"])
def log(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The audit log from its beginning, without what is blind to you."""
    rows = entries_for(member(request, slug).review, request.user).select_related("actor")
    return page_of(rows, _entry, cursor=cursor, limit=limit)


def _entry(row: AuditEntry) -> dict[str, Any]:
    names = ("number", "who", "act", "blind_kind", "salt", "previous", "sha256")
    # JSON's own times end with the milliseconds, and the hash is of the microseconds.
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = {name: getattr(row, name) for name in names}
    return {**told, "at": at, "email": row.actor_email, "details": row.told}

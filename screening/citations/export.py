"""Citations as files, with what their reader may know of decisions, reasons, labels and notes.

The blinding rule is that of the pages: a colleague's decision is told once the citation has its conclusion at
that stage, one's own always. Citations are read in batches, so that a long list takes little memory and few
queries.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from reviewsite.reviews.models import Stage

from ..deciding.conclusions import Conclusion
from ..exporters import WRITERS, write_csv, write_xlsx
from ..importers import RawRecord
from ..models import Citation, Decision
from ..rounds.participation import LIVE_CITATION
from ..searches.intake import as_raw_record
from .labels import labels_on

BATCH = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STAGES = {Stage.TITLE_ABSTRACT: "Title and abstract", Stage.FULL_TEXT: "Full text"}
COLUMNS = (
    "Citation",
    *(f"{name}{what}" for name in STAGES.values() for what in ("", " decisions", " reason", " notes")),
    "Labels",
    "Study",
    "Databases",
)


def citation_file(
    found: QuerySet[Citation], viewer: Any, format: str, *, with_decisions: bool
) -> tuple[str, str | bytes]:
    """Media type and content of a file of citations in a format: ris, nbib, bib, csv or xlsx."""
    records = _told(found, viewer) if with_decisions else _plain(found)
    further = COLUMNS if with_decisions else ()
    if format == "xlsx":
        return XLSX, write_xlsx(records, further)
    media_type, write = WRITERS[format]
    if format == "csv":
        return media_type, write_csv(records, further)
    return media_type, write(records)


def _plain(found: QuerySet[Citation]) -> Iterator[RawRecord]:
    for citation in found.with_records().iterator(chunk_size=BATCH):
        yield as_raw_record(citation.shown)


def _told(found: QuerySet[Citation], viewer: Any) -> Iterator[RawRecord]:
    batch: list[Citation] = []
    rows = found.with_records().select_related("report__study")
    for citation in rows.iterator(chunk_size=BATCH):
        batch.append(citation)
        if len(batch) == BATCH:
            yield from _of_batch(batch, viewer)
            batch = []
    yield from _of_batch(batch, viewer)


def _of_batch(citations: Sequence[Citation], viewer: Any) -> Iterator[RawRecord]:
    if not citations:
        return
    votes, labels = _visible_votes(citations, viewer), labels_on(citations, viewer)
    for citation in citations:
        said = _said(citation, votes, [label.name for label in labels.get(citation.pk, [])])
        remarks = [f"{name}: {text}" for name, text in said.items() if text and name in REMARKED]
        extra = {**{name: [text] for name, text in said.items() if text}, "remark": remarks}
        yield as_raw_record(citation.shown)._replace(extra=extra)


# Formats without columns of their own say these as notes.
REMARKED = frozenset(COLUMNS) - {"Citation", "Databases"}
Votes = Mapping[tuple[int, str], list[Decision]]


def _visible_votes(citations: Sequence[Citation], viewer: Any) -> Votes:
    """By citation and stage the standing decisions that this person may read."""
    state = {citation.pk: citation for citation in citations}
    rows = (
        Decision.objects.filter(review=citations[0].review_id)
        .standing()
        .annotate(live=LIVE_CITATION)
        .filter(live__in=list(state))
        .select_related("reviewer", "reason")
        .order_by("decided_at", "pk")
    )
    found: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for decision in rows:
        is_blind = state[decision.live].state_at(decision.stage) is Conclusion.UNDECIDED
        if not is_blind or decision.reviewer_id == viewer.pk:
            found[decision.live, decision.stage].append(decision)
    return found


def _said(citation: Citation, votes: Votes, labels: Sequence[str]) -> dict[str, str]:
    said = {"Citation": str(citation.pk)}
    report = getattr(citation, "report", None)
    for stage, name in STAGES.items():
        if stage == Stage.FULL_TEXT and (report is None or report.retrieval != "obtained"):
            continue
        given = votes.get((citation.pk, stage), [])
        said[name] = str(citation.state_at(stage).value)
        said[f"{name} decisions"] = "; ".join(_vote(decision) for decision in given)
        said[f"{name} reason"] = _reason(given) if said[name] == Conclusion.EXCLUDED else ""
        said[f"{name} notes"] = "; ".join(
            f"{d.reviewer}: {' '.join(d.note.split())}" for d in given if d.note
        )
    said["Labels"] = "; ".join(labels)
    said["Study"] = str(report.study) if report is not None and report.study else ""
    said["Databases"] = "; ".join(sorted({record.search_run.database for record in citation.records.all()}))
    return said


def _vote(decision: Decision) -> str:
    kind = " (adjudication)" if decision.is_adjudication else ""
    because = f", {decision.reason.label}" if decision.reason else ""
    return f"{decision.reviewer}{kind}: {decision.verdict}{because}"


def _reason(given: Sequence[Decision]) -> str:
    """The reason that counts: the adjudicator's, else that of the first vote to exclude."""
    excluding = [decision for decision in given if decision.verdict == "exclude" and decision.reason]
    excluding.sort(key=lambda decision: not decision.is_adjudication)
    return excluding[0].reason.label if excluding else ""

"""What may be written: decisions and one's own extractions, through the rules that the pages call."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from extraction.entering.addresses import RowAddress, row_at
from extraction.entering.cells import CellChange, save_cells
from extraction.entering.columns import columns_of, text_of
from extraction.entering.entry import start_extraction, submit
from extraction.models import ArmResult, Extraction
from reviewsite.reviews.models import ExclusionReason, Review, Role
from screening.deciding.decisions import record_decision, withdraw
from screening.models import Decision
from screening.prisma.counts import included_studies
from screening.room.queue import take

from . import schemas as s
from . import showing
from .door import writer
from .errors import Refused
from .router import router


@router.post("/reviews/{slug}/queue", response=list[s.CitationOut], tags=["Screening"])
def next_citations(request: HttpRequest, slug: s.Slug, wanted: s.TakeIn) -> list[dict[str, Any]]:
    """Your next open citations. They are yours for half an hour, as those before you on the page."""
    review = writer(request, slug, Role.REVIEWER).review
    return [showing.citation_shown(each) for each in take(review, request.user, wanted.stage, wanted.count)]


@router.post("/reviews/{slug}/decisions", response=s.DecisionOut, tags=["Screening"])
def decide(request: HttpRequest, slug: s.Slug, vote: s.DecisionIn) -> dict[str, Any]:
    """Your vote on a citation. What stands against it is said with status 409."""
    review = writer(request, slug, Role.REVIEWER).review
    mine = Decision.objects.filter(review=review, reviewer=request.user)
    decision = record_decision(
        citation=get_object_or_404(review.citations.all(), pk=vote.citation),
        stage=vote.stage,
        reviewer=request.user,
        verdict=vote.verdict,
        reason=_reason(review, vote),
        note=vote.note,
        client_uuid=vote.uuid,
        replaces=get_object_or_404(mine, pk=vote.replaces) if vote.replaces else None,
    )
    return showing.decision_shown(_fresh(decision))


def _reason(review: Review, vote: s.DecisionIn) -> ExclusionReason | None:
    if vote.reason is None:
        return None
    reason = ExclusionReason.objects.filter(review=review).offered(vote.stage).filter(pk=vote.reason).first()
    if reason is None or vote.verdict != "exclude":
        raise Refused(422, "That reason does not belong to an exclusion at this stage.")
    return reason


@router.post("/reviews/{slug}/decisions/{decision}/withdraw", response=s.DecisionOut, tags=["Screening"])
def take_back(request: HttpRequest, slug: s.Slug, decision: s.Key) -> dict[str, Any]:
    """Take your decision back: a new row, so that the earlier word stays readable."""
    review = writer(request, slug, Role.REVIEWER).review
    mine = Decision.objects.filter(review=review, reviewer=request.user)
    withdrawn = withdraw(decision=get_object_or_404(mine, pk=decision), by=request.user)
    return showing.decision_shown(_fresh(withdrawn))


def _fresh(decision: Decision) -> Decision:
    return Decision.objects.select_related("citation", "reason", "superseded_by").get(pk=decision.pk)


@router.post("/reviews/{slug}/extractions", response=s.ExtractionOut, tags=["Extraction"])
def begin(request: HttpRequest, slug: s.Slug, wanted: s.StartIn) -> dict[str, Any]:
    """Your own extraction of a study: the one that you began, or a new one."""
    review = writer(request, slug, Role.REVIEWER, Role.EXTRACTOR).review
    study = get_object_or_404(included_studies(review), pk=wanted.study)
    if Extraction.objects.agreed().filter(study=study).exists():
        raise Refused(409, f"{study} is agreed already; what is agreed is corrected on its page.")
    return showing.extraction_shown(start_extraction(study=study, extractor=request.user))


@router.post("/reviews/{slug}/extractions/{extraction}/answers", response=s.Saved, tags=["Extraction"])
def answer(request: HttpRequest, slug: s.Slug, extraction: s.Key, given: s.AnswersIn) -> dict[str, Any]:
    """Answers to questions of the form, by their keys. Each is stored or refused on its own."""
    own = _own(request, slug, extraction)
    unknown = [key for key in given.answers if own.form_version.form.named(key) is None]
    if unknown:
        raise Refused(422, f"The form has no question {unknown[0]!r}.")
    changes = [
        CellChange(f"answer/{key}", own.answers.get(key, {}).get(part), getattr(said, part), part)
        for key, said in given.answers.items()
        for part in said.model_fields_set
    ]
    return _saved(own, request.user, changes)


@router.post("/reviews/{slug}/extractions/{extraction}/results", response=s.Saved, tags=["Extraction"])
def result(request: HttpRequest, slug: s.Slug, extraction: s.Key, given: s.ResultIn) -> dict[str, Any]:
    """Numbers of one arm, outcome and time point. Each is stored or refused on its own."""
    own = _own(request, slug, extraction)
    place = (given.arm, given.outcome, given.time_point or "", given.scores, given.subgroup, given.population)
    address = RowAddress("result", tuple(str(part) for part in place))
    row = row_at(own, address)
    return _saved(own, request.user, _changes(row, address, given.values))


def _changes(row: ArmResult, address: RowAddress, values: Mapping[str, float | None]) -> list[CellChange]:
    if unknown := [name for name in values if name not in columns_of(row)]:
        raise Refused(422, f"A result has no column {unknown[0]!r}.")
    # Partners first: events are refused as long as their number of participants is not there.
    order = sorted(values, key=lambda name: name != "n")
    return [
        CellChange(address.cell(name), text_of(getattr(row, name)), text_of(values[name])) for name in order
    ]


@router.post("/reviews/{slug}/extractions/{extraction}/submit", response=s.ExtractionOut, tags=["Extraction"])
def close(request: HttpRequest, slug: s.Slug, extraction: s.Key) -> dict[str, Any]:
    """Submit your extraction; what is still missing is said with status 409."""
    own = _own(request, slug, extraction)
    submit(extraction=own, by=request.user)
    return showing.extraction_shown(Extraction.objects.get(pk=own.pk))


def _own(request: HttpRequest, slug: str, key: int) -> Extraction:
    review = writer(request, slug, Role.REVIEWER, Role.EXTRACTOR).review
    mine = Extraction.objects.filter(review=review, extractor=request.user).independent().current()
    return get_object_or_404(mine.select_related("form_version", "review", "study"), pk=key)


def _saved(extraction: Extraction, by: Any, changes: Sequence[CellChange]) -> dict[str, Any]:
    saved = save_cells(extraction=extraction, by=by, changes=changes)
    return {
        "cells": [
            {
                "cell": each.cell if each.part == "value" else f"{each.cell}:{each.part}",
                "state": each.state,
                "value": each.value,
                "message": each.message,
            }
            for each in saved.results
        ]
    }

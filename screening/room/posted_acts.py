"""What the screening page posts in the background: acts in the order they were done, each with its own UUID.

An act may arrive twice, late, or long after its page was closed. Each goes through its rule in a transaction
of its own, and posting it again gives the answer it gave the first time.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from reviewsite.reviews.models import Review
from reviewsite.web.keys import key_in

from ..citations.labels import LabelRefused, make_label, put_on, take_off
from ..deciding.decisions import DecisionRefused, record_decision, withdraw
from ..deciding.forms import DecisionForm
from ..models import Citation, Decision
from .skips_and_keys import skip, unskip

MOST_AT_ONCE = 50


class Unreadable(Exception):
    """The body is not what the page sends; the text says what is wrong."""


@dataclass(frozen=True)
class Posted:
    """One body: who did the acts, and the acts in their order."""

    reviewer: int
    acts: list[Mapping[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What became of an act: `stored`, or `refused` with a sentence for the person."""

    uuid: str
    outcome: str
    sentence: str = ""


def read_body(body: bytes) -> Posted:
    try:
        told = json.loads(body)
        posted = Posted(int(told["reviewer"]), list(told["acts"]))
        for act in posted.acts:
            uuid.UUID(act["uuid"])
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise Unreadable(gettext("The page posted something that is no list of acts.")) from error
    if len(posted.acts) > MOST_AT_ONCE:
        raise Unreadable(gettext("At most {n} acts at once.").format(n=MOST_AT_ONCE))
    return posted


def perform(review: Review, stage: str, reviewer, act: Mapping[str, Any]) -> Answer:
    """Do one act; a refusal is an answer, not an error, so that the acts after it are still done."""
    doing = KINDS.get(str(act.get("kind", "")))
    try:
        if doing is None:
            raise DecisionRefused(gettext("This page is older than the site; reload it."))
        doing(review, stage, reviewer, act)
    except DecisionRefused as refusal:
        return Answer(act["uuid"], "refused", str(refusal))
    return Answer(act["uuid"], "stored")


def _decide(review: Review, stage: str, reviewer, act: Mapping[str, Any]) -> None:
    citation = _citation(review, act)
    form = DecisionForm(review, stage, {**act, "client_uuid": act["uuid"]})
    if not form.is_valid():
        raise DecisionRefused(" ".join(error for errors in form.errors.values() for error in errors))
    record_decision(citation=citation, stage=stage, reviewer=reviewer, **form.cleaned_data)


def _undo(review: Review, stage: str, reviewer, act: Mapping[str, Any]) -> None:
    """Take back the decision that was made under the UUID `of`."""
    try:
        mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).screening()
        decision = mine.get(client_uuid=uuid.UUID(str(act.get("of"))))
    except (ValueError, Decision.DoesNotExist):
        raise DecisionRefused(
            gettext("That decision had not been stored; there was nothing to take back.")
        ) from None
    withdraw(decision=decision, by=reviewer, client_uuid=uuid.UUID(act["uuid"]))


def _skip(review: Review, stage: str, reviewer, act: Mapping[str, Any]) -> None:
    note = _text(act, "note")[:5000]
    skip(citation=_citation(review, act), stage=stage, reviewer=reviewer, note=note)


def _unskip(review: Review, stage: str, reviewer, act: Mapping[str, Any]) -> None:
    unskip(citation=_citation(review, act), stage=stage, reviewer=reviewer)


def _citation(review: Review, act: Mapping[str, Any]) -> Citation:
    number = key_in(act.get("citation", ""))
    citation = review.citations.select_related("merged_into").filter(pk=number).first()
    if citation is None:
        raise DecisionRefused(gettext("That citation is not in this review any more."))
    return citation


def _label(review: Review, stage: str, reviewer, act: Mapping[str, Any]) -> None:
    citation = _citation(review, act)
    try:
        label = make_label(review=review, name=_text(act, "name"), by=reviewer)
    except LabelRefused as refusal:
        raise DecisionRefused(str(refusal)) from refusal
    change = put_on if act.get("on") else take_off
    change(label=label, citation=citation, by=reviewer)


def _text(act: Mapping[str, Any], name: str) -> str:
    """What an act says, without the one character that no database keeps."""
    return str(act.get(name, "")).replace("\x00", "")


KINDS: dict[str, Callable[[Review, str, Any, Mapping[str, Any]], None]] = {
    "decide": _decide,
    "undo": _undo,
    "skip": _skip,
    "unskip": _unskip,
    "label": _label,
}

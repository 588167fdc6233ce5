"""The rules by which two extractions become the agreed one, and by which an agreed one is corrected.

An agreed extraction has typed rows of its own and names the two it came from. It is never edited: a
correction is a new version that supersedes it and says why.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act
from reviewsite.web.english import in_english
from screening.models import Study

from ..entering.columns import columns_of
from ..models import Arm, ArmResult, Contrast, Extraction, FormVersion
from ..schema import Item, WrongAnswer, compare_items
from ..wording import in_words

# What is said of a row besides its numbers.
SAID_FIELDS = ("analysis_set", "provenance", "derivation")
ARM_FIELDS = ("role", "n")


RowsOf = dict[int, list[ArmResult | Contrast]]


class ConsensusRefused(Exception):
    """The two cannot be agreed, or the correction not made, as asked; a sentence for the person."""


@dataclass(frozen=True)
class Choice:
    """What the agreed extraction takes for an item: the left or right one's, none, or cell by cell.

    With side NEW the cells in `values` are new, those in `sides` are the left or right one's, and all others
    are the left one's.
    """

    side: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)


LEFT, RIGHT, NEW, NEITHER = "left", "right", "new", "neither"


def pair_of(study: Study) -> tuple[Extraction, Extraction] | None:
    """The two submitted extractions of a study, the earlier first; None while one is missing."""
    submitted = Extraction.objects.filter(study=study).current().independent().submitted()
    two = list(submitted.select_related("extractor", "form_version").order_by("submitted_at", "pk")[:2])
    return (two[0], two[1]) if len(two) == 2 else None


def blind_pairs(review: Review) -> list[tuple[Extraction, Extraction]]:
    """Every study's two submitted extractions, as `pair_of` gives them; by the study's name.

    A verified one was not made blind and does not count.
    """
    submitted = Extraction.objects.filter(review=review).current().independent().submitted()
    found: dict[int, list[Extraction]] = defaultdict(list)
    related = ("study", "extractor", "form_version")
    for each in submitted.select_related(*related).prefetch_related("arms").order_by("submitted_at", "pk"):
        found[each.study_id].append(each)
    pairs = [(two[0], two[1]) for two in found.values() if len(two) > 1]
    blind = [pair for pair in pairs if not any(each.verifies_id for each in pair)]
    return sorted(blind, key=lambda pair: (pair[0].study.label, pair[0].study_id))


def compare(left: Extraction, right: Extraction, rows: RowsOf | None = None) -> list[Item]:
    """Answers, arms and result rows of both, aligned by what they are about. rows: where they are read."""
    rows = rows or rows_by_extraction([left, right])
    return compare_items(items_of(left, rows[left.pk]), items_of(right, rows[right.pk]))


def items_of(
    extraction: Extraction, rows: Sequence[ArmResult | Contrast] | None = None
) -> dict[tuple[str, ...], tuple[str, dict[str, object]]]:
    """Everything in an extraction: key to (label, values)."""
    form = extraction.form_version.form
    items: dict[tuple[str, ...], tuple[str, dict[str, object]]] = {}
    for each in form.fields:
        items["answer", each.key] = (each.label, {"value": extraction.answers.get(each.key, {}).get("value")})
    for arm in extraction.arms.all():
        items["arm", arm.label.casefold()] = (
            gettext("Arm: %(arm)s") % {"arm": arm.label},
            _values(arm, ARM_FIELDS),
        )
    for row in rows_of(extraction) if rows is None else rows:
        items[row.identity] = (row.description, _values(row, _fields(row)))
    return items


def rows_of(extraction: Extraction) -> list[ArmResult | Contrast]:
    """The typed result rows of an extraction, in their order."""
    return rows_by_extraction([extraction])[extraction.pk]


def rows_by_extraction(extractions: Iterable[Extraction]) -> RowsOf:
    """The typed result rows of each extraction, in their order; two queries for any number."""
    wanted = [each.pk for each in extractions]
    results = ArmResult.objects.filter(arm__extraction__in=wanted)
    contrasts = Contrast.objects.filter(arm__extraction__in=wanted).select_related("comparator")
    related = ("arm", "outcome", "time_point")
    found: RowsOf = {pk: [] for pk in wanted}
    for row in [*results.select_related(*related), *contrasts.select_related(*related)]:
        found[row.arm.extraction_id].append(row)
    return found


@transaction.atomic
def agree(*, study: Study, settled_by, choices: Mapping[tuple[str, ...], Choice]) -> Extraction:
    """The agreed extraction of a study from its two submitted ones.

    choices: for each item that differs, what to take. Equal items are taken without asking.
    Raises ConsensusRefused when an item that differs has no choice, or the study is agreed already.
    """
    pair = pair_of(study)
    if pair is None:
        raise ConsensusRefused(gettext("Both people have to submit before their extractions can be agreed."))
    left, right = pair
    with in_english():  # Their names are kept in the audit log.
        items = compare(left, right)
    open_items = [item.label for item in items if not item.is_equal and item.key not in choices]
    if open_items:
        raise ConsensusRefused(gettext("Choose a side for: %(items)s.") % {"items": "; ".join(open_items)})
    taken = {item.key: Choice(LEFT) if item.is_equal else choices[item.key] for item in items}
    try:
        with transaction.atomic():
            agreed = Extraction.objects.create(
                review_id=study.review_id,
                study=study,
                form_version=max(left.form_version, right.form_version, key=lambda version: version.number),
                kind=Extraction.Kind.AGREED,
                extractor=settled_by,
                answers=_agreed_answers(left, right, taken),
                left=left,
                right=right,
                submitted_at=timezone.now(),
            )
    except IntegrityError:
        raise ConsensusRefused(
            gettext("%(study)s was agreed a moment ago; correct the agreed version instead.")
            % {"study": study}
        ) from None
    _copy_agreed_rows(agreed, left, right, taken)
    record_act(
        study.review_id,
        settled_by,
        "extraction agreed",
        study=study.label,
        study_pk=study.pk,
        differed=[item.label for item in items if not item.is_equal],
    )
    return agreed


@transaction.atomic
def correct(
    *,
    agreed: Extraction,
    by,
    reason: str,
    rows: Mapping[int, Mapping[str, Any]] | None = None,
    contrasts: Mapping[int, Mapping[str, Any]] | None = None,
    answers: Mapping[str, Any] | None = None,
    form_version: FormVersion | None = None,
) -> Extraction:
    """A new agreed version in which some numbers or answers are others, with the reason.

    rows, contrasts: primary key of a row of the agreed version to its changed values.
    answers: question to its answer, or to {value, page, quote}. form_version: a newer one that asks more.
    """
    if not reason.strip():
        raise ConsensusRefused(gettext("Say why the number is corrected: analyses show the reason."))
    changed_answers = {
        key: said if isinstance(said, dict) else {**agreed.answers.get(key, {}), "value": said}
        for key, said in (answers or {}).items()
    }
    try:
        with transaction.atomic():
            version = Extraction.objects.create(
                review_id=agreed.review_id,
                study_id=agreed.study_id,
                form_version=form_version or agreed.form_version,
                kind=Extraction.Kind.AGREED,
                extractor=by,
                answers={**agreed.answers, **changed_answers},
                left=agreed.left,
                right=agreed.right,
                supersedes=agreed,
                change_reason=reason.strip(),
                submitted_at=timezone.now(),
            )
    except IntegrityError:
        raise ConsensusRefused(
            gettext("Somebody corrected this a moment ago; look at the newest version first.")
        ) from None
    copy_rows(agreed, version, rows, contrasts)
    cells = [
        {name: str(value) for name, value in changed.items()}
        for changed in [*(rows or {}).values(), *(contrasts or {}).values()]
    ]
    study = agreed.study
    told = {"reason": version.change_reason, "cells": cells, "answers": changed_answers}
    record_act(agreed.review_id, by, "agreed data corrected", study=study.label, study_pk=study.pk, **told)
    return version


def copy_rows(
    source: Extraction,
    target: Extraction,
    results: Mapping[int, Mapping[str, Any]] | None = None,
    contrasts: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Arms and rows of one extraction into another; by primary key of a row, its other values."""
    arms = {arm.pk: _copy(arm, extraction=target) for arm in source.arms.all()}
    for row in rows_of(source):
        changed = (results if isinstance(row, ArmResult) else contrasts) or {}
        _copy(row, **_new_arms(row, lambda arm: arms[arm.pk]), **changed.get(row.pk, {}))


def _agreed_answers(
    left: Extraction, right: Extraction, taken: Mapping[tuple[str, ...], Choice]
) -> dict[str, object]:
    answers = {}
    for key, choice in taken.items():
        if key[0] != "answer":
            continue
        source = right if choice.side == RIGHT else left
        answer = dict(source.answers.get(key[1], {}))
        if choice.side == NEW:
            # The new answer stands nowhere in the reports that either quoted.
            answer = {"value": _new_answer(left, right, key[1], choice.values["value"])}
        if choice.side != NEITHER and answer.get("value") not in (None, ""):
            answers[key[1]] = answer
    return answers


def _copy_agreed_rows(
    agreed: Extraction, left: Extraction, right: Extraction, taken: Mapping[tuple[str, ...], Choice]
) -> None:
    sides = {LEFT: left, RIGHT: right}
    sources: dict[str, dict[tuple[str, ...], Any]] = {
        side: {
            **{("arm", arm.label.casefold()): arm for arm in extraction.arms.all()},
            **{row.identity: row for row in rows_of(extraction)},
        }
        for side, extraction in sides.items()
    }
    arms: dict[str, Arm] = {}

    def arm_of(arm: Arm) -> Arm:
        # A row whose arm was not taken brings its arm along: a result cannot stand without one.
        name = arm.label.casefold()
        if name not in arms:
            arms[name] = _copy(arm, extraction=agreed)
        return arms[name]

    for key in sorted((key for key in taken if key[0] != "answer"), key=lambda key: key[0] != "arm"):
        choice = taken[key]
        if choice.side == NEITHER:
            continue
        source = sources[choice.side].get(key) if choice.side in sources else None
        if choice.side == NEW:
            source = sources[LEFT].get(key) or sources[RIGHT][key]
        if source is None:
            continue
        changes = dict(choice.values)
        if choice.side == NEW:
            changes |= _mixed(source, sources[RIGHT].get(key), choice)
        if key[0] == "arm":
            arms[key[1]] = _copy(source, extraction=agreed, **changes)
        else:
            _copy(source, **_new_arms(source, arm_of), **changes)


def _mixed(left: Any, right: Any, choice: Choice) -> dict[str, Any]:
    """The right one's cells that were chosen, each with its page, quote and derivation."""
    cells = {name: said for name, said in left.cells.items() if name not in choice.values}
    taken: dict[str, Any] = {}
    for name, side in choice.sides.items():
        if side != RIGHT or right is None:
            continue
        taken[name] = getattr(right, name)
        cells.pop(name, None)
        if name in right.cells:
            cells[name] = right.cells[name]
    return {**taken, "cells": cells}


def _new_answer(left: Extraction, right: Extraction, key: str, value: object) -> object:
    """A third answer, checked as one typed by an extractor is."""
    question = right.form_version.form.named(key) or left.form_version.form.named(key)
    try:
        return question.checked(value) if question else value
    except WrongAnswer as wrong:
        raise ConsensusRefused(f"{question.label}: {in_words(wrong)}") from None


def _new_arms(row: ArmResult | Contrast, arm_of) -> dict[str, Arm]:
    arms = {"arm": arm_of(row.arm)}
    if isinstance(row, Contrast):
        arms["comparator"] = arm_of(row.comparator)
    return arms


def _copy(row: Any, **changes: Any) -> Any:
    """A new row like this one but for the changes, checked as any row typed by hand is."""
    values = {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if not f.primary_key}
    copy = type(row)(**{**values, **changes})
    copy.full_clean()
    copy.save()
    return copy


def _values(row: Any, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _fields(row: ArmResult | Contrast) -> Sequence[str]:
    return (*columns_of(row), *SAID_FIELDS)

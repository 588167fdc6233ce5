"""The rules of shared labels: make, retire, put on, take off, read from a file; the only writer of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Blind, Review, Stage, record_act

from ..exporters import unquoted
from ..models import Citation, Label, Labelling, Record
from ..rounds.participation import LIVE_CITATION

# How a row of a labels file may name its citation, in the order they are tried.
NAMED_BY = ("citation", "pmid", "doi", "title")


class LabelRefused(Exception):
    """The label cannot be stored as asked; the text is a sentence for the person."""


@transaction.atomic
def make_label(*, review: Review, name: str, by) -> Label:
    """The review's label of this name, whatever its case; made when there is none, or offered again."""
    label, act = _offered(review, name, by)
    if act:
        record_act(review, by, act, label=label.name)
    return label


def _offered(review: Review, name: str, by) -> tuple[Label, str]:
    """The label, and what was done so that it is offered; empty when it was already."""
    name = " ".join(name.split())
    if not name:
        raise LabelRefused(gettext("Give the label a name."))
    if len(name) > 60:
        raise LabelRefused(gettext("A label has at most 60 characters."))
    label = Label.objects.filter(review=review, name__iexact=name).first()
    if label is None:
        try:
            with transaction.atomic():
                return Label.objects.create(review=review, name=name, created_by=by), "label made"
        except IntegrityError:
            label = Label.objects.get(review=review, name__iexact=name)
    if label.retired_at:
        label.retired_at = None
        label.save(update_fields=["retired_at"])
        return label, "label offered again"
    return label, ""


@transaction.atomic
def retire_label(*, label: Label, by) -> None:
    """No longer offered; where it was put on it stays readable."""
    if label.retired_at is None:
        label.retired_at = timezone.now()
        label.save(update_fields=["retired_at"])
        record_act(label.review, by, "label retired", label=label.name)


@transaction.atomic
def put_on(*, label: Label, citation: Citation, by) -> None:
    """Label a citation; safe to say twice."""
    live = citation.live_citation
    stage = stage_of(live)
    try:
        with transaction.atomic():
            _, is_new = Labelling.objects.get_or_create(
                label=label, citation=live, put_by=by, removed_at=None, defaults={"stage": stage}
            )
    except IntegrityError:
        return  # the other of two posts has put it on
    if is_new:
        _note("label put on", label, live, stage, by)


@transaction.atomic
def take_off(*, label: Label, citation: Citation, by) -> None:
    """Take a label off: one's own, and a colleague's as far as one may see it."""
    live = citation.live_citation
    of_citation = Labelling.objects.filter(label=label, citation=live).standing()
    if of_citation.visible_to(by).update(removed_at=timezone.now()):
        _note("label taken off", label, live, stage_of(live), by)


def _note(act: str, label: Label, citation: Citation, stage: str, by) -> None:
    blind = Blind(stage, citation.pk)
    record_act(label.review_id, by, act, blind=blind, label=label.name, citation=str(citation)[:200])


def stage_of(citation: Citation) -> str:
    """Where a citation stands: what is said of it is blind as long as that stage is."""
    has_full_text = Citation.objects.at(Stage.FULL_TEXT).filter(pk=citation.pk).exists()
    return Stage.FULL_TEXT if has_full_text else Stage.TITLE_ABSTRACT


def labels_on(citations: Collection[Citation], viewer) -> dict[int, list[Label]]:
    """Live citation -> the labels that this person may see on it, each once."""
    found: dict[int, dict[int, Label]] = {}
    for row in seen_on(citations, viewer).select_related("label"):
        found.setdefault(row.live, {})[row.label_id] = row.label
    return {pk: list(labels.values()) for pk, labels in found.items()}


def seen_on(citations: Collection[Citation], viewer) -> QuerySet[Labelling]:
    """The labellings of these citations that this person may see; `live` is the citation they count for."""
    keys = [citation.pk for citation in citations]
    copies = Citation.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by()
    rows = Labelling.objects.filter(citation__in=copies.values("pk")).standing().visible_to(viewer)
    return rows.annotate(live=LIVE_CITATION)


@dataclass
class LabelsRead:
    """What a file of labels came to: how many were put on, and which rows could not be used and why."""

    put: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def read_labels(*, review: Review, header: Sequence[str], rows: Sequence[Sequence[str]], by) -> LabelsRead:
    """Put on the labels that a table names; several in one cell are divided by semicolons.

    A row names its citation by `citation` (the number in our own export), `pmid`, `doi` or `title`. Raises
    LabelRefused when the header has no such column, or none called `label` or `labels`.
    """
    columns = {name.strip().lower(): n for n, name in enumerate(header)}
    label_column = columns.get("labels", columns.get("label"))
    named_by = [name for name in NAMED_BY if name in columns]
    if label_column is None or not named_by:
        raise LabelRefused(
            gettext(
                "The first line must name the columns: label (or labels), and one of citation, pmid, doi, "
                "title."
            )
        )
    index = {name: _index(review, name) for name in named_by}
    read = LabelsRead()
    labels: dict[str, Label] = {}
    acts: dict[str, str] = {}
    for line, row in enumerate(rows, 2):
        cells = [*map(unquoted, row), *[""] * (len(header) - len(row))]
        names = [name.strip() for name in cells[label_column].split(";") if name.strip()]
        if not names:
            continue
        try:
            citation = _named(index, {name: cells[columns[name]] for name in named_by})
            for name in names:
                if name not in labels:
                    labels[name], acts[name] = _offered(review, name, by)
                _, is_new = Labelling.objects.get_or_create(
                    label=labels[name], citation_id=citation, put_by=by, removed_at=None
                )
                read.put += is_new
        except LabelRefused as refusal:
            read.problems.append((line, str(refusal)))
    for name, act in acts.items():
        if act:
            record_act(review, by, act, label=labels[name].name)
    record_act(review, by, "labels read from a file", put=read.put, problems=len(read.problems))
    return read


def _index(review: Review, name: str) -> dict[str, set[int]]:
    """Value of the column, in plain form -> the live citations that have it."""
    found: dict[str, set[int]] = {}
    if name == "citation":
        return {str(pk): {pk} for pk in review.citations.live().values_list("pk", flat=True)}
    records = Record.objects.filter(review=review).identified().exclude(citation=None).order_by()
    for value, citation in records.values_list(name, "citation"):
        if value:
            found.setdefault(_plain(value), set()).add(citation)
    return found


def _named(index: dict[str, dict[str, set[int]]], values: dict[str, str]) -> int:
    """The one citation that a row names, by the first of its cells that is filled in."""
    for name, value in values.items():
        if not (value := _plain(value)):
            continue
        found = index[name].get(value, set())
        if len(found) == 1:
            return next(iter(found))
        how_many = gettext("no citation") if not found else gettext("{n} citations").format(n=len(found))
        raise LabelRefused(
            gettext("{name} “{value}” is that of {how_many} in this review.").format(
                name=name, value=value[:80], how_many=how_many
            )
        )
    raise LabelRefused(gettext("The row names no citation."))


def _plain(value: str) -> str:
    plain = " ".join(value.lower().split()).rstrip(".")
    return plain.removeprefix("https://doi.org/").removeprefix("doi:").strip()

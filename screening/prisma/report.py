"""The PRISMA flow as a person asks for it, and the rules of what is said beside its rows.

Entered numbers and wording are written here and nowhere else; what rows say is never edited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act

from ..models import Citation, FlowEvent, FlowWording, Record, Report, ReviewVersion, Study
from .boxes import boxes, headers, phase_names
from .counts import flow_counts, rows_behind
from .drawing import draw_svg
from .flow import FlowCounts
from .outside import keys_of
from .past import flow_at
from .picture import draw_picture
from .placing import CITATION, RECORD, REPORT, STUDY, Placed
from .template_csv import as_csv

MODELS: Mapping[str, Any] = {RECORD: Record, CITATION: Citation, REPORT: Report, STUDY: Study}
LONGEST_WORDING = 200


class FlowRefused(Exception):
    """The numbers or words cannot be stored as given; the text is a sentence for the person."""


@dataclass(frozen=True)
class Asked:
    """Which flow: of which day, None for now; of the whole review, or of the update since a version."""

    as_of: date | None = None
    since: ReviewVersion | None = None

    @property
    def moment(self) -> datetime | None:
        """The end of the day; None for now, also for a day that is not over."""
        if self.as_of is None or self.as_of >= timezone.localdate():
            return None
        return timezone.make_aware(datetime.combine(self.as_of, time.max))

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        told = {
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "since": self.since and self.since.number,
        }
        return {name: str(value) for name, value in told.items() if value}

    @property
    def note(self) -> str:
        """What the diagram says below of the day and the version it stands for."""
        parts = []
        if self.since:
            parts.append(f"Update since “{self.since.name}” of {self.since.frozen_at:%d %B %Y}")
        if self.moment:
            parts.append(f"as of {self.as_of:%d %B %Y}" if parts else f"As of {self.as_of:%d %B %Y}")
        return f"{', '.join(parts)}." if parts else ""


@dataclass(frozen=True)
class Flow:
    """A flow to show, with the team's words; `placed` has its rows unless they are those of now."""

    asked: Asked
    counts: FlowCounts
    words: Mapping[str, str]
    placed: Placed | None = field(default=None, repr=False)


def flow_of(review: Review, asked: Asked | None = None) -> Flow:
    asked = asked or Asked()
    words = dict(FlowWording.objects.filter(review=review).values_list("key", "text"))
    if asked.moment is None and asked.since is None:
        return Flow(asked, flow_counts(review), words)
    counts, placed = flow_at(review, asked.moment, asked.since)
    return Flow(asked, counts, words, placed)


def rows_of(review: Review, flow: Flow, key: str) -> QuerySet | None:
    """The rows behind a number of a flow; None when it has no such number."""
    if flow.placed is None:
        return rows_behind(review).get(key)
    if key not in flow.placed.kinds:
        # A number of the flow that nothing is counted in has no kind of rows.
        is_there = any(line.key == key for box in boxes(flow.counts) for line in box.lines)
        return Record.objects.none() if is_there else None
    kept = list(flow.placed.rows[key])
    return MODELS[flow.placed.kinds[key]].objects.filter(pk__in=kept)


def file_of(flow: Flow, format: str) -> bytes | str:
    """The diagram as svg, pdf, png or word (a PNG for Word), or as the csv of the PRISMA2020 package."""
    if format == "csv":
        return as_csv(flow.counts, flow.words)
    if format == "svg":
        return draw_svg(flow.counts, words=flow.words, note=flow.asked.note)
    return draw_picture(flow.counts, format, words=flow.words, note=flow.asked.note)


def events_of(review: Review, flow: Flow, key: str = "") -> list[FlowEvent]:
    """The entered events that a flow counts; with a key those that take part in its number."""
    events = FlowEvent.objects.filter(review=review).select_related("entered_by")
    moment = flow.asked.moment
    standing = events.standing() if moment is None else events.standing_at(moment)
    if flow.asked.since:
        standing = standing.filter(entered_at__gt=flow.asked.since.frozen_at)
    return [event for event in standing if not key or key in keys_of(event)]


@transaction.atomic
def record_event(*, review: Review, by, supersedes: FlowEvent | None = None, **fields: Any) -> FlowEvent:
    """Enter numbers from outside. Raises FlowRefused unless every record is accounted for."""
    event = FlowEvent(review=review, entered_by=by, supersedes=supersedes, **fields)
    _check(event)
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError:
        raise FlowRefused(
            gettext("A colleague corrected this entry a moment ago; look at it again.")
        ) from None
    record_act(review, by, "flow numbers entered", says=str(event), note=event.note)
    return event


def _check(event: FlowEvent) -> None:
    if not event.note.strip():
        raise FlowRefused(gettext("Say in the note where the numbers are from."))
    if event.on > timezone.localdate():
        raise FlowRefused(gettext("The date lies in the future."))
    if event.kind == FlowEvent.Kind.PREVIOUS:
        if event.reports < event.studies:
            raise FlowRefused(gettext("Every study has at least one report."))
        return
    if not event.source.strip():
        raise FlowRefused(gettext("Say where the records were found."))
    gone = (
        event.duplicates_removed
        + event.removed_by_automation
        + event.removed_other
        + event.excluded_title_abstract
        + event.not_retrieved
        + sum(n for _, n in event.excluded_full_text)
    )
    if event.records == 0 or gone != event.records:
        raise FlowRefused(
            gettext(
                "Of {records} records the numbers account for {gone}. Say what became of every one; a "
                "report that was included is brought in under Searches, so that it has a row."
            ).format(records=event.records, gone=gone)
        )


@transaction.atomic
def withdraw_event(*, event: FlowEvent, note: str, by) -> FlowEvent:
    """Take an entry back; it stays in the history."""
    if not note.strip():
        raise FlowRefused(gettext("Say why the entry is taken back."))
    try:
        with transaction.atomic():
            taken = FlowEvent.objects.create(
                review=event.review,
                kind=event.kind,
                on=event.on,
                source_kind=event.source_kind,
                source=event.source,
                note=note,
                is_withdrawn=True,
                entered_by=by,
                supersedes=event,
            )
    except IntegrityError:
        raise FlowRefused(gettext("This entry was changed or taken back already.")) from None
    record_act(event.review, by, "flow numbers taken back", says=str(event), reason=note)
    return taken


@dataclass(frozen=True)
class Wording:
    """A label of the flow: as it is by itself, and the team's own words where there are some."""

    key: str
    usual: str
    own: str = ""


def wordings(flow: Flow) -> list[Wording]:
    """Every label of a flow that can be worded otherwise, in reading order."""
    usual = {f"header:{column}": text for column, text in headers(flow.counts).items()}
    usual |= {f"phase:{phase}": text for phase, text in phase_names().items()}
    for box in boxes(flow.counts):
        if box.heading:
            usual[f"box:{box.key}"] = box.heading
        usual |= {line.key: line.label for line in box.lines}
    return [Wording(key, text, flow.words.get(key, "")) for key, text in usual.items()]


@transaction.atomic
def reword(*, review: Review, texts: Mapping[str, str], by) -> None:
    """Set the team's own words; an empty text takes them back. Old and new stay in the audit trail."""
    before = dict(FlowWording.objects.filter(review=review).values_list("key", "text"))
    wanted = {key: " ".join(text.split())[:LONGEST_WORDING] for key, text in texts.items()}
    changed = {
        key: [before.get(key, ""), text] for key, text in wanted.items() if before.get(key, "") != text
    }
    for key, (_, text) in changed.items():
        if text:
            FlowWording.objects.update_or_create(review=review, key=key, defaults={"text": text})
        else:
            FlowWording.objects.filter(review=review, key=key).delete()
    if changed:
        record_act(review, by, "flow worded", changed=changed)


def reasons_in(text: str) -> Sequence[tuple[str, int]]:
    """Lines of "reason: number" as pairs. Raises FlowRefused for a line that is none."""
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        reason, _, number = line.rpartition(":")
        if not reason.strip() or not number.strip().isdecimal():
            raise FlowRefused(
                gettext("“{line}”: write the reason, a colon and the number of reports.").format(line=line)
            )
        found.append((reason.strip(), int(number)))
    return found

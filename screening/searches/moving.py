"""How a team moves in from Covidence or Rayyan: the decisions that came with a file become votes here.

Each goes through the rule of a single decision, in the name of the member whom the owner says it was. Its
note says where it was made. Nothing is made up: where Covidence does not say who voted, the note says so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import ExclusionReason, Job, Review, Stage, User, record_act

from ..citations.labels import LabelRefused, make_label, put_on
from ..deciding.decisions import AlreadyDecided, DecisionRefused, record_decision
from ..full_text.retrieval import record_retrieval
from ..importers.decided import COVIDENCE, Decided, decided_in
from ..models import Citation, Record, SearchRun

# What a file of Covidence holds, which it does not say itself: what it means at each stage.
HOLDS: Mapping[str, Mapping[str, str]] = {
    "irrelevant": {Stage.TITLE_ABSTRACT: "exclude"},
    "full_text": {Stage.TITLE_ABSTRACT: "include"},
    "excluded": {Stage.TITLE_ABSTRACT: "include", Stage.FULL_TEXT: "exclude"},
    "included": {Stage.TITLE_ABSTRACT: "include", Stage.FULL_TEXT: "include"},
}
UNNAMED = ("First reviewer", "Second reviewer")
NO_REASON = "Reason not stated"


class MoveRefused(Exception):
    """The decisions cannot be taken over as asked; the text is a sentence for the person."""


@dataclass
class Found:
    """The decisions that came with a run. people: name there -> how many verdicts."""

    tool: str = ""
    records: int = 0
    people: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)


def found_in(run: SearchRun) -> Found:
    """What another tool decided on the records of a run; an empty tool when none did."""
    found = Found()
    for _, decided in _decided(run):
        found.tool = decided.tool
        found.records += bool(decided.verdicts) or decided.tool == COVIDENCE
        # The names alone: of a mapping a counter would add up the values.
        found.people.update(decided.verdicts.keys())
        found.reasons.update(decided.reasons)
        found.labels.update(decided.labels)
    if found.tool == COVIDENCE:
        for name in UNNAMED[: run.review.protocol.title_abstract_decisions]:
            found.people[name] = found.records
    return found


def tool_of(run: SearchRun) -> str:
    """The tool whose decisions came with a run, told from its first records."""
    first = Record.objects.filter(search_run=run).order_by("position").values_list("extra", flat=True)[:20]
    return next((decided.tool for extra in first if (decided := decided_in(extra))), "")


def _decided(run: SearchRun):
    rows = Record.objects.filter(search_run=run).order_by("position").only("pk", "extra", "citation")
    for record in rows.iterator(chunk_size=1000):
        if decided := decided_in(record.extra):
            yield record, decided


@transaction.atomic
def ask_to_move(*, run: SearchRun, stage: str, holds: str, people: Mapping[str, User], by) -> Job:
    """A job that takes the decisions over. people: name there -> the member in whose name they stand here."""
    from ..tasks import move_decisions

    review: Review = run.review
    found = found_in(run)
    if not found.tool or run.imported_at is None:
        raise MoveRefused(gettext("This import has no decisions of Covidence or Rayyan."))
    if found.tool == COVIDENCE and holds not in HOLDS:
        raise MoveRefused(gettext("Say what the file of Covidence holds."))
    if not people:
        raise MoveRefused(gettext("Say at least of one person who it is here."))
    if len({user.pk for user in people.values()}) < len(people):
        raise MoveRefused(gettext("Two names stand for one person: a reviewer has one vote on a citation."))
    current = {member.user_id: member for member in review.memberships.current()}
    if any(user.pk not in current or not current[user.pk].may_screen for user in people.values()):
        raise MoveRefused(gettext("Only members who screen in this review can have votes."))
    title = f"Taking over decisions of {found.tool}"
    job = jobs.enqueue(review=review, kind=Job.Kind.BULK, title=title, requested_by=by)
    move_decisions.enqueue(job.pk, run.pk, stage, holds, {name: user.pk for name, user in people.items()})
    named = {name: str(user) for name, user in people.items()}
    told = {"search": str(run), "tool": found.tool, "stage": stage, "holds": holds, "people": named}
    record_act(review, by, "decisions moved in", **told)
    return job


def carry_over(job: Job, run: SearchRun, *, stage: str, holds: str, people: Mapping[str, int]) -> None:
    """Store every decision of a run; safe to run twice, since a person has one first vote on a citation."""
    mover = _Mover(run, stage, holds, User.objects.in_bulk(people.values()), people, job.requested_by)
    report = jobs.reporter(job, "Taking over decisions", every=25)
    total = run.records.count()
    for number, (record, decided) in enumerate(_decided(run), 1):
        mover.take(record, decided)
        report(number, total)
    said = f"{mover.done} decisions and {mover.labelled} labels taken over."
    if mover.already:
        said += f" {mover.already} were here already."
    for sentence, count in mover.refused.most_common(4):
        said += f" {count} could not be: {sentence}"
    jobs.finish(job, said)


class _Mover:
    def __init__(self, run, stage, holds, users, people, by) -> None:
        self.run, self.stage, self.holds, self.by = run, stage, holds, by
        self.people = {name: users[pk] for name, pk in people.items() if pk in users}
        self.done = self.already = self.labelled = 0
        self.refused: Counter[str] = Counter()

    def take(self, record: Record, decided: Decided) -> None:
        citation = Citation.objects.get(pk=record.citation_id).live_citation
        if decided.tool == COVIDENCE:
            for stage, verdict in HOLDS[self.holds].items():
                for name in self.people:
                    note = "Consensus as Covidence exported it; the file does not say who voted how."
                    self.vote(citation, stage, name, verdict, decided, note)
        else:
            for name, verdict in decided.verdicts.items():
                if name in self.people:
                    said = " ".join(decided.notes.get(name, ()))
                    note = f"Decided in Rayyan as {name}. {said}".strip()
                    self.vote(citation, self.stage, name, verdict, decided, note)
        self.label(citation, decided)

    def vote(self, citation, stage: str, name: str, verdict: str, decided: Decided, note: str) -> None:
        try:
            with transaction.atomic():
                if stage == Stage.FULL_TEXT:
                    self.reach_full_text(citation)
                record_decision(
                    citation=citation,
                    stage=stage,
                    reviewer=self.people[name],
                    verdict=verdict,
                    reason=self.reason(stage, decided) if verdict == "exclude" else None,
                    note=note,
                )
            self.done += 1
        except AlreadyDecided:
            self.already += 1
        except DecisionRefused as refusal:
            self.refused[str(refusal)] += 1

    def reach_full_text(self, citation: Citation) -> None:
        """They had the report there, else they could not have decided on it."""
        citation.refresh_from_db()
        report = getattr(citation, "report", None)
        if report is not None and report.retrieval != "obtained":
            note = f"Read in {COVIDENCE if self.holds else 'Rayyan'}."
            record_retrieval(reports=[report], state="obtained", by=self.by, note=note)

    def reason(self, stage: str, decided: Decided) -> ExclusionReason | None:
        """The reason of that name; made when the review has none. At full text there has to be one."""
        labels = [label[:120] for label in decided.reasons] or (
            [NO_REASON] if stage == Stage.FULL_TEXT else []
        )
        if not labels:
            return None
        reasons = ExclusionReason.objects.filter(review=self.run.review, stage=stage)
        found = reasons.filter(label__iexact=labels[0]).first()
        if found is not None:
            return found
        made = ExclusionReason.objects.create(
            review=self.run.review, stage=stage, position=reasons.count() + 1, label=labels[0]
        )
        record_act(self.run.review, self.by, "exclusion reason moved in", stage=stage, label=made.label)
        return made

    def label(self, citation: Citation, decided: Decided) -> None:
        for name in decided.labels:
            try:
                put_on(
                    label=make_label(review=self.run.review, name=name[:60], by=self.by),
                    citation=citation,
                    by=self.by,
                )
                self.labelled += 1
            except LabelRefused as refusal:
                self.refused[str(refusal)] += 1

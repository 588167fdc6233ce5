"""Whether the audit log is what it was: every hash again, and every decision against its entry."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reviewsite.reviews.chain import BEGINNING
from reviewsite.reviews.models import AuditEntry, Review
from screening.models import Decision

DECISIONS = ("decision made", "decision changed", "decision taken back", "conflict settled")
MOST_TOLD = 20


@dataclass
class Verified:
    """head: hash of the last entry; keep it elsewhere, and a log that was written anew will show."""

    entries: int = 0
    head: str = BEGINNING
    problems: list[str] = field(default_factory=list)


def verify(review: Review, *, expected: str = "") -> Verified:
    """Walk the log from its beginning. expected: a hash that was noted earlier and must still be in it."""
    found = Verified()
    said: dict[str, tuple[str, str]] = {}
    seen_expected = not expected
    for entry in AuditEntry.objects.filter(review=review).order_by("number").iterator(chunk_size=1000):
        found.problems += _problems(entry, found)
        found.entries, found.head = entry.number, entry.sha256
        seen_expected = seen_expected or entry.sha256 == expected
        if entry.act in DECISIONS and "decision" in entry.details:
            said[str(entry.details["decision"])] = (entry.details["stage"], entry.details["verdict"])
    if not seen_expected:
        found.problems.append(f"no entry has the hash {expected}, which was noted earlier")
    found.problems += _decisions_against(review, said)
    return found


def _problems(entry: AuditEntry, before: Verified) -> Iterator[str]:
    if entry.number != before.entries + 1:
        yield f"entry {entry.number} follows entry {before.entries}: what was between is gone"
    if entry.previous != before.head:
        yield f"entry {entry.number} does not name the entry before it"
    if entry.computed_hash() != entry.sha256:
        yield f"entry {entry.number} ({entry.act}) is not what it was when it was written"


def _decisions_against(review: Review, said: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Decisions that no entry tells of, that say otherwise, or are gone; since the log has told of any."""
    if not said:
        return
    decisions = Decision.objects.filter(review=review).order_by("pk")
    first = decisions.filter(client_uuid__in=list(said)[:1]).values_list("pk", flat=True).first() or 0
    left = dict(said)
    rows = decisions.values_list("pk", "client_uuid", "stage", "verdict")
    for pk, uuid, stage, verdict in rows.iterator(chunk_size=2000):
        told = left.pop(str(uuid), None)
        if told is None and pk > first:
            yield f"decision {uuid} has no entry in the log"
        elif told is not None and told != (stage, verdict):
            yield f"decision {uuid} says {verdict}, the log says {told[1]}"
    for uuid in left:
        yield f"the log tells of decision {uuid}, which is gone"

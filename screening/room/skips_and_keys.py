"""The rules of what a person keeps of their own while screening: skips and keys; the only writer of both."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from ..models import Citation, KeyLayout, Skip
from .keys import USUAL, check_layout, layout


def skip(*, citation: Citation, stage: str, reviewer, note: str = "") -> Skip:
    """Put a citation at the end of this person's queue; nothing is decided. Safe to say twice."""
    live = citation.live_citation
    row, _ = Skip.objects.update_or_create(
        reviewer=reviewer,
        stage=stage,
        citation=live,
        defaults={"review_id": live.review_id, "note": note.strip(), "skipped_at": timezone.now()},
    )
    return row


def unskip(*, citation: Citation, stage: str, reviewer) -> None:
    """Back to its place in the queue."""
    Skip.objects.filter(reviewer=reviewer, stage=stage, citation=citation.live_citation).delete()


def choose_keys(*, person, keys: Mapping[str, Sequence[str]]) -> KeyLayout:
    """Store the acts whose keys differ from the usual. Raises KeysRefused when a key would do two things."""
    check_layout({**layout({}), **keys})
    own = {act: list(chosen) for act, chosen in keys.items() if tuple(chosen) != USUAL[act]}
    row, _ = KeyLayout.objects.update_or_create(person=person, defaults={"keys": own})
    return row


def keys_of(person) -> dict[str, tuple[str, ...]]:
    """Act -> the keys that do it for this person."""
    row = KeyLayout.objects.filter(person=person).first()
    return layout(row.keys if row else {})

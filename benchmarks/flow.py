"""Measures the PRISMA flow of a review with many records: seconds and queries, now and on a past day.

python benchmarks/flow.py [RECORDS]      on SQLite in a folder of its own; DATABASE_URL names another one
"""

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
if "WINNOW_DATA_DIR" not in os.environ:
    os.environ["WINNOW_DATA_DIR"] = tempfile.mkdtemp(prefix="winnow-flow-")
os.environ["DJANGO_SETTINGS_MODULE"] = "reviewsite.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from reviewsite.reviews.models import ExclusionReason, Review, Role, User  # noqa: E402
from reviewsite.reviews.rules import add_member, create_review  # noqa: E402
from screening.duplicates.deduplication import found_citations  # noqa: E402
from screening.models import Citation, Decision, DuplicateLink, Record, Report, SearchRun  # noqa: E402
from screening.prisma.flow import imbalances  # noqa: E402
from screening.prisma.report import Asked, flow_of  # noqa: E402

SOURCES = (
    *(("PubMed", "database"), ("Embase", "database"), ("Scopus", "database"), ("CENTRAL", "database")),
    *(("ClinicalTrials.gov", "register"), ("WHO", "website"), ("References", "citation_search")),
)


def make_review(records: int) -> Review:
    """A review well on its way, written straight into the tables; rules would take hours for this many."""
    owner = User.objects.create_user("owner@example.org", "a long enough secret", name="Owner")
    other = User.objects.create_user("other@example.org", "a long enough secret", name="Other")
    review = create_review(title="Many records", owner=owner, slug="many")
    add_member(review=review, email=other.email, role=Role.REVIEWER, by=owner)
    then = timezone.now() - timedelta(days=30)
    for number, (name, kind) in enumerate(SOURCES):
        run = SearchRun.objects.create(
            review=review, database=name, kind=kind, created_by=owner, imported_at=then
        )
        # The first database holds most; other methods bring hundreds, not tens of thousands.
        share = records // 200 if kind in {"website", "citation_search"} else records // 5
        Record.objects.bulk_create(
            (
                Record(review=review, search_run=run, position=n, title=f"Trial {number}-{n}")
                for n in range(1, share + 1)
            ),
            batch_size=2000,
        )
        found_citations(run)
    _merge(review)
    _decide(review, (owner, other), then + timedelta(days=10))
    return review


def _merge(review: Review) -> None:
    """Every tenth citation becomes a copy of the one before it."""
    found = list(review.citations.order_by("pk"))
    pairs = [(found[n - 1], found[n]) for n in range(9, len(found), 10)]
    for kept, copy in pairs:
        copy.merged_into = kept
    Citation.objects.bulk_update([copy for _, copy in pairs], ["merged_into"], batch_size=500)
    records = Record.objects.in_bulk([copy.founding_record_id for _, copy in pairs])
    for kept, copy in pairs:
        records[copy.founding_record_id].citation = kept
    Record.objects.bulk_update(records.values(), ["citation"], batch_size=500)
    DuplicateLink.objects.bulk_create(
        (
            DuplicateLink(
                review=review,
                first_id=kept.founding_record_id,
                second_id=copy.founding_record_id,
                verdict="same",
                score=1,
                rule="doi",
                decided_at=timezone.now() - timedelta(days=29),
            )
            for kept, copy in pairs
        ),
        batch_size=2000,
    )


def _decide(review: Review, people, when) -> None:
    """Ninety in a hundred are decided on, one in twenty goes on, a third of those is included."""
    live = list(review.citations.live().order_by("pk"))
    reason = ExclusionReason.objects.filter(review=review, stage="full_text").first()
    decisions, reports = [], []
    for n, citation in enumerate(live):
        if n % 10 == 0:
            continue
        goes_on = n % 20 == 1
        citation.title_abstract_state = "included" if goes_on else "excluded"
        verdict = "include" if goes_on else "exclude"
        decisions += [_vote(review, citation, person, "title_abstract", verdict, when) for person in people]
        if goes_on:
            is_in = n % 60 == 1
            citation.full_text_state = "included" if is_in else "excluded"
            reports.append(Report(review=review, citation=citation, retrieval="obtained"))
            said = ("include", None) if is_in else ("exclude", reason)
            decisions += [_vote(review, citation, p, "full_text", said[0], when, said[1]) for p in people]
    Citation.objects.bulk_update(live, ["title_abstract_state", "full_text_state"], batch_size=500)
    Decision.objects.bulk_create(decisions, batch_size=2000)
    Report.objects.bulk_create(reports, batch_size=2000)


def _vote(review, citation, person, stage, verdict, when, reason=None) -> Decision:
    return Decision(
        review=review,
        citation=citation,
        stage=stage,
        reviewer=person,
        verdict=verdict,
        reason=reason,
        decided_at=when,
    )


def measure(name: str, review: Review, asked: Asked) -> None:
    flow_of(review, asked)
    took = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            flow = flow_of(review, asked)
            took.append(time.perf_counter() - start)
    adds_up = "adds up" if not imbalances(flow.counts) else "DOES NOT ADD UP"
    print(f"{name}: {min(took):.2f} to {max(took):.2f} s, {len(queries)} queries, {adds_up}")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    made = Review.objects.filter(slug="many").first() or make_review(wanted)
    print(f"{made.records.count():,} records, {made.decisions.count():,} decisions, {connection.vendor}")
    measure("now", made, Asked())
    measure("as of yesterday", made, Asked(as_of=timezone.localdate() - timedelta(days=1)))

"""The searches of a review as PRISMA-S asks for them (Rethlefsen et al. 2021, 10.1186/s13643-020-01542-z)."""

import csv
import io
from dataclasses import dataclass

from django.db.models import Count

from reviewsite.reviews.models import Review

from ..exporters import safe
from ..models import SearchRun

NOT_STATED = "(not stated)"
DEDUPLICATION = (
    "Records were compared by identifiers, title, authors, year, journal and pages in Winnow; pairs that its "
    "rules were not sure of were judged by a person. Links between copies are kept with rule and score."
)


# Which item of PRISMA-S a source answers, and what the item calls it.
_KIND = SearchRun.SourceKind
SOURCES = {
    _KIND.DATABASE: (1, "Database"),
    _KIND.REGISTER: (3, "Study register"),
    _KIND.WEBSITE: (4, "Website or print source"),
    _KIND.CITATION_SEARCH: (5, "Citation searching"),
    _KIND.ORGANISATION: (6, "Contact"),
    _KIND.OTHER: (7, "Other method"),
}


@dataclass(frozen=True)
class Item:
    """One item of PRISMA-S: its number, what it asks for, and what is known."""

    number: int
    label: str
    value: str


@dataclass(frozen=True)
class SearchEntry:
    """One search and its items."""

    run: SearchRun
    items: tuple[Item, ...]

    @property
    def unstated(self) -> list[str]:
        return [item.label for item in self.items if item.value == NOT_STATED]


def entries(review: Review) -> list[SearchEntry]:
    """Every complete search of the review, in the order they were run."""
    runs = review.search_runs.complete().select_related("saved_search").annotate(read=Count("records"))
    return [SearchEntry(run, tuple(_items(run))) for run in runs]


def _items(run) -> list[Item]:
    updates = (
        f"Run again as “{run.saved_search.name}”: {run.saved_search.get_schedule_display().lower()}; only "
        "records that no earlier run had found were brought in."
        if run.saved_search
        else "None planned"
    )
    reported = "" if run.reported_count is None else f"{run.reported_count:,} reported by the database, "
    stated = (
        (*SOURCES[run.kind], run.database),
        (2, "Platform", run.platform),
        (8, "Full search strategy", run.query),
        (8, "As the database read it", run.translation),
        (9, "Limits, restrictions and filters", run.limits),
        (11, "Prior work the strategy was adapted from", run.strategy_source),
        (12, "Updates", updates),
        (13, "Date of search", f"{run.run_on:%d %B %Y}"),
        (14, "Peer review of the search", run.peer_review),
        (15, "Total records", f"{reported}{run.read:,} brought in"),
        (16, "Deduplication", DEDUPLICATION),
    )
    optional = {"As the database read it"}
    return [
        Item(number, label, value or NOT_STATED)
        for number, label, value in stated
        if value or label not in optional
    ]


def as_text(review: Review) -> str:
    """The appendix as plain text, strategies line by line as they were run."""
    blocks = [f"Search appendix: {review.title}"]
    for entry in entries(review):
        lines = [f"{entry.run.database}, searched on {entry.run.run_on:%d %B %Y}"]
        lines += [f"  {item.number}. {item.label}: {item.value}" for item in entry.items]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def as_csv(review: Review) -> str:
    """One row an item, with the search that it belongs to."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["search", "date", "prisma_s_item", "asks_for", "value"])
    for entry in entries(review):
        for item in entry.items:
            day = entry.run.run_on.isoformat()
            writer.writerow([safe(entry.run.database), day, item.number, item.label, safe(item.value)])
    return out.getvalue()

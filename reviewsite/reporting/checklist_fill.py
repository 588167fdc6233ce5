"""The checklists filled as far as rows and people's notes allow, and what is left to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from reviewsite.reviews.models import Review, record_act
from screening.models import ChecklistNote, SearchRun
from screening.prisma.flow import OTHER_METHODS
from screening.searches import appendix as search_appendix

from .checklists import LISTS, SEARCH, TITLES, Item
from .document import Listing, Manuscript, PageOf, Paragraph, Section, Table
from .words import joined

# Where in Winnow the rows behind a section are.
PAGES = {
    "methods-sources": "screening:searches",
    "methods-search": "screening:appendix",
    "appendix-search": "screening:appendix",
    "methods-selection": "screening:team",
    "methods-extraction": "extraction:form",
    "methods-outcomes": "extraction:vocabulary",
    "methods-variables": "extraction:form",
    "methods-bias": "extraction:risk_of_bias",
    "methods-preparing": "extraction:table",
    "methods-synthesis": "analysis:plan",
    "methods-amendments": "analysis:plan",
    "methods-certainty": "analysis:certainty",
    "results-selection": "screening:prisma",
    "results-included": "screening:studies",
    "results-characteristics": "extraction:characteristics",
    "results-bias": "extraction:risk_of_bias",
    "results-certainty": "analysis:certainty",
    "appendix-excluded": "screening:prisma",
}
BY_START = (
    ("methods-display", "analysis:index"),
    ("methods-", "screening:protocol"),
    ("results-", "analysis:index"),
    ("s-", "screening:appendix"),
    ("other-", "reporting:kits"),
)


@dataclass(frozen=True)
class Filled:
    """An item with where it is answered. note: what a person wrote for it. url: of the rows behind it."""

    item: Item
    section: str = ""
    note: str = ""
    url: str = ""
    answer: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.section or self.note or self.answer)


def filled(review: Review, name: str, anchors: Mapping[str, str]) -> list[Filled]:
    """The items of a list. anchors: title by key of the sections of the kit that have something to say."""
    notes = dict(ChecklistNote.objects.filter(review=review).values_list("item", "text"))
    answers = search_answers(review) if name == SEARCH else {}
    return [
        Filled(
            item,
            anchors.get(item.anchor, ""),
            notes.get(item.key, ""),
            _page(review, item.anchor) if item.anchor else "",
            answers.get(item.anchor, ""),
        )
        for item in LISTS[name]
    ]


def _page(review: Review, anchor: str) -> str:
    found = PAGES.get(anchor) or next((page for start, page in BY_START if anchor.startswith(start)), "")
    return reverse(found, args=[review.slug]) if found else ""


def search_answers(review: Review) -> dict[str, str]:
    """PRISMA-S, item by item, over all searches; nothing where a search does not say."""
    runs = list(review.search_runs.complete().annotate(n=Count("records")))
    if not runs:
        return {}
    kinds = SearchRun.SourceKind

    def named(*wanted: str) -> str:
        return joined(list(dict.fromkeys(run.database for run in runs if run.kind in wanted)))

    def each(field: str) -> str:
        """What every search says in a field; empty unless all of them do."""
        told = [
            (run.database, str(getattr(run, field) or "")) for run in runs if run.kind not in OTHER_METHODS
        ]
        if not told or not all(text for _, text in told):
            return ""
        return "; ".join(f"{database}: {text}" for database, text in told)

    again = [run for run in runs if run.saved_search_id]
    return {
        "s-databases": named(kinds.DATABASE),
        "s-platforms": each("platform"),
        "s-registers": named(kinds.REGISTER),
        "s-websites": named(kinds.WEBSITE),
        "s-citations": named(kinds.CITATION_SEARCH),
        "s-contacts": named(kinds.ORGANISATION),
        "s-others": named(kinds.OTHER),
        "s-strategies": "All strategies are kept as they were run." if each("query") else "",
        "s-limits": each("limits"),
        "s-earlier": each("strategy_source"),
        "s-updates": f"{len(again)} of {len(runs)} searches are reruns of saved ones." if again else "",
        "s-dates": "; ".join(f"{run.database}: {run.run_on:%Y-%m-%d}" for run in runs),
        "s-review": each("peer_review"),
        "s-records": "; ".join(f"{run.database}: {run.n:,}" for run in runs),
        "s-duplicates": search_appendix.DEDUPLICATION,
    }


@transaction.atomic
def note_item(*, review: Review, item: str, text: str, by) -> None:
    """Keep what a person says of an item, such as where it stands; empty takes it back."""
    known = {each.key for items in LISTS.values() for each in items}
    text = text.strip()
    before = (
        ChecklistNote.objects.filter(review=review, item=item).values_list("text", flat=True).first() or ""
    )
    if item not in known or text == before:
        return
    if text:
        ChecklistNote.objects.update_or_create(review=review, item=item, defaults={"text": text})
    else:
        ChecklistNote.objects.filter(review=review, item=item).delete()
    record_act(review, by, "checklist noted", item=item, before=before, after=text)


def as_table(name: str, items: list[Filled], *, with_pages: bool) -> Table:
    """The checklist as a table. with_pages: in the manuscript itself, where sections have pages."""
    header = ("No.", "Topic", "Asks for", "Where or what", *(("Page",) if with_pages else ()))
    rows = []
    for each in items:
        where = "; ".join(part for part in (each.section, each.answer, each.note) if part)
        said = where or f"To do: {each.item.todo}"
        row = (each.item.number, each.item.topic, each.item.asks, said)
        rows.append((*row, PageOf(each.item.anchor) if each.section else "") if with_pages else row)
    widths = (1.2, 3, 5, 6, 1.4) if with_pages else (1.2, 3, 5, 7)
    return Table(name, f"{TITLES[name]}.", header, tuple(rows), widths)


def as_manuscript(review: Review, name: str, items: list[Filled]) -> Manuscript:
    """A checklist as a text of its own, with the to-do list after it."""
    todo = tuple(
        f"{each.item.number} {each.item.topic}: {each.item.todo}" for each in items if not each.is_done
    )
    done = sum(each.is_done for each in items)
    sections = [
        Section(
            name,
            TITLES[name],
            (
                Paragraph(
                    f"{done} of {len(items)} items are answered by the review's data or by a note. Items are "
                    "given in short words; their full wording is in the published checklist.",
                    is_note=True,
                ),
                as_table(name, items, with_pages=False),
            ),
            level=1,
        )
    ]
    if todo:
        sections.append(Section(f"{name}-todo", "To do", (Listing(todo),)))
    return Manuscript(review.title, tuple(sections))

"""What the PDF viewer shows: pages with their invisible text, and where words or a quote stand in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from ..documents import PageText, Passage, closest, find, text_layer
from ..models import Document, Report, Study

# Pages whose text is sent at once; those of a longer PDF bring theirs when they come into view.
AT_ONCE = 20


@dataclass(frozen=True)
class ShownPage:
    """A page: its size for the place it takes, and its text when that is sent at once."""

    number: int
    label: str
    width: float
    height: float
    layer: SafeString | None


@dataclass(frozen=True)
class Viewer:
    """One PDF as it is shown, with its neighbours: the other PDFs of its report or study."""

    document: Document
    neighbours: Sequence[Document]
    pages: Sequence[ShownPage]
    find: str = ""
    quote: str = ""
    hits: Sequence[Passage] = ()
    page: int = 1

    @property
    def has_text(self) -> bool:
        return any(page.layer is None or "<text" in page.layer for page in self.pages)

    @property
    def first_hit(self) -> Passage | None:
        return self.hits[0] if self.hits else None


def viewer_of(document: Document, *, words: str = "", quote: str = "", page: int = 1) -> Viewer:
    """A PDF opened at a page; with words to find all their places, with a quote the one it was taken from."""
    stored = list(document.pages.all())
    texts = [each.as_text() for each in stored]
    hits: list[Passage] = []
    if quote:
        passage = closest(texts, quote, page)
        hits = [passage] if passage else []
    elif words:
        hits = find(texts, words)
    opened = hits[0].page if hits else min(max(page, 1), max(len(texts), 1))
    return Viewer(
        document,
        neighbours_of(document),
        [_shown(text, hits, opened) for text in texts],
        find=words,
        quote=quote,
        hits=hits,
        page=opened,
    )


def neighbours_of(document: Document) -> list[Document]:
    """The PDFs of the same study, or report while that has no study; the document itself among them."""
    report = document.report
    if report is None:
        return [document]
    return list(documents_of(report.study or report))


def documents_of(whose: Study | Report) -> QuerySet[Document]:
    documents = Document.objects.select_related("report__citation__representative")
    if isinstance(whose, Study):
        return documents.of_study(whose)
    return documents.of_report(whose)


def page_layer(text: PageText, hits: Sequence[tuple[int, Passage]] = ()) -> SafeString:
    """Our own drawing, which escapes every text that came from outside."""
    return mark_safe(text_layer(text, hits, name=gettext("Text of page {number}")))


def where_quoted(
    documents: Sequence[Document], quote: str, page: int | None
) -> tuple[Document, Passage] | None:
    """The document among a study's that a quote was taken from: an exact passage first, else the likest."""
    best: tuple[Document, Passage] | None = None
    for document in documents:
        passage = closest(document.page_texts(), quote, page)
        if passage and (best is None or passage.likeness > best[1].likeness):
            best = document, passage
        if best and best[1].likeness == 100:
            break
    return best


def page_number(document: Document, noted: str) -> int | None:
    """The page that an extractor's note names: "3", "p. 3", or the number printed on it, such as 1127."""
    digits = "".join(c if c.isdigit() else " " for c in noted).split()
    if not digits:
        return None
    number = int(digits[0])
    if 1 <= number <= document.page_count:
        return number
    return document.pages.filter(label=digits[0]).values_list("number", flat=True).first()


def _shown(text: PageText, hits: Sequence[Passage], opened: int) -> ShownPage:
    own = [(number, hit) for number, hit in enumerate(hits) if hit.page == text.number]
    at_once = own or abs(text.number - opened) < AT_ONCE
    layer = page_layer(text, own) if at_once else None
    return ShownPage(text.number, text.label, text.width, text.height, layer)

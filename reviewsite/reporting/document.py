"""A text with tables and pictures as values; `word` writes it, tests read it. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from screening.exporters import safe


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_note: bool = False


@dataclass(frozen=True)
class Listing:
    """Short lines, one under the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Verbatim:
    """Text whose line breaks count, such as a search strategy."""

    text: str


@dataclass(frozen=True)
class PageOf:
    """A cell that says on which page a section stands, which only the word processor knows."""

    anchor: str


Cell = str | PageOf


@dataclass(frozen=True)
class Table:
    """name: of its file. widths: shares of the columns, alike when left out."""

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] = ()

    @property
    def is_wide(self) -> bool:
        return len(self.header) > 6

    def as_csv(self) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(self.header)
        writer.writerows([[_plain(cell) for cell in row] for row in self.rows])
        return out.getvalue()


def _plain(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return safe(cell.anchor if isinstance(cell, PageOf) else cell)


@dataclass(frozen=True)
class Picture:
    """name: of its files, which are by their endings; the PNG is what the text shows. dpi: of the PNG."""

    name: str
    caption: str
    files: dict[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class Subheading:
    text: str


Block = Paragraph | Listing | Verbatim | Table | Picture | Subheading


@dataclass(frozen=True)
class Section:
    """A part with a heading. key: its anchor, to which checklists point. level: 1 for a chapter."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True)
class Manuscript:
    title: str
    sections: tuple[Section, ...]
    note: str = ""

    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks

    @property
    def anchors(self) -> dict[str, str]:
        """Title by key of the sections that have something to say."""
        return {section.key: section.title for section in self.sections if section.blocks}

    @property
    def text(self) -> str:
        """All that is said in sentences; for tests and for search."""
        said = []
        for block in self.blocks():
            if isinstance(block, Paragraph | Verbatim):
                said.append(block.text)
            elif isinstance(block, Listing):
                said += block.items
        return "\n".join(said)

"""Writes a manuscript as a Word file. Pure: values in, bytes out."""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from .document import (
    Cell,
    Listing,
    Manuscript,
    PageOf,
    Paragraph,
    Picture,
    Section,
    Subheading,
    Table,
    Verbatim,
)

# Characters that XML cannot hold; imported titles may bring them.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADER_SHADE, _RULE, _HAIRLINE = "E3EFE9", "5A6257", "C9CFC6"


def as_docx(manuscript: Manuscript) -> bytes:
    """The file. Every section has a bookmark of its key, by which checklists name its page."""
    return _Writer(manuscript).write()


class _Writer:
    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript
        self.document: Any = Document()
        self.is_landscape = False
        self.tables = self.pictures = self.bookmarks = 0

    def write(self) -> bytes:
        self._page()
        self.document.add_heading(_clean(self.manuscript.title), level=0)
        if self.manuscript.note:
            self._paragraph(Paragraph(self.manuscript.note, is_note=True))
        for section in self.manuscript.sections:
            if section.blocks or section.level == 1:
                self._section(section)
        self._ask_for_page_numbers()
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(11)
        normal.paragraph_format.space_after = Pt(6)
        self.document.core_properties.title = _clean(self.manuscript.title)[:250]
        self.document.core_properties.author = ""

    def _section(self, section: Section) -> None:
        # A wide table that begins a section has its heading on its own page.
        first = section.blocks[0] if section.blocks else None
        self._turn(isinstance(first, Table) and first.is_wide)
        heading = self.document.add_heading(_clean(section.title), level=section.level)
        self._bookmark(heading, section.key)
        for block in section.blocks:
            self._block(block)

    def _block(self, block: object) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Subheading):
            self._turn(False)
            self.document.add_heading(_clean(block.text), level=3)
        elif isinstance(block, Listing):
            for item in block.items:
                self.document.add_paragraph(_clean(item), style="List Bullet")
        elif isinstance(block, Verbatim):
            run = self.document.add_paragraph().add_run(_clean(block.text))
            run.font.name, run.font.size = "Consolas", Pt(9)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Picture):
            self._picture(block)

    def _paragraph(self, block: Paragraph) -> None:
        run = self.document.add_paragraph().add_run(_clean(block.text))
        if block.is_note:
            run.italic, run.font.size = True, Pt(9)
            run.font.color.rgb = RGBColor(0x5A, 0x62, 0x57)

    def _table(self, block: Table) -> None:
        self._turn(block.is_wide)
        self.tables += 1
        # Above its table, and on the same page.
        self._caption(f"Table {self.tables}. {block.caption}").paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=1, cols=len(block.header))
        table.style = "Table Grid"
        _look(table)
        size = Pt(8 if block.is_wide else 9)
        for cell, text in zip(table.rows[0].cells, block.header, strict=True):
            self._fill(cell, text, size, bold=True)
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), _HEADER_SHADE)
            cell._tc.get_or_add_tcPr().append(shade)
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for row in block.rows:
            added = table.add_row()
            # A row that does not fit goes to the next page whole.
            added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, content in zip(added.cells, row, strict=True):
                self._fill(cell, content, size)
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        self._widths(table, block)
        self.document.add_paragraph()

    def _widths(self, table: Any, block: Table) -> None:
        """Set the widths in the grid and in every cell: Word reads the one, LibreOffice the other."""
        widths = block.widths or (1.0,) * len(block.header)
        room = 24.7 if self.is_landscape else 16.0
        table.autofit = False
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Cm(room * share / sum(widths))
            for cell in column.cells:
                cell.width = column.width

    def _fill(self, cell: Any, text: Cell, size: Any, *, bold: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        if isinstance(text, PageOf):
            self._page_reference(paragraph, text.anchor, size)
            return
        run = paragraph.add_run(_clean(text))
        run.bold, run.font.size = bold, size

    def _picture(self, block: Picture) -> None:
        self._turn(False)
        self.pictures += 1
        self.document.add_picture(io.BytesIO(block.files["png"]))
        # Its caption stands below it, on the same page.
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        shape = self.document.inline_shapes[-1]
        widest, tallest = Cm(16), Cm(21)
        ratio = min(1.0, widest / shape.width, tallest / shape.height)
        shape.width, shape.height = int(shape.width * ratio), int(shape.height * ratio)
        # Said to those who cannot see it.
        shape._inline.docPr.set("descr", _clean(block.caption))
        self._caption(f"Figure {self.pictures}. {block.caption}")

    def _caption(self, text: str) -> Any:
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(_clean(text))
        run.bold, run.font.size = True, Pt(9)
        return paragraph

    def _turn(self, landscape: bool) -> None:
        """Begin a page of the other orientation where a table needs it, and turn back after it."""
        if landscape == self.is_landscape:
            return
        self.is_landscape = landscape
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        short, long = Cm(21), Cm(29.7)
        section.page_width, section.page_height = (long, short) if landscape else (short, long)

    def _bookmark(self, paragraph: Any, key: str) -> None:
        self.bookmarks += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self.bookmarks))
            if tag.endswith("Start"):
                mark.set(qn("w:name"), bookmark_of(key))
            paragraph._p.append(mark)

    def _page_reference(self, paragraph: Any, anchor: str, size: Any) -> None:
        for kind, text in (("begin", ""), ("", f" PAGEREF {bookmark_of(anchor)} \\h "), ("separate", ""),
                           ("text", "–"), ("end", "")):  # fmt: skip
            run = paragraph.add_run(text if kind == "text" else "")
            run.font.size = size
            if kind in {"begin", "separate", "end"}:
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
                run._r.append(part)
            elif not kind:
                part = OxmlElement("w:instrText")
                part.set(qn("xml:space"), "preserve")
                part.text = text
                run._r.append(part)

    def _ask_for_page_numbers(self) -> None:
        """Have the word processor fill in the page numbers when it opens the file."""
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        self.document.settings.element.append(update)


def _look(table: Any) -> None:
    """Thin grey lines between rows, none between columns, and room around the text."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side, shade in (("top", _RULE), ("bottom", _RULE), ("insideH", _HAIRLINE)):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", shade)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side in ("left", "right", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 50), ("left", 85), ("bottom", 50), ("right", 85)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema wants them in this order, before what says how the table is looked up.
    look = properties.find(qn("w:tblLook"))
    for part in (borders, margins):
        if look is not None:
            look.addprevious(part)
        else:
            properties.append(part)


def bookmark_of(key: str) -> str:
    """A name that Word takes: letters, digits, underscores, forty at most."""
    return ("w_" + re.sub(r"\W", "_", key))[:40]


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)

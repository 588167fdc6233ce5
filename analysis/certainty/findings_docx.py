"""The summary of findings as a Word file, laid out as the GRADE handbook has it."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from .findings import Finding

# Each column with its width in centimetres: no word of a heading breaks, and together they fill an A4 page
# laid on its side.
COLUMNS = {
    "Outcome": 3.7,
    "Participants (studies)": 2.7,
    "Certainty of the evidence": 2.9,
    "Relative effect [95% CI]": 2.9,
    "Baseline risk": 2.5,
    "Without the intervention": 2.5,
    "With the intervention [95% CI]": 3.2,
    "Difference [95% CI]": 3.0,
    "Comment": 3.3,
}
PAGE, MARGIN = (29.7, 21.0), 1.5
HEADING_SHADE = "E9EDF1"


def as_docx(title: str, question: str, rows: Sequence[Finding]) -> bytes:
    """The file. Every letter behind a certainty leads to its reason below the table."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Cm(length) for length in PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)
    document.styles["Normal"].font.size = Pt(9)
    document.add_heading("Summary of findings", level=1)
    document.add_paragraph(title)
    if question:
        document.add_paragraph(question)
    table = _headed(document)
    for row in rows:
        _outcome(table, row)
    for line in table.rows:
        for cell, width in zip(line.cells, COLUMNS.values(), strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    document.add_paragraph("Absolute effects are per 1,000 people.")
    notes = dict(note for row in rows for note in row.notes)
    for letter, reason in notes.items():
        document.add_paragraph(f"{letter}. {reason}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _headed(document: Any) -> Any:
    """A table with its headings, which Word repeats on every page."""
    table = document.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    table.autofit = False
    for cell, heading in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), HEADING_SHADE)
        cell._tc.get_or_add_tcPr().append(shade)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    return table


def _outcome(table: Any, row: Finding) -> None:
    """The rows of an outcome: one for each baseline risk, what they share in the first."""
    certainty = f"{row.symbols} {row.certainty}".strip()
    for index, each in enumerate(row.absolute or (None,)):
        head = (row.outcome, row.people, certainty, row.relative) if index == 0 else ("", "", "", "")
        cells = table.add_row().cells
        absolute = (each.label, each.without, each.with_it, each.difference) if each else ("", "", "", "")
        for cell, text in zip(cells, (*head, *absolute, row.comment if index == 0 else ""), strict=True):
            cell.text = text
        if index == 0 and row.letters:
            cells[2].paragraphs[0].add_run(f" {row.letters}").font.superscript = True

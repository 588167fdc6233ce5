"""The summary of findings as a Word file, laid out as the GRADE handbook has it."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from .findings import Finding

HEADINGS = (
    "Outcome",
    "Participants (studies)",
    "Certainty of the evidence",
    "Relative effect [95% CI]",
    "Baseline risk",
    "Without the intervention",
    "With the intervention [95% CI]",
    "Difference [95% CI]",
    "Comment",
)


def as_docx(title: str, question: str, rows: Sequence[Finding]) -> bytes:
    """The file. Every letter behind a certainty leads to its reason below the table."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.styles["Normal"].font.size = Pt(9)
    document.add_heading("Summary of findings", level=1)
    document.add_paragraph(title)
    if question:
        document.add_paragraph(question)
    table = document.add_table(rows=1, cols=len(HEADINGS))
    table.style = "Table Grid"
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for row in rows:
        _outcome(table, row)
    document.add_paragraph("Absolute effects are per 1,000 people.")
    notes = dict(note for row in rows for note in row.notes)
    for letter, reason in notes.items():
        document.add_paragraph(f"{letter}. {reason}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


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

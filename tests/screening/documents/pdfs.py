"""Small PDFs, written by hand so that the place of every word is known."""

from collections.abc import Sequence
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

WIDTH, HEIGHT = 612, 792
LEFT, FIRST_LINE, LEADING, SIZE = 72, 700, 16, 12


def make_pdf(*pages: Sequence[str], matrix: str = "1 0 0 1", rotate: int = 0, **description: str) -> bytes:
    """A PDF with the given lines on each page in 12 point Helvetica, the first 700 points above the bottom.

    matrix: how text is turned on the page; rotate: how the page is turned when shown, in degrees;
    description: what the file says of itself, such as Title.
    """
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", FONT]
    kids = []
    for lines in pages:
        shown = "\n".join(
            f"BT /F1 {SIZE} Tf {matrix} {LEFT} {FIRST_LINE - number * LEADING} Tm ({_escaped(line)}) Tj ET"
            for number, line in enumerate(lines)
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    told = " ".join(f"/{name} ({_escaped(value)})" for name, value in description.items())
    objects.append(f"<< {told} >>")
    return _with_table(objects)


def locked(content: bytes) -> bytes:
    """The same PDF behind a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def uploaded(content: bytes, name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _with_table(objects: Sequence[str]) -> bytes:
    content, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{each}\nendobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    content += (
        f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
        f"trailer\n<< /Size {count} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    )
    return content.encode("latin-1")

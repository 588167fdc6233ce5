"""Reads one PDF: a picture of each page, its words with their places, and what the file says of itself.

Run as a program, `python -m screening.documents.reading FILE FOLDER`: page pictures go to the folder, one
JSON object a line to standard output: first what is known of the file, then each page, or a refusal in words.
It runs apart from the site: a broken or hostile file can at worst end this process.
"""

import ctypes
import json
import logging
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from .lines import Letter, join_letters, level
from .pages import NotReadable, PageText

MOST_PAGES = 1000
# Pixels a point: 144 dots an inch, sharp on a dense screen at the width of a column.
SHARPNESS = 2.0
MOST_PIXELS = 5_000_000
# A page of print, also one with links or a chart, has fewer colours than this; a photograph or a scan more.
FEW_COLOURS = 1500
# For the matrix of a page: how far apart points are asked for, and how finely they are answered.
FAR, FINE = 1000.0, 64
MEMORY = 3 * 1024**3
SECONDS = 900
# A page drawn by hostile hands may hold millions of characters; no printed one has this many.
MOST_LETTERS = 60_000
# The namespace in which publishers give an article's DOI.
PRISM = "http://prismstandard.org/namespaces/basic/2.0/"


def read(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """First what is known of the file, then its pages one by one, whose pictures are in the folder then."""
    document = _opened(path)
    count = len(document)
    if count == 0:
        raise NotReadable("This PDF has no page.")
    yield {"pages": count, "said": _what_it_says(path), "read": min(count, MOST_PAGES)}
    for index in range(min(count, MOST_PAGES)):
        page = document[index]
        text = _page_text(page, index + 1, _label(document, index))
        picture = _picture(page, folder, index + 1)
        page.close()
        yield {
            "number": text.number,
            "width": text.width,
            "height": text.height,
            "label": text.label,
            "picture": picture,
            "lines": text.lines_as_json(),
        }


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise NotReadable(
                "This PDF asks for a password. Save a copy without one and upload that."
            ) from error
        raise NotReadable(
            "This file is damaged or no PDF, though its name and first bytes say so. "
            "Open it in a PDF reader; if that works, print it to a new PDF and upload that."
        ) from error


def _what_it_says(path: Path) -> list[str]:
    """The values of the file's own description, where publishers put title and DOI; none if it is broken."""
    logging.disable(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path)
        said = [str(value) for value in (reader.metadata or {}).values()]
        if xmp := reader.xmp_metadata:
            said += [*(xmp.dc_title or {}).values(), str(xmp.dc_identifier or "")]
            for node in xmp.get_nodes_in_namespace("", PRISM):
                said += [node.nodeValue or "", *(child.nodeValue or "" for child in node.childNodes)]
    except Exception:  # noqa: BLE001 - whatever is wrong with the description, the pages may still be read
        return []
    finally:
        logging.disable(logging.NOTSET)
    return [text[:1000] for each in said if (text := each.strip()) and text != "None"][:60]


def _label(document: pypdfium2.PdfDocument, index: int) -> str:
    label = document.get_page_label(index)
    return "" if label == str(index + 1) else label[:20]


def _picture(page: pypdfium2.PdfPage, folder: Path, number: int) -> str:
    """Draws a page into the folder and says how the file is called: PNG for plain print, else WebP."""
    width, height = page.get_size()
    scale = min(SHARPNESS, math.sqrt(MOST_PIXELS / max(width * height, 1)))
    image = page.render(scale=scale).to_pil().convert("RGB")
    name = f"{number:04d}.png"
    if image.reduce(4).getcolors(FEW_COLOURS):
        # Print needs no more than these: a third less than WebP, and written three times as fast.
        image.quantize(48, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(folder / name)
        return name
    name = f"{number:04d}.webp"
    image.save(folder / name, quality=75, method=2)
    return name


def _page_text(page: pypdfium2.PdfPage, number: int, label: str) -> PageText:
    width, height = (round(size, 1) for size in page.get_size())
    letters = _letters(page, width, height)
    return PageText(number, width, height, label, join_letters(letters))


def _letters(page: pypdfium2.PdfPage, width: float, height: float) -> Iterator[Letter]:
    text = page.get_textpage()
    quarters = page.get_rotation() // 90
    matrix = _placing(page, width, height)
    high = ""
    for index in range(min(text.count_chars(), MOST_LETTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        # Characters beyond the first plane come as two halves.
        if 0xD800 <= code <= 0xDBFF:
            high = chr(code)
            continue
        character = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        high = ""
        if character in "\x00\ufffe\uffff":
            continue
        # PDFium gives a hyphen at the end of a line as U+0002.
        character = "-" if character == "\x02" else character
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        turn = (round(max(angle, 0) / (math.pi / 2)) + quarters) % 4
        box = _placed(matrix, text.get_charbox(index, loose=True))
        start, top, end, bottom = level(turn, box, width, height)
        yield Letter(character, turn, start, end, top, bottom)


def _placing(page: pypdfium2.PdfPage, width: float, height: float) -> tuple[float, ...]:
    """The matrix from the PDF's own coordinates to the page as shown: cropped, turned, from the top left."""
    origin, along, up = (_shown_at(page, x, y, width, height) for x, y in ((0, 0), (FAR, 0), (0, FAR)))
    a, b = ((along[axis] - origin[axis]) / FAR for axis in (0, 1))
    c, d = ((up[axis] - origin[axis]) / FAR for axis in (0, 1))
    return a, b, c, d, *origin


def _shown_at(
    page: pypdfium2.PdfPage, x: float, y: float, width: float, height: float
) -> tuple[float, float]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    # The library answers in whole pixels, so it is asked for a very large picture.
    size = (round(width * FINE), round(height * FINE))
    pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, device_x, device_y)
    return device_x.value / FINE, device_y.value / FINE


def _placed(
    matrix: tuple[float, ...], box: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    xs = [a * x + c * y + e for x, y in ((left, bottom), (right, top))]
    ys = [b * x + d * y + f for x, y in ((left, bottom), (right, top))]
    return min(xs), min(ys), max(xs), max(ys)


def _limit_this_process() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main(path: str, folder: str) -> None:
    _limit_this_process()
    try:
        for found in read(Path(path), Path(folder)):
            print(json.dumps(found), flush=True)
    except NotReadable as refusal:
        print(json.dumps({"refused": str(refusal)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

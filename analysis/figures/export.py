"""Figures as files. The same figure gives the same bytes, today and next year."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image

from .style import printable  # the module also sets how matplotlib writes text

FileFormat = Literal["svg", "png", "pdf", "eps", "tiff"]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
# What matplotlib states once in a style sheet for every element.
_LINE_DEFAULTS = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
_FONT = re.compile(
    r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>bold|[1-9]00) )?(?P<size>[\d.]+)px (?P<family>.+)"
)


def figure_bytes(figure: Figure, file_format: FileFormat, dpi: int = 300) -> bytes:
    """The figure as a file: SVG, PDF and EPS keep text as text, PNG and TIFF have `dpi` dots to the inch.

    The SVG may be put into a page as it is: it has a title for screen readers, and presentation attributes
    instead of the styles that a strict content security policy would drop.
    """
    title = printable(str(figure.get_label()))
    metadata = {
        "svg": {"Date": None},  # a date would make each file another one
        "pdf": {"CreationDate": None, "Title": title},
        "png": {"Title": title},
        "eps": {"Title": title},
        "tiff": None,
    }
    # Journals ask for compressed TIFF; without it a forest plot at 600 dpi has 100 MB.
    further: dict[str, Any] = {"pil_kwargs": {"compression": "tiff_lzw"}} if file_format == "tiff" else {}
    out = io.BytesIO()
    figure.savefig(out, format=file_format, dpi=dpi, metadata=metadata[file_format], **further)
    if file_format == "svg":
        return _fit_for_a_page(out.getvalue(), title)
    return out.getvalue()


def pages_bytes(figures: Sequence[Figure], file_format: FileFormat, dpi: int = 300) -> bytes:
    """Several figures as the pages of one PDF or TIFF, or as numbered files in a zip; one figure as it is."""
    if len(figures) == 1:
        return figure_bytes(figures[0], file_format, dpi)
    if file_format == "pdf":
        return _pdf_pages(figures, dpi)
    pages = [figure_bytes(figure, file_format, dpi) for figure in figures]
    return _tiff_pages(pages, dpi) if file_format == "tiff" else _zipped(pages, file_format)


def _pdf_pages(figures: Sequence[Figure], dpi: int) -> bytes:
    out = io.BytesIO()
    metadata = {"CreationDate": None, "Title": printable(str(figures[0].get_label()))}
    with PdfPages(out, metadata=metadata) as pdf:
        for figure in figures:
            pdf.savefig(figure, dpi=dpi)
    return out.getvalue()


def _tiff_pages(pages: Sequence[bytes], dpi: int) -> bytes:
    first, *others = [Image.open(io.BytesIO(page)) for page in pages]
    out = io.BytesIO()
    first.save(out, "tiff", save_all=True, append_images=others, compression="tiff_lzw", dpi=(dpi, dpi))
    return out.getvalue()


def _zipped(pages: Sequence[bytes], file_format: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, page in enumerate(pages, 1):
            # A fixed date: the same figure gives the same bytes.
            archive.writestr(zipfile.ZipInfo(f"page-{number}.{file_format}", (1980, 1, 1, 0, 0, 0)), page)
    return out.getvalue()


@dataclass(frozen=True)
class Link:
    """Where a mark of a figure leads, and what is said of it to those who hover over it or cannot see it."""

    url: str
    words: str


def linked(svg: bytes, links: Mapping[str, Link]) -> bytes:
    """The SVG with each named mark inside a link: it can be clicked, hovered over and reached by Tab.

    links: id of a group to its link; ids that the figure lacks are passed over.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for at, child in enumerate(list(parent)):
            link = links.get(child.get("id", ""))
            if link is not None:
                anchor = ElementTree.Element(f"{{{_SVG}}}a", {"href": link.url, "aria-label": link.words})
                heading = ElementTree.SubElement(anchor, f"{{{_SVG}}}title")
                heading.text = link.words
                anchor.append(child)
                parent[at] = anchor
    # Its marks are links now; an image would hide them from a screen reader.
    root.set("role", "group")
    root.set("aria-label", root.findtext(f"{{{_SVG}}}title") or "Figure")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=False))


def _fit_for_a_page(svg: bytes, title: str) -> bytes:
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(svg)
    for element in list(root):
        # Metadata in RDF, which no reader of the page sees, and the style sheet.
        if element.tag == f"{{{_SVG}}}metadata" or element.find(f"{{{_SVG}}}style") is not None:
            root.remove(element)
    for element in root.iter():
        for name, value in _declarations(element.attrib.pop("style", "")):
            element.set(name, value)
        # matplotlib turns every text, by an angle of nought.
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
    for name, value in _LINE_DEFAULTS.items():
        root.set(name, value)
    _drop_automatic_ids(root)
    _drop_bare_groups(root)
    root.set("role", "img")
    heading = ElementTree.Element(f"{{{_SVG}}}title")
    heading.text = title
    root.insert(0, heading)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=False))


def _declarations(css: str) -> list[tuple[str, str]]:
    """The declarations of a style attribute as presentation attributes; `font` taken apart, as it is none."""
    found: list[tuple[str, str]] = []
    for declaration in filter(None, (each.strip() for each in css.split(";"))):
        name, value = (part.strip() for part in declaration.split(":", 1))
        shorthand = _FONT.fullmatch(value) if name == "font" else None
        if shorthand is None:
            found.append((name, value))
            continue
        found += [(f"font-{part}", each) for part, each in shorthand.groupdict().items() if each]
    return found


def _drop_automatic_ids(root: ElementTree.Element) -> None:
    """Remove ids like "text_12" that nothing refers to: two figures on one page would share them."""
    used = set(re.findall(r"#([\w-]+)", " ".join(v for each in root.iter() for v in each.attrib.values())))
    for element in root.iter():
        if re.fullmatch(r"[a-z0-9]+_\d+", element.get("id", "")) and element.get("id") not in used:
            del element.attrib["id"]


def _drop_bare_groups(parent: ElementTree.Element) -> None:
    """Put the children of groups that say nothing in the place of the group."""
    children: list[ElementTree.Element] = []
    for child in parent:
        _drop_bare_groups(child)
        bare = child.tag == f"{{{_SVG}}}g" and not child.attrib
        children += list(child) if bare else [child]
    parent[:] = children

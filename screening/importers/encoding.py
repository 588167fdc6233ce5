"""Bytes to text: the encodings that databases and reference managers write."""

import codecs

from .base import ImportRefused

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# First bytes of files that people upload by mistake, with what to say about them.
NOT_TEXT = (
    (b"%PDF", "This is a PDF, not an export of records. In the database choose export as RIS or .nbib."),
    (
        b"PK\x03\x04",
        "This is a zip archive or an Office document. Unpack it, or export as RIS, .nbib or XML.",
    ),
    (b"\x1f\x8b", "This is a compressed file. Unpack it first."),
)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Line ends become newlines.

    Raises ImportRefused for an empty file and for what is not text.
    """
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise ImportRefused("The file is empty. Export the search again and check that it holds records.")
    for signature, sentence in NOT_TEXT:
        if content.startswith(signature):
            raise ImportRefused(sentence)
    text, name = _decode(content)
    return text.replace("\r\n", "\n").replace("\r", "\n"), name


def _decode(content: bytes) -> tuple[str, str]:
    for bom, name in BOMS:
        if content.startswith(bom):
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                return content.decode(name, errors="replace"), name
    head = content[:2000]
    if head.count(b"\x00") > len(head) // 4:
        name = "utf-16-le" if head[1::2].count(b"\x00") > head[::2].count(b"\x00") else "utf-16-be"
        return content.decode(name, errors="replace"), name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    # cp1252 leaves five bytes without meaning; latin-1 takes every byte.
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"

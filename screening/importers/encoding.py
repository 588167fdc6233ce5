"""Bytes to text: the encodings that databases and reference managers write."""

import codecs
import re

from .base import ImportProblem, ImportRefused
from .cleaning import UNPRINTABLE

# No page and no database takes these; of control characters a text has tab and line ends only.
CONTROLS = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")
OTHERS = bytes(code for code in range(256) if code not in CONTROLS)
# Further control characters, and the marks that turn the direction of text around, as UTF-8 has them.
C1 = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
BIDI = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
# First bytes of files that people upload by mistake, with what to say about them.
NOT_TEXT = (
    (b"%PDF", "This is a PDF, not an export of records. In the database choose export as RIS or .nbib."),
    (
        b"PK\x03\x04",
        "This is a zip archive or an Office document. Unpack it, or export as RIS, .nbib, XML or .xlsx.",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Office document (.xls or .doc). Save it as .xlsx or CSV and import that.",
    ),
    (b"\x1f\x8b", "This is a compressed file. Unpack it first."),
    (b"SQLite format 3", "This is a database file. Export the records as RIS first."),
)
EMPTY = "The file is empty: no records were found. Export the search again and check that it holds records."
# Lines named one by one in a problem; of more than this many, the first and how many there are.
LINES_NAMED = 5


def decode(content: bytes) -> tuple[str, str, list[ImportProblem]]:
    """The text, the name of its encoding, and the lines that were not in it. Line ends become newlines.

    Raises ImportRefused for an empty file and for what is not text.
    """
    if not content[:4096].strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") and not content.strip(
        b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
    ):
        raise ImportRefused(EMPTY)
    for signature, sentence in NOT_TEXT:
        if content.startswith(signature):
            raise ImportRefused(sentence)
    text, name, problems = _decode(content)
    # The mark of byte order says nothing to a reader, and joined files have it in the middle too.
    text = text.replace("\ufeff", "")
    if name != "utf-8":
        text = UNPRINTABLE.sub("", text)
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text), name, problems


def _decode(content: bytes) -> tuple[str, str, list[ImportProblem]]:
    if content.startswith(codecs.BOM_UTF8):
        text, _, problems = _decode(content[len(codecs.BOM_UTF8) :])
        return text, "utf-8-sig", problems
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf_16(content)
    head = content[:2000]
    if head.count(b"\x00") > len(head) // 4:
        name = "utf-16-le" if head[1::2].count(b"\x00") > head[::2].count(b"\x00") else "utf-16-be"
        return content.decode(name, errors="replace"), name, []
    # Large files are not copied for what hardly any of them holds.
    if content.translate(None, OTHERS):
        content = content.translate(None, CONTROLS)
    content = BIDI.sub(b"", C1.sub(b"", content))
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return content.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        return _not_all_utf_8(content, error)


def _utf_16(content: bytes) -> tuple[str, str, list[ImportProblem]]:
    text = content.decode("utf-16", errors="replace")
    problems = []
    if len(content) % 2:
        reason = "The file ends inside a letter: the export was probably cut off. Export it again."
        problems.append(ImportProblem(text.count("\n") + 1, "", reason))
    return text, "utf-16", problems


def _not_all_utf_8(content: bytes, error: UnicodeDecodeError) -> tuple[str, str, list[ImportProblem]]:
    if error.reason == "unexpected end of data":
        line = content.count(b"\n") + 1
        return (
            content.decode("utf-8", errors="replace"),
            "utf-8",
            [
                ImportProblem(
                    line,
                    "",
                    "The file ends inside a letter, shown as \ufffd: the export was probably cut off. "
                    "Compare the number of records with the database's, and export it again.",
                )
            ],
        )
    return _line_by_line(content)


def _line_by_line(content: bytes) -> tuple[str, str, list[ImportProblem]]:
    """Files joined from several sources mix UTF-8 with cp1252: each line is read as what it is."""
    decoded, foreign, has_utf_8 = [], [], False
    for number, line in enumerate(content.splitlines(keepends=True), 1):
        try:
            decoded.append(line.decode("utf-8"))
            has_utf_8 = has_utf_8 or not line.isascii()
        except UnicodeDecodeError:
            decoded.append(_from_windows(line))
            foreign.append(number)
    if not has_utf_8:
        return "".join(decoded), "cp1252", []
    named = ", ".join(map(str, foreign[:LINES_NAMED]))
    more = f" and {len(foreign) - LINES_NAMED} more" if len(foreign) > LINES_NAMED else ""
    return (
        "".join(decoded),
        "utf-8 with cp1252 lines",
        [
            ImportProblem(
                foreign[0],
                "",
                f"Lines {named}{more} are not UTF-8 as the rest of the file is; they were read as "
                "Windows-1252. Check letters with accents there.",
            )
        ],
    )


def _from_windows(line: bytes) -> str:
    # cp1252 leaves five bytes without meaning; latin-1 takes every byte.
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")

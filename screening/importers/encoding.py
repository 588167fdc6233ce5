"""Bytes to text: the encodings that databases and reference managers write."""

import codecs
import re
from functools import cached_property

from .base import ImportProblem, ImportRefused
from .cleaning import UNPRINTABLE

# No page and no database takes these; of control characters a text has tab and line ends only.
CONTROLS = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")
OTHERS = bytes(code for code in range(256) if code not in CONTROLS)
# Further control characters, and the marks that turn the direction of text around, as UTF-8 has them.
C1 = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
BIDI = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
LONE_RETURN = re.compile(rb"\r(?!\n)")
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
# Bytes of a picture, a program or an archive are control characters in one of eight; text has hardly any.
MOST_CONTROLS = 0.05
NO_TEXT = (
    "This file is not text, so it is no export of records. In the database choose export as RIS or .nbib."
)
# How far into a file a format is looked for.
HEAD = 100_000
# A large file is checked piece by piece, so that it never stands in memory as text too.
SLICE = 1 << 20
MARK = codecs.BOM_UTF8
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
EMPTY = "The file is empty: no records were found. Export the search again and check that it holds records."
# Lines named one by one in a problem; of more than this many, the first and how many there are.
LINES_NAMED = 5


class Source:
    """A file's text as UTF-8, with newlines as line ends and nothing that no page could show.

    Formats that mark where a record begins are read from the bytes a record at a time; only the others need
    the text as a whole. `encoding` is the file's own, `problems` are the lines that were not in it.
    """

    def __init__(self, content: bytes, encoding: str, problems: list[ImportProblem]) -> None:
        self.content, self.encoding, self.problems = content, encoding, problems

    @cached_property
    def head(self) -> str:
        """The first characters, by which a format is known."""
        return self.content[: 4 * HEAD].decode("utf-8", errors="ignore")[:HEAD]

    @cached_property
    def text(self) -> str:
        return self.content.decode("utf-8")


def decode(content: bytes) -> Source:
    """The file as text, whatever its encoding.

    Raises ImportRefused for an empty file and for what is not text.
    """
    if not content[:4096].strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") and not content.strip(
        b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
    ):
        raise ImportRefused(EMPTY)
    for signature, sentence in NOT_TEXT:
        if content.startswith(signature):
            raise ImportRefused(sentence)
    if _is_binary(content[:4096]):
        raise ImportRefused(NO_TEXT)
    has_mark = content.startswith(MARK)
    content = content[len(MARK) :] if has_mark else content
    if _is_utf_16(content[:2000]):
        return _source(*_utf_16(content))
    content = _printable(content)
    if not _is_utf_8(content):
        text, name, problems = _not_all_utf_8(content)
        return _source(text, "utf-8-sig" if has_mark else name, problems)
    return Source(content, "utf-8-sig" if has_mark else "utf-8", [])


def _is_binary(head: bytes) -> bool:
    """Zeros are told apart by `_is_utf_16`: in such a text each letter may have one."""
    controls = len(head.translate(None, OTHERS))
    return not _is_utf_16(head) and controls > MOST_CONTROLS * len(head)


def _source(text: str, name: str, problems: list[ImportProblem]) -> Source:
    text = UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return Source(text.encode(), name, problems)


def _printable(content: bytes) -> bytes:
    """Without what no page takes; a large file is not copied for what hardly any of them holds."""
    if content.translate(None, OTHERS):
        content = content.translate(None, CONTROLS)
    if not content.isascii():
        # The mark of byte order says nothing to a reader, and joined files have it in the middle too.
        content = BIDI.sub(b"", C1.sub(b"", content)).replace(MARK, b"")
    if b"\r" in content:
        if LONE_RETURN.search(content):
            content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        else:  # many times faster than replacing pairs
            content = content.replace(b"\r", b"")
    return content


def _is_utf_8(content: bytes) -> bool:
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for begin in range(0, len(content), SLICE):
            decoder.decode(view[begin : begin + SLICE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf_16(head: bytes) -> bool:
    # Without a mark, every other byte of Latin text is zero.
    return head.startswith(UTF_16_MARKS) or head.count(b"\x00") > len(head) // 4


def _utf_16(content: bytes) -> tuple[str, str, list[ImportProblem]]:
    if not content.startswith(UTF_16_MARKS):
        head = content[:2000]
        name = "utf-16-le" if head[1::2].count(b"\x00") > head[::2].count(b"\x00") else "utf-16-be"
        return content.decode(name, errors="replace"), name, []
    text = content.decode("utf-16", errors="replace")
    problems = []
    if len(content) % 2:
        reason = "The file ends inside a letter: the export was probably cut off. Export it again."
        problems.append(ImportProblem(text.count("\n") + 1, "", reason))
    return text, "utf-16", problems


def _not_all_utf_8(content: bytes) -> tuple[str, str, list[ImportProblem]]:
    try:
        return content.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return _line_by_line(content)
    reason = (
        "The file ends inside a letter, shown as \ufffd: the export was probably cut off. "
        "Compare the number of records with the database's, and export it again."
    )
    problem = ImportProblem(content.count(b"\n") + 1, "", reason)
    return content.decode("utf-8", errors="replace"), "utf-8", [problem]


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

"""Opens a review's file and believes nothing in it: names, sizes and hashes are checked before any row."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import CarryingRefused
from .manifest import MANIFEST, PEOPLE, Manifest, Member, read_manifest
from .tables import TABLES

Progress = Callable[[int, int], None]
PIECE = 1 << 20
LARGEST_MANIFEST = 50 * PIECE
LONGEST_ROW = 200 * PIECE
MOST_ROWS = 500
# Text packs to a tenth; a file that unpacks to more than this many times its size is a bomb.
MOST_UNPACKED = 100
DAMAGED = "This file is damaged or was changed after it was written: {0}. Export the review again."


class Carried:
    """A review's file that has been checked."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.archive, self.manifest = archive, manifest

    @property
    def files(self) -> list[str]:
        return [name for name in self.manifest.members if name.startswith("files/")]

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table's file, one at a time."""
        for line in self._lines(name):
            yield _row(line, name)

    def batches(self, name: str) -> Iterator[list[dict[str, Any]]]:
        """The rows in lists that hold little: many short rows, few long ones."""
        rows: list[dict[str, Any]] = []
        size = 0
        for line in self._lines(name):
            rows.append(_row(line, name))
            size += len(line)
            if len(rows) == MOST_ROWS or size > PIECE:
                yield rows
                rows, size = [], 0
        if rows:
            yield rows

    def _lines(self, name: str) -> Iterator[bytes]:
        if name not in self.manifest.members:
            return
        with self.archive.open(name) as file:
            while line := file.readline(LONGEST_ROW):
                yield line

    def unpack(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.archive.open(name) as source, target.open("wb") as file:
            while piece := source.read(PIECE):
                file.write(piece)


def _row(line: bytes, name: str) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise CarryingRefused(DAMAGED.format(f"{name} holds a row that cannot be read"))
    return row


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


@contextmanager
def opened(path: Path, progress: Progress | None = None) -> Iterator[Carried]:
    """The checked file. Raises CarryingRefused with a sentence when anything about it is wrong."""
    try:
        with zipfile.ZipFile(path) as archive:
            carried = Carried(archive, _manifest(archive))
            _check_names(carried, path.stat().st_size)
            _check_content(carried, progress)
            yield carried
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, (EOFError, FileNotFoundError)):
            raise
        raise CarryingRefused(
            "This is not a ZIP file, or it is cut short. Choose the file that Winnow's export gave."
        ) from None
    except RuntimeError as error:
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        raise CarryingRefused("This ZIP file is locked with a password; Winnow's own are not.") from None


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        entry = archive.getinfo(MANIFEST)
    except KeyError:
        raise CarryingRefused("This is not a review that Winnow has exported.") from None
    if entry.file_size > LARGEST_MANIFEST:
        raise CarryingRefused(DAMAGED.format("its list of contents is far too long"))
    with archive.open(entry) as file:
        return read_manifest(file.read(LARGEST_MANIFEST))


def _check_names(carried: Carried, packed: int) -> None:
    """Exactly what the manifest lists is there, each once, and unpacks to what it says."""
    there = [entry.filename for entry in carried.archive.infolist() if entry.filename != MANIFEST]
    members = carried.manifest.members
    known = {PEOPLE, *(table.file_name for table in TABLES)}
    if len(set(there)) != len(there) or set(there) != set(members):
        raise CarryingRefused(DAMAGED.format("its contents are not those that it lists"))
    if strange := next((n for n in members if n not in known and not n.startswith("files/")), None):
        raise CarryingRefused(f"This file holds {strange!r}, which no review of this Winnow has.")
    if sum(each.size for each in members.values()) > MOST_UNPACKED * packed + 10 * PIECE:
        raise CarryingRefused(DAMAGED.format("it unpacks to far more than a review would"))


def _check_content(carried: Carried, progress: Progress | None) -> None:
    total = sum(each.size for each in carried.manifest.members.values())
    done = 0
    for name, member in carried.manifest.members.items():
        _check_member(carried.archive, name, member)
        done += member.size
        if progress:
            progress(done, total)


def _check_member(archive: zipfile.ZipFile, name: str, member: Member) -> None:
    digest, size, rows = hashlib.sha256(), 0, 0
    try:
        with archive.open(name) as file:
            while piece := file.read(PIECE):
                size += len(piece)
                if size > member.size:
                    break
                digest.update(piece)
                rows += piece.count(b"\n") if member.rows else 0
    except zipfile.BadZipFile:
        raise CarryingRefused(DAMAGED.format(f"{name} cannot be unpacked")) from None
    if size != member.size or digest.hexdigest() != member.sha256:
        raise CarryingRefused(DAMAGED.format(f"{name} is not what it was"))
    if rows != member.rows:
        raise CarryingRefused(DAMAGED.format(f"{name} has {rows} rows in place of {member.rows}"))

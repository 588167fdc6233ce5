"""A backup as one file: a tar with the rows, the uploaded files and a list of checksums.

manifest.json    what it is, which migrations it is of, the tables, and SHA-256 and size of every other member
database/...     one file a table (see dump.py)
files/...        every uploaded file under its own name
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from .dump import Table

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class ArchiveProblem(Exception):
    """The file is no backup that can be trusted; the text is a sentence for the person."""


@dataclass(frozen=True)
class Member:
    """A file of the archive as the manifest promises it."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    winnow: str
    database: str
    migrations: list[list[str]]
    tables: list[Table]
    members: dict[str, Member]
    format: int = FORMAT


class Writer:
    """Adds members to a tar and keeps their checksums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.members = tar, {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        hashed = _Hashed(content)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self.tar.addfile(info, hashed)
        self.members[name] = Member(size, hashed.digest.hexdigest())

    def close(self, manifest: Manifest) -> None:
        told = json.dumps(asdict(manifest), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(told), 0o600
        self.tar.addfile(info, io.BytesIO(told))


class _Hashed:
    """Reads a file on and keeps the checksum of what passed."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.digest = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.content.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive, which gets its name only once all of it is on the disk."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            with tarfile.open(fileobj=file, mode="w") as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    checksum = digest_of(path)
    path.with_name(path.name + ".sha256").write_text(f"{checksum}  {path.name}\n")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(path: Path) -> Manifest:
    """What the archive says of itself. Raises ArchiveProblem."""
    try:
        with tarfile.open(path, "r:") as tar:
            told = json.load(_content(tar, MANIFEST))
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise ArchiveProblem(f"{path.name} is no backup of Winnow, or it was cut off ({error}).") from error
    if told.get("format") != FORMAT:
        raise ArchiveProblem(f"{path.name} was made by a later Winnow; take that one to restore it.")
    return _manifest(told)


def _manifest(told: dict[str, Any]) -> Manifest:
    tables = [Table(**table) for table in told.pop("tables")]
    members = {name: Member(**member) for name, member in told.pop("members").items()}
    return Manifest(**told, tables=tables, members=members)


def verify(path: Path, manifest: Manifest) -> None:
    """Read all of it and compare with its checksums. Raises ArchiveProblem at the first difference."""
    found = set()
    try:
        with tarfile.open(path, "r:") as tar:
            for info in tar:
                if info.name == MANIFEST:
                    continue
                _check_name(info)
                found.add(info.name)
                promised = manifest.members.get(info.name)
                content = tar.extractfile(info)
                if promised is None or content is None or _digest(content) != promised.sha256:
                    raise ArchiveProblem(f"{info.name} is not as it was when the backup was made.")
    except tarfile.TarError as error:
        raise ArchiveProblem(f"{path.name} cannot be read to its end ({error}).") from error
    if missing := set(manifest.members) - found:
        raise ArchiveProblem(f"{len(missing)} files are missing in the backup, among them {min(missing)}.")


def _check_name(info: tarfile.TarInfo) -> None:
    name = PurePosixPath(info.name)
    if (
        not info.isfile()
        or name.is_absolute()
        or ".." in name.parts
        or name.parts[0] not in ("database", "files")
    ):
        raise ArchiveProblem(f"{info.name} has no place in a backup.")


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def members_under(path: Path, folder: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Name below the folder, and content, of each member there; the archive was verified before."""
    with tarfile.open(path, "r:") as tar:
        for info in tar:
            if info.name.startswith(folder + "/"):
                content = tar.extractfile(info)
                if content is not None:
                    yield info.name.removeprefix(folder + "/"), content


def _content(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    content = tar.extractfile(name)
    if content is None:
        raise KeyError(name)
    return content

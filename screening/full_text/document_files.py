"""Where a PDF and its pages' pictures are kept: in a folder named by the file's hash, never by its name.

Everything goes through the site's file store, which may be a folder or an S3-compatible one; what needs a
file on this machine (the reader does) gets a copy for as long as it works.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage

from ..models import Document, DocumentPage
from ..models.documents import document_folder


def folder_of(document: Document) -> str:
    """The folder's name in the file store."""
    return document_folder(document)


def _pictures(folder: str) -> str:
    return f"{folder}/pages"


def read_picture(page: DocumentPage) -> tuple[bytes, str]:
    """A page's picture and its media type."""
    document = page.document
    name = f"{_pictures(folder_of(document))}/{page.picture}"
    with document.file.storage.open(name, "rb") as file:
        return file.read(), f"image/{Path(page.picture).suffix.removeprefix('.')}"


@contextmanager
def local_copy(document: Document) -> Iterator[Path]:
    """The PDF as a file on this machine."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy, document.file.open("rb") as kept:
        shutil.copyfileobj(kept, copy)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def pictures_room() -> Iterator[Path]:
    """A folder on this machine in which pictures are drawn before they are kept."""
    with tempfile.TemporaryDirectory(prefix="winnow-pages-") as room:
        yield Path(room)


def keep_pictures(document: Document, room: Path) -> None:
    """Put the pictures into the store; what a reading that was broken off had left is gone."""
    folder, storage = _pictures(folder_of(document)), document.file.storage
    _remove(storage, folder)
    for picture in sorted(room.iterdir()):
        with picture.open("rb") as file:
            storage.save(f"{folder}/{picture.name}", File(file))


def forget(storage: Storage, folder: str) -> None:
    """Remove a document's file and all its pictures for good."""
    _remove(storage, _pictures(folder))
    _remove(storage, folder)


def _remove(storage: Storage, folder: str) -> None:
    try:
        _, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        storage.delete(f"{folder}/{name}")
    # An emptied folder goes too, where folders are things of their own.
    storage.delete(folder)

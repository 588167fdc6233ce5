"""Where a PDF and its pages' pictures are kept: in a folder named by the file's hash, never by its name."""

import shutil
from pathlib import Path

from .models import Document, DocumentPage
from .models.documents import document_folder


def folder_of(document: Document) -> Path:
    return Path(document.file.storage.path(document_folder(document)))


def pictures_folder(document: Document) -> Path:
    return folder_of(document) / "pages"


def picture_of(page: DocumentPage) -> Path:
    return pictures_folder(page.document) / page.picture


def empty_pictures_folder(document: Document) -> Path:
    """A fresh folder for the pictures; what a reading that was broken off had left is gone."""
    folder = pictures_folder(document)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)

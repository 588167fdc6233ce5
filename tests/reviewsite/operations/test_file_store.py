"""Uploaded files in an S3-compatible store: kept, read, shown, removed and backed up as in a folder."""

import hashlib
import zipfile

import pytest
from django.core.files.storage import default_storage

from reviewsite.operations import archive, backups
from reviewsite.portability.exporting import export_review
from reviewsite.portability.importing import import_review
from screening.full_text.full_texts import remove
from screening.searches.imports import register_file

from ...makers import make_member, make_review
from ...screening.documents.makers import make_document
from ..portability.making import wipe
from .s3_standin import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(settings):
    """A store of its own; the site's files are in it and nowhere else."""
    store = StandIn()
    options = {
        "bucket_name": "winnow",
        "endpoint_url": store.url,
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
        "file_overwrite": False,
        "default_acl": None,
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    yield store
    store.shutdown()
    store.server_close()


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def document(store, review):
    return make_document(review, make_member(review))


def test_an_export_is_kept_and_read_there(store, review):
    content = b"TY  - JOUR\nTI  - A trial\nER  - \n"
    run = register_file(review=review, content=content, file_name="a.ris", database="X", by=review.created_by)

    assert store.kept[run.file.name] == content
    assert run.records.count() == 1


def test_a_pdf_and_its_pictures_are_kept_shown_and_removed_there(store, review, document, client):
    assert {name.rsplit("/", 1)[1] for name in store.kept} >= {"whole.pdf", "0001.png"}
    client.force_login(review.created_by)
    address = f"/reviews/{review.slug}/reports/documents/{document.pk}"

    file = client.get(f"{address}/file.pdf")
    picture = client.get(f"{address}/pages/1/picture/")

    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert picture.content.startswith(b"\x89PNG")
    remove(document=document, by=review.created_by)
    assert store.kept == {}


def test_a_backup_holds_what_is_in_the_store_and_brings_it_back(store, document, tmp_path):
    before = dict(store.kept)
    path = tmp_path / "site.tar"
    manifest = backups.write_archive(path)
    archive.verify(path, manifest)
    assert {f"files/{name}" for name in before} <= set(manifest.members)

    store.kept.clear()
    for name, content in archive.members_under(path, "files"):
        backups._save(name, content)

    assert store.kept == before
    assert default_storage.exists(document.file.name)


def test_a_review_is_carried_out_of_the_store_and_back_into_it(store, review, document, tmp_path):
    before, path = dict(store.kept), tmp_path / "review.zip"
    export_review(review=review, target=path)
    with zipfile.ZipFile(path) as archive:
        held = {hashlib.sha256(archive.read(name)).digest() for name in archive.namelist()}
    assert {hashlib.sha256(content).digest() for content in before.values()} <= held
    slug, words = review.slug, document.pages.get().lines

    wipe(review)
    store.kept.clear()
    brought = import_review(path=path)

    assert sorted(store.kept.values()) == sorted(before.values())
    assert brought.slug == slug
    assert brought.documents.get().pages.get().lines == words

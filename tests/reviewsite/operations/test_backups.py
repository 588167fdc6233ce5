"""A backup is whole, of one moment, and restores to the very same rows; a damaged one is refused."""

import os
import shutil
import subprocess
import sys
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from reviewsite.operations import archive, backups, dump
from reviewsite.operations.models import Backup
from reviewsite.operations.tasks import queue_due_backup
from reviewsite.reviews.models import Review, User

from ...makers import make_member, make_review
from ..pages import populate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review():
    review = make_review()
    populate(review, [make_member(review), make_member(review)])
    default_storage.save("pages/1.webp", ContentFile(b"a picture that no row names"))
    return review


@pytest.fixture
def other_databases(monkeypatch):
    """Tests may reach only databases of the settings; here another is made on the way."""

    def connect(self):
        if self.connection is None:
            with self.wrap_database_errors:
                self.connect()

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", connect)


def become_empty(settings) -> None:
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT)


def checksums(path: Path) -> dict[str, str]:
    return {name: member.sha256 for name, member in archive.read_manifest(path).members.items()}


def test_the_restore_drill(review, settings, tmp_path):
    backup = backups.make_backup(tmp_path / "backups")
    become_empty(settings)

    said = StringIO()
    call_command("restore", backup.file, stdout=said)

    assert f"{review.slug} ok" in said.getvalue()
    again = tmp_path / "again.tar"
    backups.write_archive(again)
    assert checksums(again) == checksums(Path(backup.file))
    assert default_storage.open("pages/1.webp").read() == b"a picture that no row names"
    # Numbering goes on after what was restored.
    assert make_review().pk > review.pk


@pytest.mark.usefixtures("other_databases")
def test_a_site_moves_to_another_kind_of_database_and_back_without_a_difference(review, settings, tmp_path):
    """On PostgreSQL this is the way there and back; on SQLite from file to file."""
    whole, first = tmp_path / "whole.tar", tmp_path / "first.tar"
    backups.write_archive(whole)
    backups.write_archive(first, with_files=False)
    other = f"sqlite:///{tmp_path / 'other' / 'winnow.sqlite3'}"
    environment = {**os.environ, "DATABASE_URL": other, "WINNOW_DATA_DIR": str(tmp_path / "other")}
    # In a process of its own, as on another machine.
    subprocess.run(
        [sys.executable, "manage.py", "restore", str(whole)],
        env=environment,
        check=True,
        cwd=settings.BASE_DIR,
    )
    # Both stand on one folder of files; only the rows move.
    call_command("flush", interactive=False, verbosity=0)

    said = StringIO()
    call_command("move_site", source=other, stdout=said)

    assert f"{review.slug} ok" in said.getvalue()
    second = tmp_path / "second.tar"
    backups.write_archive(second, with_files=False)
    assert checksums(second) == checksums(first)


def test_nothing_is_restored_over_people_or_reviews(review, tmp_path):
    backup = backups.make_backup(tmp_path)

    with pytest.raises(CommandError, match="people or reviews"):
        call_command("restore", backup.file)

    assert Review.objects.get() == review


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_a_backup_with_one_changed_byte_is_refused(review, settings, tmp_path, at):
    path = Path(backups.make_backup(tmp_path).file)
    content = bytearray(path.read_bytes())
    with tarfile.open(path) as tar:
        places = [
            (info.offset_data, info.size) for info in tar if info.size > 100 and info.name != "manifest.json"
        ]
    offset, size = places[int(len(places) * at)]
    content[offset + size // 2] ^= 1
    path.write_bytes(content)
    become_empty(settings)

    with pytest.raises(CommandError, match="not as it was"):
        call_command("restore", str(path))

    assert not User.objects.exists()


def test_a_backup_that_was_cut_off_is_refused(review, tmp_path):
    path = Path(backups.make_backup(tmp_path).file)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(CommandError, match="no backup of Winnow, or it was cut off"):
        call_command("restore", str(path), check=True)


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path):
    path = tmp_path / "evil.tar"
    with archive.writing(path) as writer:
        writer.add("files/../../evil", ContentFile(b"x"), 1)
        writer.close(archive.Manifest("", "", "", [], [], writer.members))

    with pytest.raises(archive.ArchiveProblem, match="no place in a backup"):
        archive.verify(path, archive.read_manifest(path))


def test_a_backup_of_a_later_winnow_is_refused_before_anything_is_written(tmp_path):
    path = tmp_path / "later.tar"
    with archive.writing(path) as writer:
        writer.close(archive.Manifest("", "", "", [["reviews", "9999_later"]], [], {}))

    with pytest.raises(CommandError, match="older than the backup"):
        call_command("restore", str(path))


def test_no_half_a_backup_is_left_when_the_disk_is_full(review, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tarfile.TarFile.addfile", full)

    with pytest.raises(backups.BackupProblem, match="No space left"):
        backups.make_backup(tmp_path)

    assert list(tmp_path.glob("*.tar*")) == []
    assert "No space left" in Backup.objects.get().problem


def test_old_backups_are_removed_beyond_the_number_to_keep(tmp_path):
    for day in (1, 2, 3):
        (tmp_path / f"winnow-2026010{day}-000000.tar").write_bytes(b"")

    backup = backups.make_backup(tmp_path, keep=2)

    left = sorted(path.name for path in tmp_path.glob("winnow-*.tar"))
    assert left == ["winnow-20260103-000000.tar", Path(backup.file).name]


def test_a_file_that_a_row_names_and_that_is_gone_is_told(review, tmp_path, settings):
    shutil.rmtree(settings.MEDIA_ROOT)

    with pytest.raises(backups.BackupProblem, match="is not there"):
        backups.write_archive(tmp_path / "a.tar")


def test_every_table_is_in_the_backup_or_left_out_by_name(tmp_path):
    manifest = backups.write_archive(tmp_path / "a.tar", with_files=False)

    everything = {m._meta.label for m in apps.get_models(include_auto_created=True)}
    assert {table.label for table in manifest.tables} == everything - dump.LEFT_OUT


def test_the_worker_makes_a_backup_when_one_is_due_and_not_twice(settings, tmp_path):
    queue_due_backup()
    assert not Backup.objects.exists()

    settings.BACKUP_DIR = str(tmp_path)
    queue_due_backup()
    queue_due_backup()

    assert Backup.objects.get().is_good
    assert archive.read_manifest(Path(Backup.objects.get().file)).format == archive.FORMAT

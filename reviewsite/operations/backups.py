"""Makes backups while people work, keeps the newest, and restores one into an empty site."""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    IntegrityError,
    connection,
    connections,
    models,
    transaction,
)
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from reviewsite import __version__
from reviewsite.portability.summaries import differing
from reviewsite.reviews.models import Review, User
from screening.citations import word_index

from . import archive, dump
from .models import Backup

NAME = "winnow-{:%Y%m%d-%H%M%S}.tar"
PATTERN = "winnow-*.tar"
# A file that somebody removes between the snapshot and its copying: look again, at a newer snapshot.
TRIES = 3
# No backup takes so long; one that is older was killed.
LONGEST = timedelta(hours=12)


class BackupProblem(Exception):
    """No backup, or nothing restored; the text is a sentence for the person who runs the site."""


class _FileGone(Exception):
    """A file that the snapshot names was removed since."""


def make_backup(folder: Path, *, keep: int = 0) -> Backup:
    """A new archive in the folder. With `keep`, older ones beyond that number go. Raises BackupProblem."""
    backup = _begin()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / NAME.format(timezone.now())
        write_archive(path)
        for old in _older(folder, keep):
            old.unlink()
            old.with_name(old.name + ".sha256").unlink(missing_ok=True)
    except (OSError, DatabaseError, archive.ArchiveProblem) as error:
        _end(backup, problem=str(error))
        raise BackupProblem(f"No backup was made: {error}") from error
    _end(backup, file=str(path), size=path.stat().st_size)
    return backup


def _begin() -> Backup:
    Backup.objects.filter(is_under_way=True, started_at__lt=timezone.now() - LONGEST).update(
        is_under_way=False, finished_at=timezone.now(), problem="It was interrupted."
    )
    try:
        with transaction.atomic():
            return Backup.objects.create()
    except IntegrityError as error:
        raise BackupProblem("A backup is under way already.") from error


def _end(backup: Backup, **columns: object) -> None:
    for name, value in {"is_under_way": False, "finished_at": timezone.now(), **columns}.items():
        setattr(backup, name, value)
    backup.save()


def _older(folder: Path, keep: int) -> list[Path]:
    found = sorted(folder.glob(PATTERN), reverse=True)
    return found[keep:] if keep else []


def write_archive(path: Path, using: str = DEFAULT_DB_ALIAS, *, with_files: bool = True) -> archive.Manifest:
    """Rows of one moment and the files they name. Work goes on meanwhile; nobody waits for it."""
    for left in reversed(range(TRIES)):
        try:
            return _write_archive(path, using, default_storage if with_files else None)
        except _FileGone as gone:
            if not left:
                raise BackupProblem(f"The file {gone} is named by the database and is not there.") from gone
    raise AssertionError("unreachable")


def _write_archive(path: Path, using: str, storage: Storage | None) -> archive.Manifest:
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as room,
        archive.writing(path) as writer,
    ):
        with dump.snapshot(using):
            made_at = timezone.now()
            tables = dump.write_tables(apps, Path(room), using)
            named = files_named(using) if storage else set()
            migrations = _applied(using)
        for table in tables:
            with (Path(room) / table.file).open("rb") as file:
                writer.add(f"database/{table.file}", file, (Path(room) / table.file).stat().st_size)
        if storage:
            _add_files(writer, storage, named)
        manifest = archive.Manifest(
            made_at=made_at.isoformat(),
            winnow=__version__,
            database=connections[using].vendor,
            migrations=migrations,
            tables=tables,
            members=writer.members,
        )
        writer.close(manifest)
    return manifest


def _add_files(writer: archive.Writer, storage: Storage, named: set[str]) -> None:
    found = set()
    for name in all_files(storage):
        try:
            with storage.open(name, "rb") as file:
                writer.add(f"files/{name}", file, file.size)
        except FileNotFoundError:
            continue
        found.add(name)
    if missing := named - found:
        raise _FileGone(min(missing))


def files_named(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """Every uploaded file that a row names."""
    named: set[str] = set()
    for model in dump.models_of(apps):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                stored = model._base_manager.using(using).exclude(**{field.name: ""})
                named.update(stored.values_list(field.name, flat=True))
    return named


def all_files(storage: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files that are kept, also of pictures, which no row names."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in sorted(files):
        yield prefix + name
    for name in sorted(folders):
        yield from all_files(storage, prefix + name)


def _applied(using: str) -> list[list[str]]:
    """The newest migration of each app; refuses when the code is ahead of the database."""
    loader = MigrationLoader(connections[using])
    leaves = loader.graph.leaf_nodes()
    if not set(leaves) <= set(loader.applied_migrations):
        raise BackupProblem("The database is not up to date: run `manage.py migrate` first.")
    return [list(leaf) for leaf in leaves]


def restore(path: Path, *, with_files: bool = True) -> list[str]:
    """Restore into an empty site; one line a review. Raises ArchiveProblem, DumpProblem and BackupProblem."""
    manifest = archive.read_manifest(path)
    archive.verify(path, manifest)
    _only_into_nothing(with_files)
    with tempfile.TemporaryDirectory(prefix="winnow-restore-") as room:
        for name, content in archive.members_under(path, "database"):
            _copy(content, Path(room) / name)
        _load(manifest, Path(room))
    if with_files:
        for name, content in archive.members_under(path, "files"):
            _save(name, content)
    return recounted(manifest)


def _only_into_nothing(with_files: bool) -> None:
    tables = connection.introspection.table_names()
    for model in (User, Review):
        if model._meta.db_table in tables and model._base_manager.exists():
            raise BackupProblem("There are people or reviews on this site. Restore into an empty one.")
    if with_files and next(all_files(default_storage), None) is not None:
        raise BackupProblem("The folder of uploaded files is not empty. Restore into an empty one.")


def _load(manifest: archive.Manifest, room: Path) -> None:
    """Make the tables as they were when the backup was made, fill them, and bring them up to date."""
    executor = MigrationExecutor(connection)
    targets = [tuple(each) for each in manifest.migrations]
    unknown = [f"{app} {name}" for app, name in targets if (app, name) not in executor.loader.graph.nodes]
    if unknown:
        raise BackupProblem(
            f"This Winnow knows nothing of {', '.join(unknown)}: it is older than the backup."
        )
    if set(executor.loader.applied_migrations) - _needed(executor, targets):
        raise BackupProblem(
            "The backup is of an earlier Winnow and the tables of this site are newer. "
            "Restore into a database without any tables; they are made and brought up to date."
        )
    executor.migrate(targets)
    old = executor.loader.project_state(targets).apps
    dump.read_tables(old, room, manifest.tables)
    call_command("migrate", verbosity=0, interactive=False)
    # The rows came in past the rule that keeps it.
    word_index.empty()
    word_index.add_all()


def _needed(executor: MigrationExecutor, targets: list[tuple[str, str]]) -> set[tuple[str, str]]:
    graph = executor.loader.graph
    return {node for target in targets for node in graph.forwards_plan(target)}


def _copy(content, path: Path) -> None:
    with path.open("wb") as file:
        while block := content.read(archive.BLOCK):
            file.write(block)


def _save(name: str, content) -> None:
    with tempfile.TemporaryFile() as room:
        while block := content.read(archive.BLOCK):
            room.write(block)
        room.seek(0)
        kept = default_storage.save(name, File(room))
    if kept != name:
        raise BackupProblem(f"The file {name} was there already.")


def recounted(manifest: archive.Manifest) -> list[str]:
    """Each review with what differs from its rows, after the number of all rows was compared."""
    now = dump.count_rows(apps)
    for table in manifest.tables:
        # Tables that later migrations changed by their own rows are told by check_review alone.
        if table.label in now and now[table.label] < table.rows:
            raise BackupProblem(f"{table.label}: {now[table.label]} of {table.rows} rows are there.")
    reviews = Review.objects.select_related("protocol").order_by("slug")
    return [f"{review.slug} {'; '.join(differing(review)) or 'ok'}" for review in reviews]


def is_due(now: datetime) -> bool:
    """Whether the site makes backups by itself and the newest one is old enough."""
    if not settings.BACKUP_DIR:
        return False
    newest = Backup.objects.first()
    return newest is None or (
        not newest.is_under_way and now - newest.started_at >= timedelta(hours=settings.BACKUP_EVERY_HOURS)
    )

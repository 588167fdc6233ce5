"""The first thing that is read of a review's file: what made it, what is in it, and what it must come to."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.migrations.loader import MigrationLoader

from reviewsite import __version__

from .errors import CarryingRefused
from .tables import TABLES

MANIFEST = "manifest.json"
PEOPLE = "data/people.jsonl"
FORMAT = "winnow-review"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Member:
    """One file in the archive: its hash, its size in bytes, and for tables the number of rows."""

    sha256: str
    size: int
    rows: int = 0


@dataclass
class Manifest:
    """summary: what `summaries.summary_of` said of the review when the file was written."""

    slug: str
    title: str
    written_at: str
    summary: dict[str, Any]
    members: dict[str, Member] = field(default_factory=dict)
    made_by: str = __version__
    schema: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        told = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def schema_here() -> dict[str, str]:
    """The newest migration of each app that has tables of a review."""
    apps = {table.label.split(".")[0] for table in TABLES}
    loader = MigrationLoader(None)
    return {app: name for app, name in sorted(loader.graph.leaf_nodes()) if app in apps}


def read_manifest(text: bytes) -> Manifest:
    """The manifest, refused when the file is not a review's or was made by a newer Winnow."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError
        version, schema, made_by = int(told["format_version"]), dict(told["schema"]), str(told["made_by"])
    except (ValueError, KeyError, TypeError):
        raise CarryingRefused("This is not a review that Winnow has exported.") from None
    _refuse_newer(version, schema, made_by)
    try:
        members = {str(name): Member(**each) for name, each in told["members"].items()}
        if not all(isinstance(each.size, int) and isinstance(each.rows, int) for each in members.values()):
            raise TypeError
        return Manifest(
            slug=str(told["slug"]),
            title=str(told["title"]),
            written_at=str(told["written_at"]),
            summary=dict(told["summary"]),
            members=members,
            made_by=made_by,
            schema=schema,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CarryingRefused(
            "The list of contents of this file is damaged; export the review again."
        ) from None


def _refuse_newer(version: int, schema: dict[str, str], made_by: str) -> None:
    loader = MigrationLoader(None)
    known = {(app, name) for app, name in loader.graph.nodes}
    if version > FORMAT_VERSION or any((app, name) not in known for app, name in schema.items()):
        raise CarryingRefused(
            f"This file was made by a newer Winnow ({made_by}; here is {__version__}). "
            "Update this installation, then bring the review in."
        )

"""The catalogs of texts: one a room and kind, collected from sources and compiled.

A catalog (`<room>/locale/es/LC_MESSAGES/django.po`, `djangojs.po` for scripts) holds the texts of its Python
modules and of its templates. Needs xgettext to collect, and polib; the site itself needs neither.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

PLURALS = {"es": "nplurals=2; plural=(n != 1);"}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "ngettext_noop:1,2",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
    "npgettext:1c,2,3",
    "npgettext_lazy:1c,2,3",
    # Sentences of packages that know nothing of Django (extraction/told.py).
    "told",
)
# JavaScript's names, as Django's catalog for scripts defines them.
KINDS = {"django": "Python", "djangojs": "JavaScript"}


@dataclass(frozen=True)
class Room:
    """One part of the site with a catalog of its own. Paths are relative to the repository."""

    name: str
    sources: tuple[str, ...]
    templates: tuple[str, ...] = ()
    # What lies within these sources or templates and belongs to another room.
    without: tuple[str, ...] = ()

    def catalog(self, language: str, kind: str) -> Path:
        return settings.BASE_DIR / self.sources[0] / "locale" / language / "LC_MESSAGES" / f"{kind}.po"

    def files(self, kind: str) -> list[Path]:
        """The sources of texts, sorted, relative to the repository."""
        if kind == "djangojs":
            return self._found(self.sources, "*.js")
        python = self._found(self.sources, "*.py")
        return [path for path in python if "migrations" not in path.parts]

    def template_files(self) -> list[Path]:
        kinds = ("*.html", "*.txt")
        return sorted(path for kind in kinds for path in self._found(self.templates, kind))

    def _found(self, folders: tuple[str, ...], pattern: str) -> list[Path]:
        root = settings.BASE_DIR
        found = (path.relative_to(root) for folder in folders for path in (root / folder).rglob(pattern))
        return sorted(path for path in found if not any(path.is_relative_to(other) for other in self.without))


OWN = ("screening", "extraction", "analysis", "reporting", "tour")
ROOMS = (
    Room("screening", ("screening",), ("templates/screening",)),
    Room("extraction", ("extraction",), ("templates/extraction",)),
    Room("analysis", ("analysis",), ("templates/analysis",)),
    Room(
        "reporting",
        ("reviewsite/reporting", "reviewsite/tour"),
        ("templates/reporting", "templates/tour"),
    ),
    Room(
        "reviewsite",
        ("reviewsite",),
        ("templates",),
        ("reviewsite/reporting", "reviewsite/tour", *(f"templates/{name}" for name in OWN)),
    ),
)


def catalogs(language: str) -> Iterator[tuple[Room, str, Path]]:
    """Every catalog of a language that there is or that a room would have."""
    for room in ROOMS:
        for kind in KINDS:
            yield room, kind, room.catalog(language, kind)


def collected(room: Room, kind: str) -> polib.POFile:
    """The texts in the sources of a room, without translations. Raises RuntimeError with xgettext's words."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for path in [*room.files(kind), *(room.template_files() if kind == "django" else ())]:
            text = (settings.BASE_DIR / path).read_text(encoding="utf-8")
            if "templates" in path.parts:
                text = templatize(text, origin=str(path))
            copy = Path(folder, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
            names.append(str(path))
        command = ["xgettext", f"--language={KINDS[kind]}", "--from-code=UTF-8", "--files-from=-", "-o", "-"]
        command += ["--add-comments=Translators", "--add-location=file", "--force-po", "--no-wrap"]
        command += [f"--keyword={word}" for word in KEYWORDS]
        done = subprocess.run(
            command, cwd=folder, input="\n".join(names), capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return polib.pofile(done.stdout, wrapwidth=0)


@dataclass(frozen=True)
class Merged:
    """A catalog with the texts of the sources and the translations that stood before."""

    catalog: polib.POFile
    dropped: list[str]

    @property
    def missing(self) -> list[polib.POEntry]:
        return [entry for entry in self.catalog if not entry.translated()]


def merged(fresh: polib.POFile, path: Path, language: str) -> Merged:
    """Nothing is guessed: a text whose words changed has no translation until a person gives it one."""
    before = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalog = polib.POFile(wrapwidth=0)
    catalog.metadata = {
        "Project-Id-Version": "Winnow",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for entry in fresh:
        known = before.pop(_key(entry), None)
        if known is not None:
            entry.msgstr, entry.tcomment = known.msgstr, known.tcomment
            entry.msgstr_plural = dict(known.msgstr_plural)
        elif entry.msgid_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        catalog.append(entry)
    return Merged(catalog, [f"{entry.msgid} = {entry.msgstr}" for entry in before.values()])


def compile_catalog(catalog: polib.POFile, path: Path) -> None:
    """The file that Django reads, beside the catalog; committed, so that no other machine needs gettext."""
    catalog.save_as_mofile(str(path.with_suffix(".mo")))


def _key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural

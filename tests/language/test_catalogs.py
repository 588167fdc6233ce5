"""The catalogs are whole: every text has its translation, in the shape of the text, and is compiled."""

import re
import shutil

import polib
import pytest
from django.conf import settings

from reviewsite.management import catalogs

CODES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PRESENT = [
    pytest.param(room, kind, path, code, id=f"{code}-{room.name}-{kind}")
    for code in CODES
    for room, kind, path in catalogs.catalogs(code)
    if path.exists()
]
# %(name)s and %s of Python, {name} of str.format, and the doubled per cent sign that stands for itself.
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*(?::[^}]*)?\}")
EDGE = re.compile(r"^\s*|\s*$")


@pytest.mark.parametrize(("room", "kind", "path", "code"), PRESENT)
class TestACatalog:
    def test_every_text_is_translated(self, room, kind, path, code):
        catalog = polib.pofile(str(path))

        assert [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy] == []
        assert catalog.obsolete_entries() == []

    def test_translations_have_the_places_and_edges_of_their_texts(self, room, kind, path, code):
        wrong = [
            (text, translation)
            for entry in polib.pofile(str(path))
            for text, translation in pairs(entry)
            if not same_shape(text, translation)
        ]

        assert wrong == []

    def test_the_compiled_file_says_what_the_catalog_says(self, room, kind, path, code):
        catalog, compiled = polib.pofile(str(path)), polib.mofile(str(path.with_suffix(".mo")))

        assert said(compiled) == said(catalog)
        assert compiled.metadata["Plural-Forms"] == catalogs.PLURALS[code]

    @pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
    def test_it_holds_the_texts_of_the_sources(self, room, kind, path, code):
        known = {key(entry) for entry in polib.pofile(str(path))}
        marked = {key(entry) for entry in catalogs.collected(room, kind)}

        assert known == marked, "python manage.py texts"


@pytest.mark.parametrize("code", CODES)
def test_one_text_has_one_translation_in_all_rooms(code):
    """Django merges the catalogs: of two translations of one text only the first would ever be seen."""
    seen: dict[tuple, tuple] = {}
    for _room, kind, path in catalogs.catalogs(code):
        for entry in polib.pofile(str(path)) if path.exists() else ():
            told = tuple(sorted(entry.msgstr_plural.values())) or (entry.msgstr,)
            known = seen.setdefault((kind, entry.msgctxt, entry.msgid), told)
            assert known == told, f"{path}: {entry.msgid}; give one of them a context"


def pairs(entry):
    """Each translation with the text whose shape it must have."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid if n == 0 else entry.msgid_plural, text) for n, text in entry.msgstr_plural.items()]


def same_shape(text: str, translation: str) -> bool:
    edges = EDGE.findall(text) == EDGE.findall(translation)
    return edges and sorted(PLACE.findall(text)) == sorted(PLACE.findall(translation))


def said(catalog):
    return {key(entry): (entry.msgstr, dict(entry.msgstr_plural)) for entry in catalog}


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


@pytest.mark.parametrize(
    ("text", "translation", "is_same"),
    [
        ("%(n)s rows", "%(n)s filas", True),
        ("%(n)s rows", "%(m)s filas", False),
        ("100%% of {name}", "100%% de {name}", True),
        ("SD {sd:g}", "DE {sd:g}", True),
        ("SD {sd:g}", "DE {sd}", False),
        ("rows ", "filas", False),
        ("%(a)s of %(b)s", "%(b)s de %(a)s", True),
        ("%(a)s", "%(a)s %(a)s", False),
    ],
)
def test_what_has_the_same_shape(text, translation, is_same):
    assert same_shape(text, translation) is is_same

"""`manage.py texts`: collect the marked texts into the catalogs and compile them. For developers."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewsite.management import catalogs


class Command(BaseCommand):
    help = (
        "Collect the marked texts of each room into its catalogs and compile them. Translations are kept; "
        "what has none is listed. Needs gettext (xgettext) and requirements-dev.txt."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        names = [room.name for room in catalogs.ROOMS]
        parser.add_argument("rooms", nargs="*", help=f"of {', '.join(names)}; all without any")
        parser.add_argument("--language", help="only this one, also one that has no catalogs yet")

    def handle(self, *, rooms: list[str], language: str | None, **options: Any) -> None:
        unknown = set(rooms) - {room.name for room in catalogs.ROOMS}
        if unknown:
            raise CommandError(f"There is no room {', '.join(sorted(unknown))}.")
        languages = (
            [language] if language else [c for c, _ in settings.LANGUAGES if c != settings.LANGUAGE_CODE]
        )
        for code in languages:
            if code not in catalogs.PLURALS:
                raise CommandError(f"Say first in catalogs.PLURALS how {code} forms plurals.")
            for room, kind, path in catalogs.catalogs(code):
                if not rooms or room.name in rooms:
                    self.renew(room, kind, path, code)

    def renew(self, room: catalogs.Room, kind: str, path: Any, language: str) -> None:
        try:
            merged = catalogs.merged(catalogs.collected(room, kind), path, language)
        except FileNotFoundError as error:
            raise CommandError("xgettext is not here; install gettext.") from error
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        if not merged.catalog and not path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        merged.catalog.save(str(path))
        catalogs.compile_catalog(merged.catalog, path)
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {len(merged.catalog)} texts")
        for entry in merged.missing:
            self.stdout.write(f"  not translated: {entry.msgid}")
        for text in merged.dropped:
            self.stdout.write(f"  no longer there: {text}")

"""`manage.py pool FILE.json`: meta-analyses described in JSON, answered in JSON. Needs no database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.pooling.cases import answer_document


class Command(BaseCommand):
    help = 'Pool the cases of a file {"cases": [{"id", "kind", "inputs", "settings"}]} and print the results.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except ValueError as problem:
            raise CommandError(f"{file} is not JSON: {problem}") from problem
        if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
            raise CommandError(f'{file} must hold {{"cases": [...]}}')
        self.stdout.write(json.dumps(answer_document(document), allow_nan=False))

"""`manage.py parse FILE`: what an export file holds, as JSON. Needs no site and no database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.importers import ImportRefused, ParsedFile, RawRecord, read_records

NOT_PRINTED = {"raw", "line"}


class Command(BaseCommand):
    help = "Read an export file and print its format, encoding, records and problems as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="any format that an import takes")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            parsed = read_records(file.read_bytes())
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps(_document(parsed), ensure_ascii=False, indent=1))


def _document(parsed: ParsedFile) -> dict[str, Any]:
    return {
        "format": parsed.format,
        "encoding": parsed.encoding,
        "records": [_record(record) for record in parsed.records],
        "problems": [
            {"line": problem.line, "field": problem.field, "reason": problem.reason}
            for problem in parsed.problems
        ],
    }


def _record(record: RawRecord) -> dict[str, Any]:
    fields = {name: value for name, value in record._asdict().items() if name not in NOT_PRINTED}
    return {**fields, "extra": dict(record.extra)}

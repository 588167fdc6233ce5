"""`manage.py judge TOOL FILE.csv --out OUT.csv`: answers judged by a tool's algorithm. Needs no database."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from extraction.risk_of_bias import AnswersRefused, Tool, catalogue
from extraction.risk_of_bias.judging import judge, parse_answers

COLUMNS = ("domain", "answers")


class Command(BaseCommand):
    help = (
        "Judge the rows of a CSV file (columns domain, answers) by the published algorithm of a tool, and "
        "write them with the column judgement. Rows that cannot be judged are named; the others are written."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tool", choices=catalogue.tool_keys())
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *, tool: str, file: Path, out: Path, **options: Any) -> None:
        header, rows = _read(file)
        problems: list[str] = []
        judged = list(_judged(catalogue.tool(tool), file, rows, problems))
        try:
            with out.open("w", encoding="utf-8", newline="") as target:
                writer = csv.DictWriter(target, [*header, *({"judgement"} - {*header})])
                writer.writeheader()
                writer.writerows(judged)
        except OSError as problem:
            raise CommandError(f"{out} cannot be written: {problem.strerror}.") from problem
        for told in problems:
            self.stderr.write(told)
        done = f"{len(judged) - len(problems)} of {len(judged)} rows judged; they are in {out}."
        if problems:
            raise CommandError(f"{done} {len(problems)} could not be judged, and have no judgement there.")
        self.stdout.write(done)


def _read(file: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The header and the rows, each with its line in the file. Raises CommandError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source, restkey="", restval="")
            header = [name.strip() for name in reader.fieldnames or []]
            reader.fieldnames = header
            rows = [(reader.line_num, row) for row in reader]
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise CommandError(f"{file} is no CSV file in UTF-8: {problem}.") from problem
    if missing := [name for name in COLUMNS if name not in header]:
        raise CommandError(
            f"{file}, line 1: no column {', '.join(missing)}; the columns are domain and answers."
        )
    return header, rows


def _judged(
    tool: Tool, file: Path, rows: list[tuple[int, dict[str, str]]], problems: list[str]
) -> Iterator[dict[str, str]]:
    for line, row in rows:
        judgement = ""
        try:
            if row.pop("", None):
                raise AnswersRefused("the row has more fields than the header.")
            answers = parse_answers(row["answers"])
            judgement = judge(tool, row["domain"], answers).judgement or ""
        except AnswersRefused as refusal:
            problems.append(f"{file}, line {line}, {row['domain'] or 'no domain'}: {refusal}")
        yield {**row, "judgement": judgement}

"""`manage.py audit_published FILE.csv`: what printed pooled results cannot be. Needs no database."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.audit import AuditProblem, Report, audit, read_table
from analysis.audit.checking import MOST_STUDIES


class Command(BaseCommand):
    help = "Say which printed pooled results of a CSV table cannot be, and why."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print findings for programs")
        parser.add_argument(
            "--studies",
            type=int,
            default=MOST_STUDIES,
            help="studies in the review, for results that do not say how many they pool",
        )
        parser.add_argument("--persons", type=int, help="persons in the review, for results without theirs")

    def handle(self, *, file: Path, json: bool, studies: int, persons: int | None, **options: Any) -> None:
        try:
            results = read_table(file.name, file.read_text(encoding="utf-8"))
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}") from problem
        except UnicodeDecodeError as problem:
            raise CommandError(f"{file} is not UTF-8 text; save it as CSV in UTF-8") from problem
        except AuditProblem as problem:
            raise CommandError(str(problem)) from problem
        reports = audit(results, most_studies=studies, persons=persons)
        self.stdout.write(as_json(file.name, reports) if json else as_text(reports))


def as_json(name: str, reports: Sequence[Report]) -> str:
    rows = [
        {
            "line": report.result.line,
            "outcome": report.result.outcome,
            "timepoint": report.result.timepoint,
            "scale": report.result.scale.value,
            "verdict": report.verdict.value,
            "findings": [asdict(finding) for finding in report.findings],
        }
        for report in reports
    ]
    return json.dumps({"file": name, "rows": rows}, indent=1, ensure_ascii=False)


def as_text(reports: Sequence[Report]) -> str:
    lines = []
    for report in reports:
        lines.append(f"{report.result.name}: {report.verdict.upper()}")
        for finding in report.findings:
            lines.append(f"  {finding.severity:12} {finding.sentence}")
            lines.append(
                f"  {'':12} {finding.formula}" + (f"; if {finding.assumption}" if finding.assumption else "")
            )
    return "\n".join(lines)

"""`manage.py simulate FILE.csv`: ranking and stopping tried on a labelled set. Needs no database."""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.ranking import (
    RankingRefused,
    Simulation,
    StoppingRule,
    drawn_start,
    features,
    order_quality,
    simulate,
)
from screening.ranking.labelled import LabelledSet, read_labelled


def _start_sizes(text: str) -> tuple[int, int]:
    included, comma, excluded = text.partition(",")
    if not (comma and included.strip().isdigit() and excluded.strip().isdigit()):
        raise argparse.ArgumentTypeError(f'"{text}" is not of the form 1,1 (relevant, irrelevant)')
    return int(included), int(excluded)


class Command(BaseCommand):
    help = (
        "Play screening through on a CSV (record_id, title, abstract, label) whose answers are known: print "
        "how good the ranked order is and when the stopping rule would have stopped, as JSON."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--label", default="label_included", help="column with 1 (relevant) and 0")
        parser.add_argument(
            "--priors", type=_start_sizes, default=(1, 1), help="known at the start: relevant,irrelevant"
        )
        parser.add_argument("--seed", type=int, default=1, help="draws the start; same seed, same result")
        parser.add_argument("--target", type=float, default=0.95, help="share of the relevant to be found")
        parser.add_argument("--confidence", type=float, default=0.95)
        parser.add_argument("--out", type=Path, help="CSV to write: record_id,rank of all but the start")

    def handle(self, *, file: Path, out: Path | None, **options: Any) -> None:
        try:
            rule = StoppingRule(target=options["target"], confidence=options["confidence"])
            labelled = read_labelled(file.read_bytes(), options["label"])
            included, excluded = options["priors"]
            if options["seed"] < 0:
                raise RankingRefused("The seed must not be negative.")
            start = drawn_start(labelled.relevant, included=included, excluded=excluded, seed=options["seed"])
            table = features(labelled.titles, labelled.abstracts)
            run = simulate(table, labelled.relevant, start, rule=rule, seed=options["seed"])
            document = _document(labelled, run)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        except RankingRefused as refusal:
            raise CommandError(f"{file}: {refusal}") from refusal
        if out is not None:
            _write_order(out, labelled, run)
        self.stdout.write(json.dumps(document, allow_nan=False))


def _document(labelled: LabelledSet, run: Simulation) -> dict[str, Any]:
    quality = order_quality([labelled.relevant[row] for row in run.order])
    return {
        "n": quality.n,
        "relevant": quality.relevant,
        "wss95": round(quality.wss95, 4),
        "recall10": round(quality.recall10, 4),
        "recall20": round(quality.recall20, 4),
        "atd": round(quality.atd, 4),
        "stop": {"screened": run.stopped_after, "recall": round(run.recall_when_stopped, 4)},
        "priors": [labelled.record_ids[row] for row in run.start],
    }


def _write_order(out: Path, labelled: LabelledSet, run: Simulation) -> None:
    try:
        with out.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["record_id", "rank"])
            rows.writerows((labelled.record_ids[row], rank) for rank, row in enumerate(run.order, 1))
    except OSError as problem:
        raise CommandError(f"{out} cannot be written: {problem.strerror}.") from problem

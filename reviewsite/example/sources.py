"""The worked example's source files as values; source/README.md says what each holds."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "source"
STANDIN_RECORDS = FOLDER / "standin_records.xml"


@dataclass(frozen=True)
class Sources:
    """Everything the loader reads."""

    review: dict[str, Any]
    decisions: list[dict[str, str]]
    studies: list[dict[str, str]]
    extractions: dict[str, Any]
    risk_of_bias: dict[str, Any]
    rob2: dict[str, Any]


def read_sources(folder: Path = FOLDER) -> Sources:
    extracted = json.loads((folder / "extractions.json").read_text(encoding="utf-8"))
    return Sources(
        review=json.loads((folder / "review.json").read_text(encoding="utf-8")),
        decisions=_table(folder / "decisions.csv"),
        studies=_table(folder / "studies.csv"),
        extractions=extracted["extractions"],
        risk_of_bias=extracted["risk_of_bias"],
        rob2=extracted["rob2"],
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))

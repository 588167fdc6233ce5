"""Reads the reference numbers in tests/reference."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "reference"


def reference(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text())

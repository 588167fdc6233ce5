"""Numbers as JSON has them: no NaN or infinity, and an array of one number as that number."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The value in JSON's types. What is NaN or infinite does not exist there and becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return _unboxed([plain(inner) for inner in value])
    if isinstance(value, list | tuple):
        return _unboxed([plain(inner) for inner in value])
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value


def _unboxed(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values

"""The second opinion of check_review: derived values are derived again from the inputs kept beside them."""

import math
from collections.abc import Iterator
from typing import Any

from reviewsite.reviews.models import Review

from .derivations import BY_KEY, derive
from .derivations.conversions import ConversionError
from .models import ArmResult, Contrast

TOLERANCE = 1e-9


def differences(review: Review) -> Iterator[str]:
    """Sentences, one for each derived value that its formula and inputs no longer give."""
    for model in (ArmResult, Contrast):
        rows = model.objects.filter(arm__extraction__review=review).exclude(cells={})
        named = rows.select_related("arm__extraction__study", "outcome", "time_point")
        for row in named.defer("arm__extraction__answers").iterator(chunk_size=200):
            for column in row.derived_columns:
                if not _again(row, column):
                    place = f"{row.arm.extraction.study}: {row.description}"
                    yield f"{place}: {column} is not what its derivation gives"


def _again(row: Any, column: str) -> bool:
    record = row.cells[column]["derived"]
    derivation = BY_KEY.get(record["method"])
    if derivation is None:
        return False
    inputs = record["inputs"]
    parameters = {p.name: str(inputs[p.name]) for p in derivation.parameters if p.name in inputs}
    try:
        found = derive(derivation, inputs, parameters).values[column]
    except ConversionError:
        return False
    return math.isclose(found, getattr(row, column), rel_tol=TOLERANCE, abs_tol=TOLERANCE)

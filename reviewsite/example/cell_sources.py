"""Where each number of an example row stands, and how a derived one was got, cell by cell."""

import re
from collections.abc import Mapping
from typing import Any

from extraction.derivations import BY_KEY, derive
from extraction.derivations.conversions import ConversionError

ROUNDED = re.compile(r"round\((?P<percent>[\d.]+)% x (?P<n>\d+)\)")


def sources_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that say so: `cells`, and the percentage as printed where the events come from it."""
    quote = row.get("quote", "")
    if not quote:
        return {}
    if row["provenance"] == "reported":
        return {"cells": {name: {"quote": quote} for name in ("events", "n")}}
    printed = ROUNDED.match(row.get("derivation", ""))
    if printed is None:
        return {"cells": {"events": {"quote": quote}}}
    percent = float(printed["percent"])
    by_percent = BY_KEY["events_from_percent"]
    try:
        derived = derive(by_percent, {"percent": percent, "n": float(printed["n"])}, {})
    except ConversionError:  # a curve's percentage, to whose printed digits no or no single count fits
        return {"cells": {"events": {"quote": quote}}}
    if derived.values["events"] != row["events"]:
        return {"cells": {"events": {"quote": quote}}}
    return {
        "percent": percent,
        "cells": {"percent": {"quote": quote}, "events": {"derived": derived.record()}},
    }

"""Derivations that take two arms of a study as one."""

from collections.abc import Mapping
from typing import Any

from ..conversions import ConversionError, Group, combine_groups
from .base import Derivation, Parameter


def _means(given: Mapping[str, Any]) -> Mapping[str, float]:
    first, second = (Group(given[f"n{i}"], given[f"mean{i}"], given[f"sd{i}"]) for i in (1, 2))
    combined = combine_groups(first, second)
    return {"n": combined.size, "mean": combined.mean, "sd": combined.sd}


def _counts(given: Mapping[str, Any]) -> Mapping[str, float]:
    if any(given[f"events{i}"] > given[f"n{i}"] for i in (1, 2)):
        raise ConversionError("more events than participants")
    return {"events": given["events1"] + given["events2"], "n": given["n1"] + given["n2"]}


def _parameters(*columns: tuple[str, str]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(f"{name}{i}", f"{label}, {which} arm")
        for i, which in ((1, "first"), (2, "second"))
        for name, label in columns
    )


GROUP_DERIVATIONS = (
    Derivation(
        "combine_means",
        "Two arms taken as one: means",
        "arm",
        (),
        ("n", "mean", "sd"),
        "n, mean and SD of both groups together",
        "Cochrane Handbook table 6.5.a",
        _means,
        _parameters(("n", "Participants"), ("mean", "Mean"), ("sd", "SD")),
    ),
    Derivation(
        "combine_counts",
        "Two arms taken as one: events",
        "arm",
        (),
        ("events", "n"),
        "events = events₁ + events₂; n = n₁ + n₂",
        "Cochrane Handbook 23.3.4",
        _counts,
        _parameters(("events", "Events"), ("n", "Participants")),
    ),
)

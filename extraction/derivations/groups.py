"""Derivations that take two arms of a study as one."""

from collections.abc import Mapping
from typing import Any

from ..told import told
from .base import Derivation, Parameter
from .conversions import ConversionError, Group, combine_groups


def _means(given: Mapping[str, Any]) -> Mapping[str, float]:
    first, second = (Group(given[f"n{i}"], given[f"mean{i}"], given[f"sd{i}"]) for i in (1, 2))
    combined = combine_groups(first, second)
    return {"n": combined.size, "mean": combined.mean, "sd": combined.sd}


def _counts(given: Mapping[str, Any]) -> Mapping[str, float]:
    if any(given[f"events{i}"] > given[f"n{i}"] for i in (1, 2)):
        raise ConversionError(told("more events than participants"))
    return {"events": given["events1"] + given["events2"], "n": given["n1"] + given["n2"]}


def _parameters(*columns: tuple[str, str]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(f"{name}{i}", told("{label}, {which} arm", label=label, which=which))
        for i, which in ((1, told("first")), (2, told("second")))
        for name, label in columns
    )


GROUP_DERIVATIONS = (
    Derivation(
        "combine_means",
        told("Two arms taken as one: means"),
        "arm",
        (),
        ("n", "mean", "sd"),
        told("n, mean and SD of both groups together"),
        "Cochrane Handbook table 6.5.a",
        _means,
        _parameters(("n", told("Participants")), ("mean", told("Mean")), ("sd", told("SD"))),
    ),
    Derivation(
        "combine_counts",
        told("Two arms taken as one: events"),
        "arm",
        (),
        ("events", "n"),
        told("events = events₁ + events₂; n = n₁ + n₂"),
        "Cochrane Handbook 23.3.4",
        _counts,
        _parameters(("events", told("Events")), ("n", told("Participants"))),
    ),
)

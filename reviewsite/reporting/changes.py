"""What differs between two versions of a review: records, studies, estimates. Pure: two contents in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extraction.told import told

Content = Mapping[str, Any]


@dataclass(frozen=True)
class LineChange:
    """A number of the flow, then and now; None where that flow has no such number."""

    label: str
    then: int | None
    now: int | None

    @property
    def difference(self) -> int:
        return (self.now or 0) - (self.then or 0)


@dataclass(frozen=True)
class StudyChange:
    label: str
    what: str


@dataclass(frozen=True)
class EstimateChange:
    """An analysis, then and now, as text; `moved` says whether any shown number differs."""

    title: str
    then: str
    now: str
    is_stale: bool

    @property
    def moved(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True)
class Changes:
    """All that differs. runs: searches that are new, with their records."""

    runs: tuple[tuple[str, str, int], ...]
    flow: tuple[LineChange, ...]
    studies: tuple[StudyChange, ...]
    estimates: tuple[EstimateChange, ...]
    protocol: tuple[str, ...]

    @property
    def new_records(self) -> int:
        return sum(n for *_, n in self.runs)

    @property
    def is_nothing(self) -> bool:
        moved = any(each.moved for each in self.estimates)
        return not (self.runs or self.flow or self.studies or self.protocol or moved)


def compare(before: Content, after: Content) -> Changes:
    """Everything that `after` says otherwise than `before`."""
    known = {run["run"] for run in before["runs"]}
    return Changes(
        tuple((r["database"], r["on"], r["records"]) for r in after["runs"] if r["run"] not in known),
        tuple(_flow(before, after)),
        tuple(_studies(before, after)),
        tuple(_estimates(before, after)),
        tuple(
            name.replace("_", " ")
            for name, text in after["protocol"].items()
            if before["protocol"].get(name, "") != text
        ),
    )


def _flow(before: Content, after: Content) -> list[LineChange]:
    then = {key: (label, n) for key, label, n in before["flow"]}
    now = {key: (label, n) for key, label, n in after["flow"]}
    keys = [*now, *(key for key in then if key not in now)]
    found = [
        LineChange(
            (now.get(key) or then[key])[0],
            then[key][1] if key in then else None,
            now[key][1] if key in now else None,
        )
        for key in keys
    ]
    return [change for change in found if change.difference]


def _studies(before: Content, after: Content) -> list[StudyChange]:
    then = {study["study"]: study for study in before["studies"]}
    now = {study["study"]: study for study in after["studies"]}
    found = [StudyChange(study["label"], told("new")) for pk, study in now.items() if pk not in then]
    found += [
        StudyChange(study["label"], told("no longer included")) for pk, study in then.items() if pk not in now
    ]
    for pk in then.keys() & now.keys():
        more = len(set(now[pk]["reports"]) - set(then[pk]["reports"]))
        fewer = len(set(then[pk]["reports"]) - set(now[pk]["reports"]))
        if more:
            found.append(
                StudyChange(
                    now[pk]["label"],
                    told("1 more report") if more == 1 else told("{n} more reports", n=more),
                )
            )
        if fewer:
            found.append(
                StudyChange(
                    now[pk]["label"],
                    told("1 report fewer") if fewer == 1 else told("{n} reports fewer", n=fewer),
                )
            )
        if then[pk]["label"] != now[pk]["label"]:
            found.append(StudyChange(now[pk]["label"], told("was called {name}", name=then[pk]["label"])))
    return sorted(found, key=lambda change: (change.label, change.what))


def _estimates(before: Content, after: Content) -> list[EstimateChange]:
    then = {each["analysis"]: each for each in before["estimates"]}
    now = {each["analysis"]: each for each in after["estimates"]}
    found = []
    for pk in [*now, *(pk for pk in then if pk not in now)]:
        new, old = now.get(pk), then.get(pk)
        title = str((new or old or {})["title"])
        found.append(EstimateChange(title, said(old), said(new), bool(new and new.get("is_stale"))))
    return found


def said(estimate: Mapping[str, Any] | None) -> str:
    """An estimate with its interval and the number of studies, as tables show it."""
    if estimate is None:
        return told("not planned")
    if estimate.get("estimate") is None:
        return told("no result")
    values = [estimate[name] for name in ("estimate", "ci_low", "ci_high")]
    if estimate["kind"] == "percent":
        shown = [f"{100 * value:.1f}" for value in values]
        shown[0] += "%"
    else:
        shown = [f"{value:.2f}" for value in values]
    numbers = f"{shown[0]} [{shown[1]}, {shown[2]}]"
    if estimate["k"] == 1:
        return told("{numbers}, 1 study", numbers=numbers)
    return told("{numbers}, {k} studies", numbers=numbers, k=estimate["k"])

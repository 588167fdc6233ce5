"""What one study brings to an analysis, free of where it is stored. Pure: no Django."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class ArmNumbers:
    """What was measured in one group; None is "not reported".

    n: participants; may be a fraction where one comparator is shared out between several groups.
    person_time: on the unit that the outcome names. result_pk names the row it came from, not hashed.
    """

    label: str
    events: float | None = None
    n: float | None = None
    mean: float | None = None
    sd: float | None = None
    person_time: float | None = None
    provenance: str = ""
    derived: tuple[str, ...] = ()
    result_pk: int | None = None


@dataclass(frozen=True)
class ReportedEstimate:
    """An effect as the report gives it. Ratios are not logged; `se` is of the logarithm for ratios."""

    measure: str
    estimate: float
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: float = 95
    se: float | None = None
    provenance: str = ""
    derived: tuple[str, ...] = ()
    contrast_pk: int | None = None


# The tone of an agreed overall judgement that counts as low risk of bias.
LOW_RISK = "low"
# Where numbers stand, who agreed on them, and what is told of the study beside them: no part of what is
# measured. An analysis that goes by one of them has it in `group` or `moderator`, or in which rows it has.
# Keys are another installation's business: a review that is carried over keeps its hashes.
KEYS = frozenset({"study_pk", "result_pk", "contrast_pk", "extraction_pk"})
NOT_HASHED = KEYS | {"agreed_by", "change_reason", "year", "design", "risk"}


@dataclass(frozen=True)
class DatasetRow:
    """One study in an analysis: one group, two groups, or an estimate between them.

    name: set only where a study comes more than once, for example with each of its arms.
    year, design, risk, group, moderator: what subgroups, regressions and sensitivity analyses go by.
    """

    study_pk: int
    study: str
    outcome: str
    time_point: str = ""
    population: str = ""
    experimental: ArmNumbers | None = None
    comparator: ArmNumbers | None = None
    estimate: ReportedEstimate | None = None
    name: str = ""
    year: int | None = None
    design: str = ""
    risk: str = ""
    group: str = ""
    moderator: float | None = None
    # Why another row of the same analysis counts some of its participants again; empty when none does.
    shares: str = ""
    extraction_pk: int | None = None
    agreed_by: str = ""
    change_reason: str = ""

    @property
    def key(self) -> str:
        """Names the row among the rows of one analysis, now and in later runs."""
        return f"{self.study_pk}:{self.name}"

    @property
    def label(self) -> str:
        return f"{self.study}, {self.name}" if self.name else self.study

    @property
    def content(self) -> dict[str, Any]:
        return _measured(asdict(self))

    @property
    def _parts(self) -> "list[ArmNumbers | ReportedEstimate]":
        return [part for part in (self.experimental, self.comparator, self.estimate) if part is not None]

    @property
    def provenance(self) -> str:
        """How its numbers were got, each way named once."""
        return "; ".join(dict.fromkeys(part.provenance for part in self._parts if part.provenance))

    @property
    def is_derived(self) -> bool:
        return any(part.derived or "derived" in part.provenance.lower() for part in self._parts)

    @property
    def numbers(self) -> str:
        """What was measured, in one line for a person."""
        if self.estimate is not None:
            each = self.estimate
            limits = "" if each.ci_low is None else f" [{each.ci_low:g}, {each.ci_high:g}]"
            return f"{each.measure} {each.estimate:g}{limits}"
        arms = [arm for arm in (self.experimental, self.comparator) if arm is not None]
        return " v ".join(_arm_in_words(arm) for arm in arms)


def row_from(stored: Mapping[str, Any]) -> DatasetRow:
    """A row as a snapshot keeps it."""
    told = dict(stored)
    for name, kind in (
        ("experimental", ArmNumbers),
        ("comparator", ArmNumbers),
        ("estimate", ReportedEstimate),
    ):
        if told.get(name) is not None:
            told[name] = kind(**{**told[name], "derived": tuple(told[name].get("derived", ()))})
    return DatasetRow(**told)


def sha256_of(rows: Sequence[DatasetRow]) -> str:
    """Hash of what is measured; equal for equal data wherever and whenever they were stored."""
    text = json.dumps([row.content for row in rows], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _measured(value: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _measured(each) if isinstance(each, dict) else list(each) if isinstance(each, tuple) else each
        for name, each in value.items()
        if name not in NOT_HASHED
    }


def _arm_in_words(arm: ArmNumbers) -> str:
    if arm.events is not None and arm.person_time is not None:
        return f"{arm.events:g} in {arm.person_time:g}"
    if arm.events is not None:
        return f"{arm.events:g}/{arm.n:g}"
    if arm.mean is not None:
        sd = "" if arm.sd is None else f" (SD {arm.sd:g}"
        return f"{arm.mean:g}{sd}, n {arm.n:g})" if sd else f"{arm.mean:g}"
    return "no numbers"


@dataclass(frozen=True)
class RowChange:
    """How one row differs between two data sets; a side is None where the row is absent."""

    study: str
    before: DatasetRow | None
    after: DatasetRow | None
    differences: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        return (self.after or self.before).key  # type: ignore[union-attr]

    @property
    def sentence(self) -> str:
        if self.before is None:
            return f"added: {self.after.numbers}" if self.after else ""
        if self.after is None:
            return f"no longer in: {self.before.numbers}"
        return "; ".join(self.differences)

    @property
    def why(self) -> str:
        return self.after.change_reason if self.after else ""

    @property
    def by(self) -> str:
        return self.after.agreed_by if self.after else ""


def changes(before: Sequence[DatasetRow], after: Sequence[DatasetRow]) -> list[RowChange]:
    """What differs in what is measured, row by row."""
    old, new = ({row.key: row for row in rows} for rows in (before, after))
    found = []
    for key in {**old, **new}:
        first, second = old.get(key), new.get(key)
        if first is None or second is None:
            found.append(RowChange((second or first).label, first, second))  # type: ignore[union-attr]
        elif told := tuple(_differences(first.content, second.content)):
            found.append(RowChange(second.label, first, second, told))
    return found


def _differences(before: Mapping[str, Any], after: Mapping[str, Any], of: str = "") -> list[str]:
    told = []
    for name in {**before, **after}:
        first, second = before.get(name), after.get(name)
        if isinstance(first, dict) and isinstance(second, dict):
            inner = "" if name == "experimental" and after.get("comparator") is None else f"{name} "
            told += _differences(first, second, inner)
        elif first != second:
            told.append(f"{of}{name.replace('_', ' ')} {_said(first)} → {_said(second)}")
    return told


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "given"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value not in (None, "", []) else "(none)"

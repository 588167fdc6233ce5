"""The settings of an analysis, as a run keeps them. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from .measures import Measure, measure_of


class Method(StrEnum):
    """How the studies are put together."""

    INVERSE_VARIANCE = "inverse_variance"
    MANTEL_HAENSZEL = "mantel_haenszel"
    PETO = "peto"
    GLMM = "glmm"


class MultiArm(StrEnum):
    """What to do with a study that has several groups on one side of the comparison."""

    COMBINE = "combine"
    SPLIT = "split"


@dataclass(frozen=True)
class Plan:
    """What to pool and how. level: of all intervals, in percent.

    zero_cells: which studies get 0.5 added ("only0", "all", "if0all", "none"), as in metafor.
    drop_double_zero: leave out studies without a single event. group_by, moderator: keys of characteristics.
    """

    measure: str
    model: str = "random"
    method: str = Method.INVERSE_VARIANCE
    tau2_estimator: str = "REML"
    interval: str = "hartung_knapp"
    prediction: str = ""
    level: float = 95
    zero_cells: str = "only0"
    drop_double_zero: bool = True
    leave_out_overlaps: bool = True
    only_low_risk: bool = False
    multi_arm: str = MultiArm.COMBINE
    group_by: str = ""
    moderator: str = ""
    excluded: tuple[tuple[int, str], ...] = ()

    @property
    def of(self) -> Measure:
        return measure_of(self.measure)

    @property
    def as_stored(self) -> dict[str, Any]:
        stored = {
            name: str(value) if isinstance(value, StrEnum) else value for name, value in asdict(self).items()
        }
        return {**stored, "excluded": [list(each) for each in self.excluded]}


def plan_from(stored: Mapping[str, Any]) -> Plan:
    """A plan as a run keeps it; settings that came later have the value that was the rule before."""
    known = {field.name for field in fields(Plan)}
    told = {name: value for name, value in stored.items() if name in known}
    told["excluded"] = tuple((pk, reason) for pk, reason in told.get("excluded", ()))
    return Plan(**told)

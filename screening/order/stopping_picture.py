"""The recall curve as points of an SVG: what was found, and the bound of recall, against what was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..ranking import StoppingRule

WIDTH, HEIGHT, LEFT, TOP = 640, 200, 46, 14


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class CurvePicture:
    """Polylines in the units of a 720 by 250 view box; the template draws them with labels."""

    found: str
    bound: str
    target_at: float
    read_at: float
    found_ticks: list[Tick]
    read_ticks: list[Tick]
    share_ticks: list[Tick]


def draw_curve(points: Sequence, total: int, rule: StoppingRule) -> CurvePicture:
    """points: with `read`, `found` and `recall_at_least`, in rising order of `read`; at least one."""
    most = max(1, points[-1].found)
    x = [LEFT + WIDTH * point.read / total for point in points]
    found = [TOP + HEIGHT * (1 - point.found / most) for point in points]
    bound = [TOP + HEIGHT * (1 - point.recall_at_least) for point in points]
    return CurvePicture(
        found=_polyline(x, found),
        bound=_polyline(x, bound),
        target_at=round(TOP + HEIGHT * (1 - rule.target), 1),
        read_at=round(x[-1], 1),
        found_ticks=[Tick(TOP + HEIGHT * (1 - share), f"{round(share * most):,}") for share in (0, 0.5, 1)],
        read_ticks=[
            Tick(LEFT + WIDTH * share, f"{round(share * total):,}") for share in (0, 0.25, 0.5, 0.75, 1)
        ],
        share_ticks=[Tick(TOP + HEIGHT * (1 - share), f"{share:.0%}") for share in (0, 0.5, 1)],
    )


def _polyline(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))

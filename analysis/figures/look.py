"""How somebody wants a figure: style, columns, order, axis, pages. Everything has a sensible default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .forest_variants import Order, chosen_columns, sorted_rows, without_weights
from .model import ForestPlot, ForestRow, ForestSubgroup, UndrawablePlot
from .scale import plot_scale
from .style import DEFAULT_STYLE, STYLES, Style

# Beyond this many studies a printed page cannot hold the plot at a size that can be read.
STUDIES_A_PAGE = 60


@dataclass(frozen=True)
class Look:
    """What can be chosen of a figure.

    style: a key of `style.STYLES`. order: of the studies, "" as they are. hidden: positions of columns left
    out, counted from 0. limits: of a forest plot's axis, on the scale that it prints (percent as 0 to 1).
    directions: left and right of no effect; None leaves them out. studies_a_page: None for one long figure.
    title: None for the figure's own.
    """

    style: str = "plain"
    order: Order | None = None
    descending: bool = False
    hidden: frozenset[int] = frozenset()
    weights: bool = True
    limits: tuple[float, float] | None = None
    directions: tuple[str, str] | None = None
    studies_a_page: int | None = None
    title: str | None = None

    @property
    def measures(self) -> Style:
        return STYLES.get(self.style, DEFAULT_STYLE)


def dressed(plot: ForestPlot, look: Look) -> ForestPlot:
    """The plot as it was asked for."""
    if look.hidden:
        plot = chosen_columns(plot, [at for at in range(len(plot.columns)) if at not in look.hidden])
    if not look.weights:
        plot = without_weights(plot)
    if look.order:
        plot = sorted_rows(plot, look.order, descending=look.descending)
    axis = plot.axis
    if look.limits is not None:
        axis = replace(axis, limits=look.limits)
    if look.directions is not None and axis.null_line is not None:
        axis = replace(axis, directions=look.directions)
    return replace(plot, axis=axis, title=plot.title if look.title is None else look.title)


def pages_of(plot: ForestPlot, studies_a_page: int = STUDIES_A_PAGE) -> tuple[ForestPlot, ...]:
    """The plot broken into pages that share axis, columns and weights; the pooled result ends the last.

    A subgroup that goes on says so in its heading.
    """
    if studies_a_page < 1:
        raise UndrawablePlot("A page needs room for a study.")
    if len(plot.all_rows) <= studies_a_page:
        return (plot,)
    scale = plot_scale(plot, 0.0, 1.0)
    whole = replace(
        plot,
        axis=replace(plot.axis, limits=(scale.low, scale.high)),
        total_weight=plot.weight_of_all,
        largest_weight=plot.weight_of_largest,
    )
    parts = list(_parts(whole, studies_a_page))
    last = len(parts) - 1
    return tuple(
        replace(
            whole,
            title=f"{plot.title} (page {at + 1} of {last + 1})".strip(),
            rows=part.rows,
            subgroups=part.subgroups,
            summaries=plot.summaries if at == last else (),
            footer=plot.footer if at == last else ("Continued on the next page.",),
        )
        for at, part in enumerate(parts)
    )


@dataclass
class _Part:
    rows: tuple[ForestRow, ...] = ()
    subgroups: tuple[ForestSubgroup, ...] = ()
    count: int = 0


def _parts(plot: ForestPlot, room: int) -> Iterator[_Part]:
    part = _Part()
    for start in range(0, len(plot.rows), room):
        rows = plot.rows[start : start + room]
        part = _Part(rows=rows, count=len(rows))
        if len(rows) == room and (start + room < len(plot.rows) or plot.subgroups):
            yield part
            part = _Part()
    for group in plot.subgroups:
        left = group.rows
        goes_on = False
        while True:
            taken, left = left[: room - part.count], left[room - part.count :]
            title = f"{group.title} (continued)" if goes_on else group.title
            piece = replace(group, title=title, rows=taken)
            if left:
                piece = replace(piece, summaries=(), lines=())
            if taken or not group.rows:
                part.subgroups = (*part.subgroups, piece)
                part.count += len(taken)
                goes_on = True
            if not left:
                break
            yield part
            part = _Part()
    if part.count or part.subgroups:
        yield part

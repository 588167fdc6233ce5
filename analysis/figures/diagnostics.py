"""Pictures of which studies carry a result: Baujat, influence, GOSH and drapery plots."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy.special import ndtr, ndtri

from .effect_axis import LINEAR, EffectScale, dress
from .model import UndrawablePlot
from .plain_axes import Floats, Studies, legend, name_points, padded, plain_figure, points, vertical
from .scale import MINUS
from .style import DEFAULT_STYLE, Style, font, printable, shortened, text_width

MOST_NAMES, LONGEST_LABEL = 5, 30
CURVE_POINTS = 401
CELLS = 70


def draw_baujat(
    labels: tuple[str, ...],
    heterogeneity: Floats,
    influence: Floats,
    *,
    title: str,
    keys: tuple[str, ...] = (),
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """Each study's share in Q against how far the pooled effect moves without it; the outermost are named.

    heterogeneity, influence: shape (k,), as `analysis.pooling.influence` gives them. Source: Baujat et al.
    2002, Stat Med 21:2641.
    """
    if len(labels) < 2:
        raise UndrawablePlot("A Baujat plot needs at least two studies.")
    figure, axes = plain_figure(title, style=style)
    axes.set_xlim(0, 1.12 * float(heterogeneity.max()) or 1.0)
    axes.set_ylim(0, 1.12 * float(influence.max()) or 1.0)
    axes.set_xlabel("Contribution to heterogeneity (Q)")
    axes.set_ylabel("Influence on the pooled effect")
    names = [f"row-{keys[i]}" if keys else f"row-{i + 1}" for i in range(len(labels))]
    points(axes, names, heterogeneity, influence, style=style)
    far = heterogeneity / (heterogeneity.max() or 1.0) + influence / (influence.max() or 1.0)
    name_points(axes, labels, heterogeneity, influence, np.argsort(-far)[:MOST_NAMES].tolist(), style)
    return figure


def draw_influence(
    labels: tuple[str, ...],
    panels: dict[str, tuple[Floats, float | None]],
    *,
    title: str,
    keys: tuple[str, ...] = (),
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """One narrow panel for each diagnostic, a study a line; points beyond a cut-off are filled dark.

    panels: name to values of shape (k,) and the absolute cut-off, or None.
    """
    k, row = len(labels), 13.0
    room = min(170.0, 6.2 * max(len(label) for label in labels) + 12)
    width, top, bottom = room + 118.0 * len(panels) + 30, 52.0, 40.0
    height = top + row * k + bottom
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
    figure.set_label(title)
    figure.text(
        style.margin / width, 1 - 20 / height, printable(title),
        fontproperties=font(style.title, bold=True), color=style.ink, parse_math=False,
    )  # fmt: skip
    rows = np.arange(k, 0, -1)
    for at, (name, (values, cut)) in enumerate(panels.items()):
        left = (room + 118.0 * at + 12) / width
        axes = figure.add_axes((left, bottom / height, 100 / width, row * k / height))
        axes.set_ylim(0.4, k + 0.6)
        axes.set_yticks(
            rows, [printable(shortened(label, LONGEST_LABEL)) for label in labels] if at == 0 else [""] * k
        )
        axes.tick_params(labelsize=style.small - 0.5, colors=style.ink, length=0, axis="y")
        axes.tick_params(labelsize=style.small - 1, colors=style.ink, axis="x")
        axes.set_title(name, fontproperties=font(style.small, bold=True), color=style.ink)
        axes.grid(axis="y", color=style.hairline, linewidth=0.5)
        axes.plot(values, rows, color=style.rule, linewidth=0.7)
        beyond = np.zeros(k, dtype=np.bool_) if cut is None else np.abs(values) > cut
        for i in range(k):
            marker, fill = ("D", style.prediction) if beyond[i] else ("o", "white")
            (mark,) = axes.plot([values[i]], [rows[i]], marker, ms=4.8, mfc=fill, mec=style.ink, mew=0.8)
            mark.set_gid(f"row-{keys[i]}" if keys else f"row-{i + 1}")
        if cut is not None:
            signs = (-1, 1) if values.min() < 0 else (1,)
            for sign in signs:
                if abs(cut) < 3 * np.abs(values).max():
                    axes.axvline(sign * cut, color=style.prediction, linewidth=0.8, linestyle=(0, (3, 2)))
        _few_ticks(axes, 100.0, style.small - 1)
        for spine in ("top", "right", "left"):
            axes.spines[spine].set_visible(False)
    return figure


def _few_ticks(axes: Axes, width: float, size: float) -> None:
    """As many round ticks as have room in a panel of `width` points, none reaching into the next panel."""
    low, high = axes.get_xlim()
    for count in (3, 2, 1):
        ticks = [tick for tick in MaxNLocator(count).tick_values(low, high) if low <= tick <= high]
        labels = [f"{tick:.4g}".replace("-", MINUS) for tick in ticks]
        places = [(tick - low) / (high - low) * width for tick in ticks]
        halves = [text_width(label, size) / 2 for label in labels]
        ends = [(at - half, at + half) for at, half in zip(places, halves, strict=True)]
        apart = all(left[1] + 3 <= right[0] for left, right in pairwise(ends))
        if ends and apart and ends[0][0] >= -5 and ends[-1][1] <= width + 5:
            axes.set_xticks(ticks, labels)
            return
    axes.set_xticks([(low + high) / 2], [f"{(low + high) / 2:.3g}".replace("-", MINUS)])


def draw_gosh(
    estimates: Floats,
    i2: Floats,
    *,
    title: str,
    scale: EffectScale = LINEAR,
    highlighted: Floats | None = None,
    highlight_label: str = "",
    drawn_with_seed: int | None = None,
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """Estimate and I2 (percent) of all subsets, as a map of how many lie where, with both marginal densities.

    highlighted: shape of `estimates`, true for the subsets with a chosen study, whose margins are drawn
    beside the others'. drawn_with_seed: where the subsets are a sample, not all. A map and not points: a
    quarter of a million points would be one blot and a file of 20 MB.
    Source: Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214.
    """
    figure, axes = plain_figure(
        title,
        caption=(_subsets_in_words(len(estimates), drawn_with_seed),),
        style=style,
    )
    box = axes.get_position()
    axes.set_position((box.x0, box.y0, box.width * 0.8, box.height * 0.78))
    low, high = padded(float(estimates.min()), float(estimates.max()))
    counts, xs, ys = np.histogram2d(estimates, i2, bins=CELLS, range=((low, high), (-2, 100)))
    image = np.ma.masked_equal(np.log1p(counts.T), 0)
    axes.pcolormesh(
        xs, ys, image, cmap="Blues", vmin=-0.25 * float(np.log1p(counts).max()), linewidth=0, rasterized=True
    )
    dress(axes.xaxis, scale, low, high)
    axes.set_ylim(-2, 100)
    axes.set_ylabel("I\u00b2 of the subset (%)")
    place = axes.get_position()
    above = figure.add_axes((place.x0, place.y1 + 0.01, place.width, box.height * 0.18), sharex=axes)
    beside = figure.add_axes((place.x1 + 0.01, place.y0, box.width * 0.17, place.height), sharey=axes)
    chosen = np.ones(len(estimates), dtype=np.bool_) if highlighted is None else highlighted.astype(np.bool_)
    groups = [(chosen, style.random, f"with {highlight_label}")]
    if highlighted is not None:
        groups.append((~chosen, style.prediction, f"without {highlight_label}"))
    for members, colour, name in groups:
        if members.any():
            above.hist(
                estimates[members], bins=CELLS, range=(low, high), histtype="step", color=colour, label=name
            )
            beside.hist(
                i2[members],
                bins=CELLS,
                range=(-2, 100),
                histtype="step",
                color=colour,
                orientation="horizontal",
            )
    for panel in (above, beside):
        panel.set_axis_off()
    if highlighted is not None:
        axes.plot([], [], color=style.random, label=f"with {highlight_label}")
        axes.plot([], [], color=style.prediction, label=f"without {highlight_label}")
        legend(axes, style, corner="lower left")
    return figure


def _subsets_in_words(subsets: int, seed: int | None) -> str:
    if seed is None:
        return f"All {subsets:,} subsets of the studies; darker where more of them lie."
    return (
        f"{subsets:,} subsets of the studies drawn at random (seed {seed}), each size as likely as another; "
        "darker where more of them lie."
    )


def draw_drapery(
    studies: Studies,
    *,
    title: str,
    pooled: float,
    pooled_se: float,
    tau2: float | None = None,
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """p values of every possible true effect: thin for each study, bold for the pooled one, broken for a new
    study.

    pooled_se: of a normal interval. tau2: for the prediction curve, None for a common-effect model.
    Source: Rucker & Schwarzer 2021, Res Synth Methods 12:570.
    """
    figure, axes = plain_figure(
        title, caption=("A curve crosses p = 0.05 at the limits of its 95% interval.",), style=style
    )
    reach = 3.2 * float(np.median(studies.ses))
    low = min(float(studies.effects.min()), pooled) - reach
    high = max(float(studies.effects.max()), pooled) + reach
    xs = np.linspace(low, high, CURVE_POINTS)
    for i, (effect, se) in enumerate(zip(studies.effects, studies.ses, strict=True)):
        (curve,) = axes.plot(xs, _p(xs, effect, se), color=style.rule, linewidth=0.7, alpha=0.8)
        curve.set_gid(studies.key(i))
    if tau2 is not None:
        spread = float(np.sqrt(pooled_se**2 + tau2))
        axes.plot(
            xs, _p(xs, pooled, spread), color=style.prediction, lw=1.6, ls=(0, (4, 2)), label="new study"
        )
    axes.plot(xs, _p(xs, pooled, pooled_se), color=style.random, linewidth=2.2, label="pooled")
    for p in (0.1, 0.05, 0.01):
        axes.axhline(p, color=style.hairline, linewidth=0.8, zorder=0)
    if studies.scale.null is not None:
        vertical(axes, studies.scale.null, style.rule)
    dress(axes.xaxis, studies.scale, low, high)
    axes.set_ylim(0, 1.02)
    axes.set_yticks(
        [0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0], ["", "0.05", "0.1", "0.2", "0.4", "0.6", "0.8", "1"]
    )
    axes.set_ylabel("p value (two-sided)")
    legend(axes, style)
    return figure


def _p(xs: Floats, effect: float, se: float) -> Floats:
    return np.asarray(2 * ndtr(-np.abs(xs - effect) / se))


def draw_normal_quantiles(
    labels: tuple[str, ...],
    residuals: Floats,
    *,
    title: str,
    keys: tuple[str, ...] = (),
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """Ordered standardised residuals against normal quantiles: on the line if the effects are normal."""
    k = len(labels)
    order = np.argsort(residuals, kind="stable")
    expected = np.asarray(ndtri((np.arange(1, k + 1) - 0.375) / (k + 0.25)))
    figure, axes = plain_figure(title, style=style)
    limit = 1.12 * float(max(np.abs(residuals).max(), np.abs(expected).max()))
    axes.plot([-limit, limit], [-limit, limit], color=style.rule, linewidth=0.9)
    axes.set_xlim(-limit, limit)
    axes.set_ylim(-limit, limit)
    axes.set_xlabel("Normal quantile")
    axes.set_ylabel("Standardised residual")
    names = [f"row-{keys[i]}" if keys else f"row-{int(i) + 1}" for i in order]
    points(axes, names, expected, residuals[order], style=style)
    return figure

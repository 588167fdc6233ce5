"""How far a result depends on single studies and on choices that could have been made otherwise.

Everything here is computed from a run's own rows, so that it speaks of that run. Pure: no Django.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import pooling
from .effects import shown, sizes_of
from .measures import Needs
from .plan import Method, Plan
from .results import as_json, engine_options
from .rows import LOW_RISK, DatasetRow

# Below this many studies a test for small-study effects has too little power to say anything.
FEWEST_FOR_SMALL_STUDY_TESTS = 10
TOO_FEW = (
    "Tests for small-study effects are offered from {fewest} studies on: with the {k} here their power is "
    "too low to tell chance from asymmetry (Cochrane Handbook 13.3.5.4)."
)


@dataclass(frozen=True)
class Variant:
    """The result under another choice or with other rows; `refusal` says why there is none."""

    label: str
    k: int | None = None
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    i2: float | None = None
    tau2: float | None = None
    p_value: float | None = None
    refusal: str = ""
    group: str = ""
    is_the_run: bool = False
    # What was chosen, as (question, answer): the rows of dots under a specification curve.
    choices: tuple[tuple[str, str], ...] = ()


def variant(label: str, rows: Sequence[DatasetRow], plan: Plan, **more: Any) -> Variant:
    """The pooled result of some rows under some plan, in a line."""
    try:
        told = as_json(rows, plan)
    except pooling.PoolingError as error:
        return Variant(label, refusal=str(error), **more)
    names = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")
    scale = told["scale"]
    return Variant(
        label,
        k=scale["k"],
        **{name: told[name] for name in names},
        i2=scale["i2"],
        tau2=scale["tau2"],
        p_value=scale["p_value"],
        **more,
    )


def leave_one_out(rows: Sequence[DatasetRow], plan: Plan) -> list[Variant]:
    """The result without each study in turn."""
    return [variant(row.label, [each for each in rows if each is not row], plan) for row in rows]


def cumulative(rows: Sequence[DatasetRow], plan: Plan) -> list[Variant]:
    """The result as it stood after each study, oldest first; studies without a year come last."""
    ordered = sorted(rows, key=lambda row: (row.year is None, row.year or 0, row.study))
    return [
        variant(f"{row.label} ({row.year or 'no year'})", ordered[: n + 1], plan)
        for n, row in enumerate(ordered)
    ]


def by_part(rows: Sequence[DatasetRow], plan: Plan) -> list[Variant]:
    """The result of the studies at low risk of bias, and of each design by itself."""
    told = []
    low = [row for row in rows if row.risk == LOW_RISK]
    if low and len(low) < len(rows):
        told.append(variant("At low risk of bias only", low, plan, group="Risk of bias"))
    designs = sorted({row.design for row in rows if row.design})
    if len(designs) > 1:
        told += [
            variant(name, [row for row in rows if row.design == name], plan, group="Design")
            for name in designs
        ]
    reported = [row for row in rows if not row.is_derived]
    if reported and len(reported) < len(rows):
        told.append(variant("Without derived numbers", reported, plan, group="Provenance"))
    return told


# Other measures that the same numbers allow.
SIBLINGS = {
    "PLO": ("PLO", "PR", "PAS", "PFT"),
    "PR": ("PR", "PLO", "PAS", "PFT"),
    "PAS": ("PAS", "PLO", "PR", "PFT"),
    "PFT": ("PFT", "PLO", "PR", "PAS"),
}
INTERVALS = {
    "wald": "Wald",
    "hartung_knapp": "Hartung-Knapp",
    "hartung_knapp_floor": "Hartung-Knapp with floor",
}


OTHER_METHODS: dict[str, str] = {
    Method.MANTEL_HAENSZEL: "Mantel-Haenszel",
    Method.PETO: "Peto",
    Method.GLMM: "Mixed model of counts",
}


def multiverse(rows: Sequence[DatasetRow], plan: Plan) -> list[Variant]:
    """The result under every sensible choice of scale, method, estimator and interval; the run's own marked.

    Scales that are read alike only: a risk ratio and an odds ratio are different numbers, not a choice.
    """
    made = _plain(plan)
    return [
        variant(label, rows, each, group=group, is_the_run=each == made, choices=_answers(group, each))
        for group, label, each in _choices(plan)
    ]


def _plain(plan: Plan) -> Plan:
    """The plan without what does not touch the pooled estimate and its interval."""
    return replace(plan, prediction="", group_by="", moderator="")


def _answers(group: str, plan: Plan) -> tuple[tuple[str, str], ...]:
    """The choices behind a plan, question by question."""
    scale = ("Scale", group.partition(", ")[2] or group)
    if plan.method != Method.INVERSE_VARIANCE:
        return scale, ("Model", OTHER_METHODS[plan.method])
    if plan.model == "common":
        return scale, ("Model", "Common effect")
    return scale, ("Model", f"Random, {plan.tau2_estimator}"), ("Interval", INTERVALS[plan.interval])


def _choices(plan: Plan) -> Iterator[tuple[str, str, Plan]]:
    plain = _plain(plan)
    for code in SIBLINGS.get(plan.measure, (plan.measure,)):
        scale = replace(plain, measure=code, method=Method.INVERSE_VARIANCE)
        group = scale.of.label
        yield group, "Common effect", replace(scale, model="common", interval="wald")
        for estimator in pooling.Tau2Estimator:
            for interval, name in INTERVALS.items():
                choice = replace(scale, model="random", tau2_estimator=str(estimator), interval=interval)
                yield group, f"Random effects, {estimator}, {name}", choice
    yield from _other_methods(plain)


def _other_methods(plan: Plan) -> Iterator[tuple[str, str, Plan]]:
    if plan.of.needs is Needs.EVENTS and plan.of.arms == 2:
        yield plan.of.label, "Mantel-Haenszel", replace(plan, method=Method.MANTEL_HAENSZEL)
        if plan.measure == "OR":
            yield plan.of.label, "Peto", replace(plan, method=Method.PETO)
    if plan.measure in {"OR", "PLO", "PR", "PAS", "PFT", "IRR", "IRLN"}:
        code = "PLO" if plan.measure in SIBLINGS else plan.measure
        mixed = replace(plan, measure=code, method=Method.GLMM, interval="t")
        yield mixed.of.label, "Mixed model of the counts", mixed


@dataclass(frozen=True)
class Scale:
    """All choices on one scale, with the lowest and highest estimate among them."""

    label: str
    variants: tuple[Variant, ...]

    @property
    def lowest(self) -> float | None:
        return min(self._estimates, default=None)

    @property
    def highest(self) -> float | None:
        return max(self._estimates, default=None)

    @property
    def holds_the_run(self) -> bool:
        return any(each.is_the_run for each in self.variants)

    @property
    def _estimates(self) -> list[float]:
        return [each.estimate for each in self.variants if each.estimate is not None]


def by_scale(choices: Sequence[Variant]) -> list[Scale]:
    """The choices scale by scale, in the order in which scales first come."""
    labels = dict.fromkeys(each.group for each in choices)
    return [Scale(name, tuple(each for each in choices if each.group == name)) for name in labels]


@dataclass(frozen=True)
class SmallStudyTest:
    """A test for small-study effects, named, with its statistic in words."""

    name: str
    statistic: str
    p_value: float
    says: str


def small_study_tests(rows: Sequence[DatasetRow], plan: Plan) -> tuple[list[SmallStudyTest], str]:
    """Egger's and Begg's tests, or why they are not offered."""
    sizes = sizes_of(rows, plan)
    k = len(sizes.effects)
    if k < FEWEST_FOR_SMALL_STUDY_TESTS:
        return [], TOO_FEW.format(fewest=FEWEST_FOR_SMALL_STUDY_TESTS, k=k)
    egger = pooling.egger(sizes.effects, sizes.variances, level=plan.level / 100)
    begg = pooling.begg(sizes.effects, sizes.variances)
    return [
        SmallStudyTest(
            "Egger's regression",
            f"t = {egger.statistic:.2f} on {egger.df} df",
            egger.p_value,
            "Whether small studies give systematically other effects than large ones.",
        ),
        SmallStudyTest(
            "Begg and Mazumdar's rank correlation",
            f"τ = {begg.tau:.2f}",
            begg.p_value,
            "Whether effects and their variances are ranked alike; weak with few studies.",
        ),
    ], ""


@dataclass(frozen=True)
class InfluenceLine:
    """How one study acts on the pooled result."""

    study: str
    residual: float
    cook: float
    weight: float
    heterogeneity: float
    is_influential: bool


def influence(rows: Sequence[DatasetRow], plan: Plan) -> list[InfluenceLine]:
    """Influence of each study; empty where there are too few for it or the method has none."""
    sizes = sizes_of(rows, plan)
    if len(sizes.effects) < 3 or plan.method != Method.INVERSE_VARIANCE:
        return []
    options = engine_options(plan)
    told = pooling.influence(
        sizes.effects, sizes.variances, model=options["model"], tau2_estimator=options["tau2_estimator"]
    )
    return [
        InfluenceLine(
            rows[place].label,
            float(told.rstudent[i]),
            float(told.cook_distance[i]),
            float(told.weights_percent[i]),
            float(told.baujat_x[i]),
            bool(told.influential[i]),
        )
        for i, place in enumerate(sizes.studies)
    ]


def trim_and_fill(rows: Sequence[DatasetRow], plan: Plan) -> dict[str, Any] | None:
    """How many studies trim and fill would add, and the result with them; None with too few studies."""
    sizes = sizes_of(rows, plan)
    if len(sizes.effects) < FEWEST_FOR_SMALL_STUDY_TESTS:
        return None
    options = engine_options(plan)
    told = pooling.trim_and_fill(
        sizes.effects,
        sizes.variances,
        model=options["model"],
        tau2_estimator=options["tau2_estimator"],
        interval=options["interval"],
        level=options["level"],
    )
    names = ("estimate", "ci_low", "ci_high")
    return {
        "added": told.missing,
        "side": str(told.side),
        **{name: shown(getattr(told.pooled, name), plan) for name in names},
    }

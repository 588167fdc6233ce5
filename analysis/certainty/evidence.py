"""Lines of the summary of findings as they stand: numbers, proposals, judgements, certainty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from extraction.bias.agreed import OverallLevels
from reviewsite.reviews.models import Review

from .. import pooling, wording
from ..bias_results import weight_by_tone, weights_of
from ..grade import (
    DOMAINS,
    AbsoluteEffect,
    Certainty,
    Evidence,
    Proposal,
    RelativeMeasure,
    absolute_effect,
    propose,
)
from ..grade import certainty as certainty_of
from ..models import AnalysisRun, CertaintyJudgement, EvidenceProfile
from ..runs import Standing, rows_of_run, standing, standings


@dataclass(frozen=True)
class BaselineLine:
    """A baseline risk with the absolute effect at it."""

    label: str
    effect: AbsoluteEffect


@dataclass(frozen=True)
class Line:
    """One outcome of the summary of findings."""

    profile: EvidenceProfile
    run: AnalysisRun | None
    is_stale: bool
    evidence: Evidence | None
    proposals: Mapping[str, Proposal]
    judged: Mapping[str, CertaintyJudgement]
    baselines: tuple[BaselineLine, ...]

    @property
    def certainty(self) -> Certainty:
        return certainty_of(self.profile.start, {key: each.steps for key, each in self.judged.items()})

    @property
    def is_percent(self) -> bool:
        """Whether the analysis itself gives a share of people (a single arm)."""
        if not self.run or not self.run.result or _kind(self.run.result) != "percent":
            return False
        return self.run.result.get("shown", {}).get("null") is None

    @property
    def explanations(self) -> list[tuple[str, str]]:
        """Why certainty was rated up or down, domain by domain."""
        labels = {domain.key: domain.label for domain in DOMAINS}
        return [(labels[key], each.reason) for key, each in self.judged.items() if each.steps]

    @property
    def is_judged_on_another_run(self) -> bool:
        return any(each.run_id != (self.run.pk if self.run else None) for each in self.judged.values())


def lines(review: Review) -> list[Line]:
    """Every line of the review's summary of findings, the most important first."""
    order = list(EvidenceProfile.Importance.values)
    profiles = review.evidence_profiles.select_related(
        "review", "spec__review", "spec__outcome", "spec__time_point", "appraisal__outcome"
    )
    judged: dict[int, list[CertaintyJudgement]] = defaultdict(list)
    for each in (
        CertaintyJudgement.objects.filter(profile__in=profiles).standing().select_related("judged_by")
    ):
        judged[each.profile_id].append(each)
    now = {each.spec.pk: each for each in standings(review)}
    levels = OverallLevels(review)
    in_order = sorted(profiles, key=lambda profile: order.index(profile.importance))
    return [_line(each, now[each.spec_id], judged[each.pk], levels) for each in in_order]


def line_of(profile: EvidenceProfile) -> Line:
    """One line alone."""
    judged = profile.judgements.standing().select_related("judged_by")
    return _line(profile, standing(profile.spec), judged, OverallLevels(profile.review))


def _line(
    profile: EvidenceProfile, now: Standing, judgements: Iterable[CertaintyJudgement], levels: OverallLevels
) -> Line:
    usable = now.run if now.run and now.run.result else None
    evidence = _evidence(profile, usable, levels) if usable else None
    by_domain = {each.domain: each for each in judgements}
    judged = {domain.key: by_domain[domain.key] for domain in DOMAINS if domain.key in by_domain}
    return Line(
        profile,
        usable,
        now.is_stale,
        evidence,
        propose(evidence) if evidence else {},
        judged,
        tuple(_baselines(profile, usable)),
    )


def certainty_of_run(run: AnalysisRun) -> wording.Certainty | None:
    """The certainty judged for a run's analysis; None until every domain is, and for runs before the judged
    one.
    """
    profile = EvidenceProfile.objects.filter(spec=run.spec_id).first()
    if profile is None:
        return None
    judged = list(profile.judgements.standing())
    certainty = certainty_of(profile.start, {each.domain: each.steps for each in judged})
    if not certainty.is_complete or any(each.run_id and each.run_id > run.pk for each in judged):
        return None
    return list(wording.Certainty)[4 - certainty.level]


def _kind(result: Mapping[str, Any]) -> str:
    """What the run's estimate is: percent, ratio or number. Without a word, percent: a single arm."""
    return str(result.get("shown", {}).get("kind", "percent"))


def _evidence(profile: EvidenceProfile, run: AnalysisRun, levels: OverallLevels) -> Evidence:
    result, scale = run.result, run.result["scale"]
    kind = _kind(result)
    prediction = (result.get("prediction_low"), result.get("prediction_high"))
    participants = _participants(run)
    return Evidence(
        k=scale["k"],
        estimate=result["estimate"],
        low=result["ci_low"],
        high=result["ci_high"],
        prediction=None if None in prediction else prediction,
        i2=scale.get("i2"),
        null=result.get("shown", {}).get("null"),
        is_ratio=kind == "ratio",
        participants=participants,
        baseline_risk=profile.baseline_risks[0]["per_1000"] / 1000 if profile.baseline_risks else None,
        asymmetry_p=_asymmetry(result["studies"]),
        weight_by_tone=_tones(profile, run, levels),
    )


def _participants(run: AnalysisRun) -> int | None:
    """Everybody in the pooled rows, both groups together where there are two; None where one is not
    reported.
    """
    pooled = {study["key"] for study in run.result["studies"]}
    rows = [row for row in rows_of_run(run) if row.key in pooled]
    sizes = [arm.n for row in rows for arm in (row.experimental, row.comparator) if arm is not None]
    return round(sum(sizes)) if sizes and None not in sizes else None


def _asymmetry(studies: list[Mapping[str, Any]]) -> float | None:
    try:
        test = pooling.egger([each["effect"] for each in studies], [each["variance"] for each in studies])
    except pooling.PoolingError:
        return None
    return float(test.p_value)


def _tones(profile: EvidenceProfile, run: AnalysisRun, levels: OverallLevels) -> dict[str, float]:
    fitting = levels.fitting(profile.spec.outcome)
    used = profile.appraisal or (fitting[0] if fitting else None)
    return weight_by_tone(levels.of(used), weights_of(run)) if used else {}


def relative_effect(
    profile: EvidenceProfile, run: AnalysisRun | None
) -> tuple[RelativeMeasure, float, float, float] | None:
    """The relative effect that absolute ones come from: the one a person gave, else the run's own ratio."""
    if profile.measure:
        limits = (profile.effect, profile.effect_low, profile.effect_high)
        return RelativeMeasure(profile.measure), *limits
    measure = run.plan.get("measure", "") if run else ""
    if run and _kind(run.result) == "ratio" and measure in RelativeMeasure.__members__:
        result = run.result
        return RelativeMeasure(measure), result["estimate"], result["ci_low"], result["ci_high"]
    return None


def _baselines(profile: EvidenceProfile, run: AnalysisRun | None):
    relative = relative_effect(profile, run)
    if relative is None:
        return
    for each in profile.baseline_risks:
        yield BaselineLine(each["label"], absolute_effect(*relative, each["per_1000"]))

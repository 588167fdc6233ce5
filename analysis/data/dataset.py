"""From agreed rows to the data set of an analysis: what goes in, what stays out and why, and its hash."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extraction.models import AnalysisSet, Arm, ArmResult, Contrast, Scores

from ..estimate.arms import combined, shared_out
from ..estimate.measures import Needs
from ..estimate.plan import MultiArm, Plan
from ..estimate.rows import LOW_RISK, ArmNumbers, DatasetRow, ReportedEstimate, sha256_of
from ..models import AnalysisSpec
from .agreed import Agreed, AgreedStudy, agreed_of

SECOND_ROW = "Its study has a main row in this analysis already; one study counts once."
NO_COMPARATOR = "It has no group that is marked as the comparator."
NO_INTERVENTION = "It has no group that is marked as the intervention."


@dataclass(frozen=True)
class LeftOutRow:
    """A study or row that is not pooled, with the reason in words."""

    study: str
    description: str
    reason: str


@dataclass(frozen=True)
class Dataset:
    rows: tuple[DatasetRow, ...]
    left_out: tuple[LeftOutRow, ...]

    @cached_property
    def sha256(self) -> str:
        return sha256_of(self.rows)


def dataset(spec: AnalysisSpec, agreed: Agreed | None = None) -> Dataset:
    """The rows of the agreed extractions that answer the analysis, and what was left out.

    agreed: what was read of the review before, where several analyses are made of it.
    """
    told = agreed or agreed_of(spec.review)
    return _Collector(spec, told).collected()


class _Collector:
    """Goes through the studies of one analysis and sorts their rows into pooled and left out."""

    def __init__(self, spec: AnalysisSpec, agreed: Agreed) -> None:
        self.spec, self.agreed, self.plan = spec, agreed, spec.plan
        self.rows: list[DatasetRow] = []
        self.left_out: list[LeftOutRow] = []

    def collected(self) -> Dataset:
        for study in self.agreed.waiting:
            self._leave_out(study.label, "All its data", "Its extraction is not agreed yet.")
        for pk in self._studies_in_order():
            self._study(self.agreed.studies[pk])
        for rule in (self._excluded_by_hand, self._not_low_risk, self._overlapping):
            self._apply(rule)
        if not self.plan.leave_out_overlaps:
            self.rows = [replace(row, shares=self._shared_with(row)) for row in self.rows]
        return Dataset(tuple(self.rows), tuple(sorted(self.left_out, key=lambda row: row.study)))

    def _studies_in_order(self) -> Iterator[int]:
        has_rows = {each.arm.extraction.study_id for each in self._candidates()}
        return (pk for pk in sorted(has_rows, key=lambda pk: self.agreed.studies[pk].study.label))

    def _candidates(self) -> Sequence[ArmResult | Contrast]:
        kind = self.agreed.contrasts if self.plan.of.needs is Needs.ESTIMATE else self.agreed.results
        found: Sequence[ArmResult | Contrast] = kind.get(self.spec.outcome_id, [])
        if self.spec.time_point_id:
            found = [each for each in found if each.time_point_id == self.spec.time_point_id]
        return found

    def _study(self, study: AgreedStudy) -> None:
        own = [each for each in self._candidates() if each.arm.extraction.study_id == study.study.pk]
        usable = []
        for each in own:
            reason = _why_not(each, self.plan)
            if reason:
                self._leave_out(study.study.label, _description(each), reason)
            else:
                usable.append(each)
        if usable and self.plan.of.needs is Needs.ESTIMATE:
            self._estimates(study, usable)
        elif usable:
            self._groups(study, usable)

    def _estimates(self, study: AgreedStudy, contrasts: Sequence[Contrast]) -> None:
        self.rows.append(self._row(study, contrasts[0], estimate=_estimate(contrasts[0])))
        for each in contrasts[1:]:
            self._leave_out(study.study.label, _description(each), SECOND_ROW)

    def _groups(self, study: AgreedStudy, results: Sequence[ArmResult]) -> None:
        """The first time point, denominator and kind of score that answers; others count people twice."""
        occasions: dict[tuple[object, str, str], list[ArmResult]] = defaultdict(list)
        # Values at the time point before changes since baseline: one is asked for, not both together.
        for each in sorted(results, key=lambda row: row.scores != Scores.FINAL):
            occasions[(each.time_point_id, each.population, each.scores)].append(each)
        answered = False
        for occasion in occasions.values():
            if answered:
                for each in occasion:
                    self._leave_out(study.study.label, _description(each), SECOND_ROW)
            elif self.plan.of.arms == 1:
                answered = self._one_group(study, occasion)
            else:
                answered = self._comparison(study, occasion)

    def _one_group(self, study: AgreedStudy, results: Sequence[ArmResult]) -> bool:
        """Single-arm questions: the treated group alone; several treated groups are combined."""
        treated = [each for each in results if each.arm.role != Arm.Role.COMPARATOR] or list(results)
        for each in results:
            if each not in treated:
                reason = "A comparator: the question is about the treated group."
                self._leave_out(study.study.label, _description(each), reason)
        arms = combined([_numbers(each) for each in treated])
        self.rows.append(self._row(study, treated[0], experimental=arms))
        return True

    def _comparison(self, study: AgreedStudy, results: Sequence[ArmResult]) -> bool:
        treated = [each for each in results if each.arm.role == Arm.Role.INTERVENTION]
        compared = [each for each in results if each.arm.role == Arm.Role.COMPARATOR]
        if not treated or not compared:
            reason = NO_COMPARATOR if treated else NO_INTERVENTION
            for each in results:
                self._leave_out(study.study.label, _description(each), reason)
            return False
        comparator = combined([_numbers(each) for each in compared])
        if len(treated) > 1 and self.plan.multi_arm == MultiArm.SPLIT:
            share = shared_out(comparator, len(treated))
            for each in treated:
                row = self._row(study, each, experimental=_numbers(each), comparator=share)
                self.rows.append(replace(row, name=each.arm.label))
        else:
            arms = combined([_numbers(each) for each in treated])
            self.rows.append(self._row(study, treated[0], experimental=arms, comparator=comparator))
        return True

    def _row(self, study: AgreedStudy, source: ArmResult | Contrast, **measured: object) -> DatasetRow:
        number = study.answer(self.plan.moderator) if self.plan.moderator else None
        if self.plan.moderator == "year":
            number = study.year
        return DatasetRow(
            study_pk=study.study.pk,
            study=study.study.label,
            outcome=str(source.outcome),
            time_point=str(source.time_point or ""),
            population=source.population,
            year=study.year,
            design=str(study.answer("design") or ""),
            risk=self.agreed.risk(study.study.pk, self.spec.outcome_id),
            group=self._group(study),
            moderator=float(number) if isinstance(number, (int, float)) else None,
            extraction_pk=study.extraction.pk,
            agreed_by=str(study.extraction.extractor),
            change_reason=study.extraction.change_reason,
            **measured,  # type: ignore[arg-type]
        )

    def _group(self, study: AgreedStudy) -> str:
        if self.plan.group_by == "risk":
            return self.agreed.risk(study.study.pk, self.spec.outcome_id)
        value = study.answer(self.plan.group_by) if self.plan.group_by else ""
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")

    def _apply(self, rule) -> None:
        kept = []
        for row in self.rows:
            reason = rule(row)
            if reason:
                described = f"{row.numbers} {row.time_point}".strip()
                self._leave_out(row.label, described, reason)
            else:
                kept.append(row)
        self.rows = kept

    def _excluded_by_hand(self, row: DatasetRow) -> str:
        return dict(self.plan.excluded).get(row.study_pk, "")

    def _not_low_risk(self, row: DatasetRow) -> str:
        if not self.plan.only_low_risk or row.risk == LOW_RISK:
            return ""
        judged = f"is judged “{row.risk}”" if row.risk else "has no agreed judgement"
        return f"Only studies at low risk of bias are pooled here; this one {judged}."

    def _overlapping(self, row: DatasetRow) -> str:
        return self._shared_with(row) if self.plan.leave_out_overlaps else ""

    def _shared_with(self, row: DatasetRow) -> str:
        present = {each.study_pk for each in self.rows}
        overlaps = self.agreed.overlaps.get(row.study_pk, [])
        return next((reason for kept, reason in overlaps if kept in present), "")

    def _leave_out(self, study: str, description: str, reason: str) -> None:
        self.left_out.append(LeftOutRow(study, description, reason))


def _why_not(row: ArmResult | Contrast, plan: Plan) -> str:
    """Why a row cannot answer the question at all; empty when it can."""
    if row.analysis_set == AnalysisSet.ALTERNATIVE:
        return "Marked as an alternative denominator or definition, kept beside the main row."
    if row.subgroup:
        return f"Of a part of the participants only ({row.subgroup})."
    if isinstance(row, Contrast):
        return _why_not_estimate(row, plan)
    missing = {
        Needs.EVENTS: row.events is None or row.n is None,
        Needs.MEANS: row.mean is None or row.sd is None or row.n is None,
        Needs.RATES: row.events is None or row.person_time is None,
    }
    return MISSING[plan.of.needs] if missing.get(plan.of.needs) else ""


MISSING = {
    Needs.EVENTS: "No number of events out of participants.",
    Needs.MEANS: "No mean with a standard deviation and the number of participants.",
    Needs.RATES: "No number of events with the person-time they came in.",
}


def _why_not_estimate(row: Contrast, plan: Plan) -> str:
    if row.measure != plan.of.reported_as:
        return f"Reported as {row.get_measure_display().lower()}, which is not what is pooled here."
    if row.estimate is None:
        return "No estimate is reported."
    if row.se is None and (row.ci_low is None or row.ci_high is None):
        return "Neither a standard error nor a confidence interval, so it has no variance."
    return ""


def _numbers(result: ArmResult) -> ArmNumbers:
    return ArmNumbers(
        label=result.arm.label,
        events=result.events,
        n=result.n,
        mean=result.mean,
        sd=result.sd,
        person_time=result.person_time,
        provenance=result.get_provenance_display(),
        derived=tuple(result.derived_columns),
        result_pk=result.pk,
    )


def _estimate(contrast: Contrast) -> ReportedEstimate:
    return ReportedEstimate(
        measure=contrast.measure,
        estimate=contrast.estimate,
        ci_low=contrast.ci_low,
        ci_high=contrast.ci_high,
        ci_level=contrast.ci_level,
        se=contrast.se,
        provenance=contrast.get_provenance_display(),
        derived=tuple(contrast.derived_columns),
        contrast_pk=contrast.pk,
    )


def _description(row: ArmResult | Contrast) -> str:
    if isinstance(row, Contrast):
        numbers = "" if row.estimate is None else f"{row.measure} {row.estimate:g}"
    elif row.events is not None:
        numbers = f"{row.events}/{row.n}"
    else:
        numbers = "" if row.mean is None else f"mean {row.mean:g}"
    parts: Iterable[str] = (numbers, row.arm.label, str(row.time_point or ""), row.population)
    return ", ".join(part for part in parts if part) or "a row without numbers"

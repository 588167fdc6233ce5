"""From agreed rows to the data set of an analysis: what goes in, what stays out and why, and its hash."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Q

from extraction.models import AnalysisSet, ArmResult, Extraction
from screening.prisma.counts import included_studies

from .models import AnalysisSpec


@dataclass(frozen=True)
class DatasetRow:
    """One row that is pooled. The hash reads what is measured, not where the row is stored."""

    study_pk: int
    study: str
    arm: str
    outcome: str
    time_point: str
    population: str
    events: int
    n: int
    provenance: str
    # Where the row stands, for the way back from a diamond to a quote; not part of the hash.
    result_pk: int
    extraction_pk: int
    agreed_by: str
    change_reason: str

    @property
    def content(self) -> dict[str, object]:
        own = asdict(self)
        for place in ("result_pk", "extraction_pk", "agreed_by", "change_reason"):
            del own[place]
        return own


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

    @property
    def sha256(self) -> str:
        """Hash of what is measured; equal for equal data wherever and whenever they were stored."""
        text = json.dumps([row.content for row in self.rows], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def dataset(spec: AnalysisSpec) -> Dataset:
    """The rows of the agreed extractions that answer the analysis, and what was left out."""
    rows: list[DatasetRow] = []
    left_out: list[LeftOutRow] = [*_not_agreed(spec)]
    for result in _candidates(spec):
        reason = _why_not(result) or _second_of_a_study(result, rows)
        if reason:
            left_out.append(LeftOutRow(result.arm.extraction.study.label, _description(result), reason))
        else:
            rows.append(_row(result))
    if spec.leave_out_overlaps:
        rows, overlapping = _without_overlaps(spec, rows)
        left_out.extend(overlapping)
    return Dataset(tuple(rows), tuple(sorted(left_out, key=lambda row: row.study)))


def _candidates(spec: AnalysisSpec) -> Iterable[ArmResult]:
    results = ArmResult.objects.filter(
        arm__extraction__in=Extraction.objects.filter(review_id=spec.review_id).agreed(),
        arm__extraction__study__in=included_studies(spec.review),
        outcome=spec.outcome,
    )
    if spec.time_point_id:
        results = results.filter(time_point=spec.time_point_id)
    return results.select_related(
        "arm__extraction__study", "arm__extraction__extractor", "time_point", "outcome"
    ).order_by("arm__extraction__study__label", "time_point__position", "arm__position", "pk")


def _not_agreed(spec: AnalysisSpec) -> Iterable[LeftOutRow]:
    agreed = Extraction.objects.filter(review_id=spec.review_id).agreed().values("study")
    for study in included_studies(spec.review).exclude(pk__in=agreed):
        yield LeftOutRow(study.label, "All its data", "Its extraction is not agreed yet.")


def _why_not(result: ArmResult) -> str:
    if result.analysis_set == AnalysisSet.ALTERNATIVE:
        return "Marked as an alternative denominator or definition, kept beside the main row."
    if result.subgroup:
        return f"A subgroup ({result.subgroup}); its participants are in the row of the whole study."
    if result.events is None or result.n is None:
        return "No number of events out of participants."
    return ""


def _second_of_a_study(result: ArmResult, rows: Sequence[DatasetRow]) -> str:
    if any(row.study_pk == result.arm.extraction.study_id for row in rows):
        return "Its study has a main row in this analysis already; one study counts once."
    return ""


def _without_overlaps(
    spec: AnalysisSpec, rows: Sequence[DatasetRow]
) -> tuple[list[DatasetRow], list[LeftOutRow]]:
    present = {row.study_pk for row in rows}
    overlaps = spec.review.study_overlaps.filter(
        Q(kept__in=present) & Q(left_out__in=present)
    ).select_related("kept")
    reason_of = {o.left_out_id: f"Shares participants with {o.kept}: {o.reason}" for o in overlaps}
    kept = [row for row in rows if row.study_pk not in reason_of]
    dropped = [row for row in rows if row.study_pk in reason_of]
    return kept, [
        LeftOutRow(row.study, f"{row.events}/{row.n} {row.time_point}".strip(), reason_of[row.study_pk])
        for row in dropped
    ]


def _row(result: ArmResult) -> DatasetRow:
    extraction = result.arm.extraction
    return DatasetRow(
        study_pk=extraction.study_id,
        study=extraction.study.label,
        arm=result.arm.label,
        outcome=str(result.outcome),
        time_point=str(result.time_point or ""),
        population=result.population,
        events=result.events,
        n=result.n,
        provenance=result.get_provenance_display(),
        result_pk=result.pk,
        extraction_pk=extraction.pk,
        agreed_by=str(extraction.extractor),
        change_reason=extraction.change_reason,
    )


def _description(result: ArmResult) -> str:
    numbers = "" if result.events is None else f"{result.events}/{result.n}"
    parts = (numbers, str(result.time_point or ""), result.population)
    return ", ".join(part for part in parts if part) or "a row without numbers"


@dataclass(frozen=True)
class RowChange:
    """How one study's row differs between two data sets; a side is None where the row is absent."""

    study: str
    before: dict[str, object] | None
    after: dict[str, object] | None

    @property
    def sentence(self) -> str:
        if self.before is None:
            return f"added: {self.after['events']}/{self.after['n']}"
        if self.after is None:
            return f"no longer in: {self.before['events']}/{self.before['n']}"
        told = [
            f"{name.replace('_', ' ')} {self.before[name] or '(none)'} → {self.after[name] or '(none)'}"
            for name in CONTENT_FIELDS
            if self.before[name] != self.after[name]
        ]
        return "; ".join(told)

    @property
    def why(self) -> str:
        return str((self.after or {}).get("change_reason") or "")

    @property
    def by(self) -> str:
        return str((self.after or {}).get("agreed_by") or "")


CONTENT_FIELDS = ("study", "arm", "outcome", "time_point", "population", "events", "n", "provenance")


def changes(before: Sequence[dict[str, object]], after: Sequence[dict[str, object]]) -> list[RowChange]:
    """What differs in what is measured, study by study, between the stored rows of two data sets."""
    old, new = ({row["study_pk"]: row for row in rows} for rows in (before, after))
    found = []
    for pk in {**old, **new}:
        a, b = old.get(pk), new.get(pk)
        if a is None or b is None or any(a[name] != b[name] for name in CONTENT_FIELDS):
            found.append(RowChange(str((b or a)["study"]), a, b))
    return found

"""From a pooled number back to the quoted sentence, and on to the search that found it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.models import ArmResult, Contrast, Extraction
from screening.models import Record, Report, Study

from ..estimate.arms import COMBINED
from ..estimate.rows import ArmNumbers, DatasetRow
from ..models import AnalysisRun
from ..runs import rows_of_run

SHOWN_COLUMNS = ("events", "n", "mean", "sd", "person_time", "estimate", "ci_low", "ci_high", "se")


@dataclass(frozen=True)
class Source:
    """One agreed result row with the same row as each of the two extractors had it."""

    agreed: ArmResult | Contrast
    extracted: Sequence[tuple[Extraction, ArmResult | Contrast | None]]
    values: Sequence[tuple[str, object]]


@dataclass(frozen=True)
class Lineage:
    """Everything behind one study in one run."""

    row: DatasetRow
    study: Study
    extraction: Extraction | None
    sources: Sequence[Source]
    reports: Sequence[Report]
    records: Sequence[Record]


def lineage_of(run: AnalysisRun, study_pk: int) -> Lineage | None:
    """What stands behind a study of a run; None when the run did not pool it."""
    row = next((each for each in rows_of_run(run) if each.study_pk == study_pk), None)
    study = Study.objects.filter(review_id=run.spec.review_id, pk=study_pk).first()
    if row is None or study is None:
        return None
    reports = list(study.reports.select_related("citation__representative"))
    records = Record.objects.filter(citation__in=[each.citation_id for each in reports])
    extraction = Extraction.objects.filter(pk=row.extraction_pk).select_related("extractor").first()
    return Lineage(
        row,
        study,
        extraction,
        _sources(row, study),
        reports,
        list(records.select_related("search_run", "citation").order_by("citation", "search_run", "position")),
    )


def _sources(row: DatasetRow, study: Study) -> list[Source]:
    independent = list(
        Extraction.objects.filter(study=study, kind="independent").current().select_related("extractor")
    )
    return [_source(each, independent) for each in _agreed_rows(row)]


def _agreed_rows(row: DatasetRow) -> list[ArmResult | Contrast]:
    rows: list[ArmResult | Contrast] = []
    if row.estimate is not None:
        found = Contrast.objects.select_related("arm__extraction", "comparator", "outcome", "time_point")
        rows += found.filter(pk=row.estimate.contrast_pk)
    for arm in (row.experimental, row.comparator):
        if arm is not None:
            rows += _of_arm(arm)
    return rows


def _of_arm(arm: ArmNumbers) -> list[ArmResult]:
    """The row of an arm; where groups were combined, the rows of all of them."""
    rows = ArmResult.objects.select_related("arm__extraction", "outcome", "time_point")
    first = rows.filter(pk=arm.result_pk).first()
    if first is None or COMBINED not in arm.derived:
        return [first] if first else []
    return list(
        rows.filter(
            arm__extraction=first.arm.extraction_id,
            arm__role=first.arm.role,
            outcome=first.outcome_id,
            time_point=first.time_point_id,
            population=first.population,
        )
    )


def _source(agreed: ArmResult | Contrast, independent: Sequence[Extraction]) -> Source:
    kind = type(agreed)
    theirs = kind.objects.filter(arm__extraction__in=independent, outcome=agreed.outcome).select_related(
        "arm__extraction", "outcome", "time_point", *(["comparator"] if kind is Contrast else [])
    )
    by_extraction: dict[int, ArmResult | Contrast] = {
        each.arm.extraction_id: each for each in theirs if each.identity == agreed.identity
    }
    values = [(name, getattr(agreed, name, None)) for name in SHOWN_COLUMNS]
    return Source(
        agreed,
        [(each, by_extraction.get(each.pk)) for each in independent],
        [(name, value) for name, value in values if value is not None],
    )

"""Everything that a review's agreed extractions say, read once for as many analyses as there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Prefetch

from extraction.bias.agreed import OverallLevels
from extraction.models import ArmResult, Contrast, Extraction, Outcome
from reviewsite.reviews.models import Review
from screening.models import Record, Study
from screening.prisma.counts import included_studies

Row = TypeVar("Row", ArmResult, Contrast)


@dataclass(frozen=True)
class AgreedStudy:
    """A study with its agreed extraction, and what it says beside its results."""

    study: Study
    extraction: Extraction
    year: int | None

    def answer(self, key: str) -> object:
        told = self.extraction.answers.get(key)
        return told.get("value") if isinstance(told, dict) else told


@dataclass(frozen=True)
class Agreed:
    """The agreed rows of a review by outcome, and the studies that have none yet.

    overlaps: study left out -> (study kept, reason). risks: outcome, or None for all others, -> study -> tone
    of the agreed overall judgement.
    """

    studies: dict[int, AgreedStudy]
    waiting: tuple[Study, ...]
    results: dict[int, list[ArmResult]]
    contrasts: dict[int, list[Contrast]]
    overlaps: dict[int, list[tuple[int, str]]]
    risks: dict[int | None, dict[int, str]]

    def risk(self, study_pk: int, outcome_pk: int) -> str:
        return self.risks.get(outcome_pk, self.risks[None]).get(study_pk, "")


def agreed_of(review: Review) -> Agreed:
    """All agreed rows of a review, in a handful of queries whatever their number."""
    included = {study.pk: study for study in included_studies(review).prefetch_related(*YEAR_FROM)}
    extractions = {
        each.study_id: each
        for each in Extraction.objects.filter(review=review, study__in=included)
        .agreed()
        .select_related("extractor")
    }
    studies = {
        pk: AgreedStudy(included[pk], extraction, _year(included[pk]))
        for pk, extraction in extractions.items()
    }
    waiting = tuple(study for pk, study in included.items() if pk not in extractions)
    return Agreed(
        studies,
        waiting,
        _results(extractions),
        _contrasts(extractions),
        _overlaps(review),
        _risks(review),
    )


def _risks(review: Review) -> dict[int | None, dict[int, str]]:
    """Outcomes with an appraisal of their own have their own judgements, all others those of the studies."""
    levels = OverallLevels(review)
    own = Outcome.objects.filter(appraisals__review=review).distinct()
    return {None: levels.tones(), **{outcome.pk: levels.tones(outcome) for outcome in own}}


# A study is as old as the earliest of its reports. A record's abstract and its lines in the file are long.
YEAR_FROM = (
    Prefetch(
        "reports__citation__representative", Record.objects.defer("abstract", "raw", "extra", "keywords")
    ),
)
# The answers hang on the extraction, read once; beside each of its rows they would be read again.
BESIDE_ROWS = "arm__extraction__answers"


def _year(study: Study) -> int | None:
    years = [report.citation.representative.year for report in study.reports.all()]
    return min((year for year in years if year), default=None)


def _results(extractions: dict[int, Extraction]) -> dict[int, list[ArmResult]]:
    rows = (
        ArmResult.objects.filter(arm__extraction__in=extractions.values())
        .select_related("arm__extraction__study", "arm__extraction__extractor", "time_point", "outcome")
        .defer(BESIDE_ROWS)
        .order_by("arm__extraction__study__label", "time_point__position", "arm__position", "pk")
    )
    return _by_outcome(rows)


def _contrasts(extractions: dict[int, Extraction]) -> dict[int, list[Contrast]]:
    rows = (
        Contrast.objects.filter(arm__extraction__in=extractions.values())
        .select_related("arm__extraction__study", "comparator", "time_point", "outcome")
        .defer(BESIDE_ROWS)
        .order_by("arm__extraction__study__label", "time_point__position", "arm__position", "pk")
    )
    return _by_outcome(rows)


def _by_outcome(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.outcome_id].append(row)
    return found


def _overlaps(review: Review) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for each in review.study_overlaps.select_related("kept"):
        found[each.left_out_id].append((each.kept_id, f"Shares participants with {each.kept}: {each.reason}"))
    return found

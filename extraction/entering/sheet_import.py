"""Extraction tables made elsewhere: what each column is, and each row into one's own extraction.

The numbers go through the same rule as typed ones, so what cannot be true is refused and named by row, and
what stands in a cell already is not overwritten. The extraction stays open: its owner submits it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act
from screening.importers import encoding, spreadsheet, table
from screening.importers.rows import Row
from screening.models import Study
from screening.prisma.counts import included_studies

from ..building.vocabulary import add_outcome, add_time_point
from ..models import Arm, Contrast, Extraction, Outcome, Scores, TimePoint
from .addresses import RowAddress
from .cells import CellChange, add_arm, save_cells
from .columns import ARM_RESULT_COLUMNS, COLUMNS, CONTRAST_COLUMNS
from .entry import FIRST_ARM, ExtractionRefused, start_extraction

# What a column may be, with the names under which spreadsheets of other tools have it.
PLACES: Mapping[str, tuple[str, ...]] = {
    "study": ("study", "studyid", "author", "trial", "firstauthor", "label"),
    "arm": ("arm", "group", "treatment", "intervention", "groupname", "armname"),
    "comparator": ("comparator", "control", "versus", "vs", "comparison"),
    "measure": ("measure", "effectmeasure", "sm"),
    "outcome": ("outcome", "endpoint", "variable", "outcomename"),
    "time_point": ("timepoint", "time", "visit", "week", "followup"),
    "subgroup": ("subgroup",),
    "population": ("population", "denominator", "analysispopulation"),
    "adjusted_for": ("adjustedfor", "covariates", "adjustment"),
    "scores": ("score", "scoretype", "valuetype", "finalorchange", "changescore"),
    "arm_n": ("armn", "randomised", "randomized", "nrandomised"),
}
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "events": ("event", "cases", "e", "nevents", "responders"),
    "n": ("total", "ntotal", "samplesize", "analysed", "analyzed", "size"),
    "percent": ("percentage", "pct"),
    "mean": ("average", "m"),
    "sd": ("standarddeviation", "stddev", "stdev"),
    "se": ("standarderror", "sem", "stderr"),
    "q1": ("lowerquartile", "p25"),
    "q3": ("upperquartile", "p75"),
    "minimum": ("min",),
    "maximum": ("max",),
    "person_time": ("persontime", "personyears", "time at risk"),
    "estimate": ("effect", "effectsize", "es", "te", "yi"),
    "ci_low": ("cilow", "lower", "lowerci", "cilower", "ll", "lcl"),
    "ci_high": ("cihigh", "upper", "upperci", "ciupper", "ul", "ucl"),
    "ci_level": ("level", "cilevel"),
    "p_value": ("p", "pvalue"),
}
# How tables say whether a mean is of the values at the time point or of the changes since baseline.
SCORES: Mapping[str, Scores] = {
    **dict.fromkeys(("", "final", "endpoint", "end", "post", "value", "no", "0"), Scores.FINAL),
    **dict.fromkeys(("change", "changefrombaseline", "delta", "difference", "yes", "1"), Scores.CHANGE),
}
SOURCES = {"page": ("page", "pages"), "quote": ("quote", "source", "text")}
FIELDS = (*PLACES, *COLUMNS, *SOURCES)
BIGGEST_FILE = 1_500_000
MOST_ROWS = 5_000


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row: its line in the file, its column, and the way out."""

    line: int
    column: str
    text: str


@dataclass
class Imported:
    """How many rows and studies were filled, and what was left out and why."""

    rows: int = 0
    studies: set[str] = field(default_factory=set)
    problems: list[RowProblem] = field(default_factory=list)


def read_sheet(content: bytes) -> table.Table:
    """The table in a file. Raises ImportRefused when it holds none."""
    if spreadsheet.looks_like(content):
        return spreadsheet.table(content)
    return table.delimited(encoding.decode(content).text)


def guess(headers: Sequence[str]) -> list[str]:
    """What each column probably is; each thing once."""
    names = {**PLACES, **{name: NUMBERS.get(name, ()) for name in COLUMNS}, **SOURCES}
    by_word = {_plain(word): name for name, words in names.items() for word in (name, *words)}
    found: list[str] = []
    for header in headers:
        name = by_word.get(_plain(header), "")
        found.append("" if name in found else name)
    return found


def _plain(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.casefold())


@transaction.atomic
def import_sheet(
    *,
    review: Review,
    by,
    sheet: table.Table,
    columns: Sequence[str],
    make_missing: bool,
    is_trial: bool = False,
) -> Imported:
    """Store the rows that can be stored; with `is_trial`, store nothing and tell what would happen."""
    done = Imported()
    work = _Work(review, by, make_missing, done)
    for row, values in _rows(sheet, columns):
        try:
            work.take(row.line, values)
        except _LeftOut as left_out:
            done.problems.append(RowProblem(row.line, left_out.column, str(left_out)))
    if is_trial:
        transaction.set_rollback(True)
    elif done.rows:
        record_act(review, by, "extraction sheet imported", rows=done.rows, left_out=len(done.problems))
    return done


def _rows(sheet: table.Table, columns: Sequence[str]) -> Iterator[tuple[Row, dict[str, str]]]:
    for row in sheet.rows[:MOST_ROWS]:
        cells = zip(columns, row.cells, strict=False)
        values = {name: cell.strip() for name, cell in cells if name and cell.strip()}
        if values:
            yield row, values


class _LeftOut(Exception):
    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


class _Work:
    """One import; remembers what it found, so that each study, arm and outcome is looked up once."""

    def __init__(self, review: Review, by, make_missing: bool, done: Imported) -> None:
        self.review, self.by, self.make_missing, self.done = review, by, make_missing, done
        self.studies = {study.label.casefold(): study for study in included_studies(review)}
        self.outcomes = {outcome.name.casefold(): outcome for outcome in review.outcomes.all()}
        self.times = {time.label.casefold(): time for time in review.time_points.all()}
        self.extractions: dict[int, Extraction] = {}

    def take(self, line: int, values: dict[str, str]) -> None:
        study = self._study(values)
        outcome, time = self._outcome(values), self._time(values)
        extraction = self._extraction(study)
        arm = self._arm(extraction, "arm", values.get("arm", FIRST_ARM), values.get("arm_n", ""))
        texts = [values.get("subgroup", ""), values.get("population", "")]
        numbers: Sequence[str] = ARM_RESULT_COLUMNS
        if "measure" in values:
            address = self._contrast(extraction, values, arm, outcome, time, texts)
            numbers = CONTRAST_COLUMNS
        else:
            scores = self._scores(values)
            place = (str(arm.pk), str(outcome.pk), str(time.pk) if time else "", scores, *texts)
            address = RowAddress("result", place)
        given = {name: values[name] for name in numbers if name in values}
        if not given:
            raise _LeftOut("", gettext("The row holds no number in a column that is mapped to one."))
        self._save(line, extraction, address, given, values)
        self.done.studies.add(study.label)

    def _save(self, line: int, extraction: Extraction, address: RowAddress, given, values) -> None:
        changes = [CellChange(address.cell(name), "", text) for name, text in given.items()]
        saved = save_cells(extraction=extraction, by=self.by, changes=changes)
        kept = [result for result in saved.results if result.state == "saved"]
        for result in saved.results:
            if result.state != "saved":
                column = result.cell.rpartition("/")[2]
                told = (
                    gettext("Your extraction holds %(value)s here already.") % {"value": result.value}
                    if result.state == "conflict"
                    else result.message
                )
                self.done.problems.append(RowProblem(line, column, told))
        sources = [
            CellChange(kept[0].cell, "", values[part], part) for part in SOURCES if kept and part in values
        ]
        save_cells(extraction=extraction, by=self.by, changes=sources)
        self.done.rows += bool(kept)

    def _study(self, values: Mapping[str, str]) -> Study:
        name = values.get("study", "")
        study = self.studies.get(name.casefold())
        if study is None:
            told = (
                gettext("“%(name)s” is no included study of this review; call it as its study page does.")
                % {"name": name}
                if name
                else gettext("No study.")
            )
            raise _LeftOut("study", told)
        return study

    def _outcome(self, values: Mapping[str, str]) -> Outcome:
        name = values.get("outcome", "")
        if not name:
            raise _LeftOut("outcome", gettext("No outcome."))
        if name.casefold() not in self.outcomes:
            if not self.make_missing:
                raise _LeftOut(
                    "outcome",
                    gettext("“%(name)s” is no outcome of this review; add it, or tick to add it here.")
                    % {"name": name},
                )
            kind = Outcome.Kind.CONTINUOUS if {"mean", "median"} & values.keys() else Outcome.Kind.DICHOTOMOUS
            self.outcomes[name.casefold()] = add_outcome(
                review=self.review, by=self.by, name=name[:120], kind=kind
            )
        return self.outcomes[name.casefold()]

    def _time(self, values: Mapping[str, str]) -> TimePoint | None:
        label = values.get("time_point", "")
        if label and label.casefold() not in self.times:
            if not self.make_missing:
                raise _LeftOut(
                    "time_point",
                    gettext("“%(label)s” is no time point of this review; add it, or tick to add it.")
                    % {"label": label},
                )
            self.times[label.casefold()] = add_time_point(review=self.review, by=self.by, label=label[:80])
        return self.times.get(label.casefold())

    def _scores(self, values: Mapping[str, str]) -> Scores:
        text = values.get("scores", "")
        if _plain(text) not in SCORES:
            raise _LeftOut("scores", gettext("“%(text)s”: say “final” or “change”.") % {"text": text})
        return SCORES[_plain(text)]

    def _extraction(self, study: Study) -> Extraction:
        if study.pk not in self.extractions:
            try:
                extraction = start_extraction(study=study, extractor=self.by)
            except ExtractionRefused as refusal:
                raise _LeftOut("study", str(refusal)) from None
            if extraction.is_submitted:
                raise _LeftOut(
                    "study", gettext("Your extraction of %(study)s is submitted already.") % {"study": study}
                )
            self.extractions[study.pk] = extraction
        return self.extractions[study.pk]

    def _arm(self, extraction: Extraction, column: str, label: str, n: str = "") -> Arm:
        arms = {arm.label.casefold(): arm for arm in extraction.arms.all()}
        arm = arms.get(label.casefold())
        if arm is None:
            arm = self._new_arm(extraction, list(arms.values()), column, label)
        if n and arm.n is None:
            change = CellChange(f"arm/{arm.pk}/n", "", n)
            save_cells(extraction=extraction, by=self.by, changes=[change])
        return arm

    def _new_arm(self, extraction: Extraction, arms: list[Arm], column: str, label: str) -> Arm:
        """The arm that every extraction begins with takes the first name while it is empty."""
        first = arms[0] if len(arms) == 1 else None
        try:
            if first and first.label == FIRST_ARM and not first.results.exists():
                first.label = label
                first.full_clean()
                first.save()
                return first
            return add_arm(extraction=extraction, by=self.by, label=label)
        except ValidationError as wrong:
            raise _LeftOut(column, " ".join(wrong.messages)) from None

    def _contrast(self, extraction, values, arm: Arm, outcome: Outcome, time, texts) -> RowAddress:
        measure = values["measure"].upper()
        if measure not in Contrast.Measure.values:
            raise _LeftOut(
                "measure",
                gettext("“%(measure)s” is none of %(measures)s.")
                % {"measure": values["measure"], "measures": ", ".join(Contrast.Measure.values)},
            )
        if "comparator" not in values:
            raise _LeftOut("comparator", gettext("A comparison needs the arm it compares with."))
        other = self._arm(extraction, "comparator", values["comparator"])
        place = (str(arm.pk), str(other.pk), str(outcome.pk), str(time.pk) if time else "", measure)
        return RowAddress("contrast", (*place, *texts, values.get("adjusted_for", "")))

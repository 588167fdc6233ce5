"""How far each study is, as one person may know it: a colleague's work is named only once both are in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reviewsite.reviews.models import Review
from screening.models import Study
from screening.prisma.counts import included_studies

from .models import Appraisal, Assessment, Extraction


@dataclass(frozen=True)
class StudyState:
    """A study with the viewer's own work, whether both are in, and the agreed version."""

    study: Study
    mine: Extraction | Assessment | None
    both_in: bool
    agreed: Extraction | Assessment | None
    # Where one extracts and another verifies: whom the viewer can verify, or waits for.
    to_verify: Extraction | None = None

    @property
    def next_act(self) -> str:
        """What can be done next: "agreed", "compare", "wait", "verify", "later" or "work"."""
        if self.agreed:
            return "agreed"
        if self.both_in:
            return "compare"
        if self.mine:
            return "wait" if self.mine.is_submitted else "work"
        if self.to_verify:
            return "verify" if self.to_verify.is_submitted else "later"
        return "work"


def extraction_states(review: Review, viewer) -> list[StudyState]:
    rows = list(Extraction.objects.filter(review=review).current().select_related("extractor"))
    states = _states(review, viewer, rows, "extractor_id")
    if review.protocol.extraction_mode != "verify":
        return states
    # Only the lighter mode names the first extractor before both are in: nobody is blind in it.
    first = {row.study_id: row for row in reversed(rows) if row.kind == "independent" and not row.verifies_id}
    return [replace(state, to_verify=first.get(state.study.pk)) for state in states]


def assessment_states(appraisal: Appraisal, viewer) -> list[StudyState]:
    rows = (
        Assessment.objects.filter(appraisal=appraisal)
        .current()
        .select_related("assessor", "appraisal__own_tool")
    )
    found = rows.prefetch_related("judgements", "domain_judgements")
    return _states(appraisal.review, viewer, found, "assessor_id")


def _states(review: Review, viewer, rows: Sequence[Extraction | Assessment], person: str) -> list[StudyState]:
    by_study: dict[int, list[Extraction | Assessment]] = {}
    for row in rows:
        by_study.setdefault(row.study_id, []).append(row)
    return [_state(study, by_study.get(study.pk, []), viewer, person) for study in included_studies(review)]


def _state(study: Study, rows: Sequence[Extraction | Assessment], viewer, person: str) -> StudyState:
    independent = [row for row in rows if row.kind == "independent"]
    return StudyState(
        study,
        mine=next((row for row in independent if getattr(row, person) == viewer.pk), None),
        both_in=sum(row.is_submitted for row in independent) >= 2,
        agreed=next((row for row in rows if row.kind == "agreed"), None),
    )

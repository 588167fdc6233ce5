"""Which tables make up a review, in the order in which they are written, and which stay behind and why.

Every field of a table is carried. Rows are numbered anew, from 1 on in the order of their keys, so that
two installations write the same file; a reference is written as the number of its row. Which JSON columns
hold keys of rows is said in `HELD_KEYS`; a test fails for a model, a kind of field or a JSON column that
nobody named here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from reviewsite.reviews.models import Review

from .errors import CarryingRefused


@dataclass(frozen=True)
class Table:
    """A model, the path from its rows to their review, and which of them are carried."""

    label: str
    review_path: str = "review"
    only: Q = Q()

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def file_name(self) -> str:
        return f"data/{self.label}.jsonl"

    def rows(self, review: Review) -> QuerySet:
        found = self.model._base_manager.filter(**{self.review_path: review.pk}).filter(self.only)
        return found.order_by("pk")


# Work on the review's file itself is not part of the review.
CARRIED_JOBS = ~Q(kind__in=["export", "report"])

TABLES: tuple[Table, ...] = (
    Table("reviews.Review", "pk"),
    Table("reviews.Membership"),
    Table("reviews.Protocol"),
    Table("reviews.ExclusionReason"),
    Table("reviews.AuditEntry"),
    Table("reviews.Job", only=CARRIED_JOBS),
    Table("screening.SavedSearch"),
    Table("screening.SearchRun"),
    Table("screening.FetchedBatch", "run__review"),
    Table("screening.ColumnNaming"),
    Table("screening.Record"),
    Table("screening.Citation"),
    Table("screening.RecordNotice", "record__review"),
    Table("screening.DuplicateLink"),
    Table("screening.PairSample"),
    Table("screening.FieldChoice"),
    Table("screening.ReadingPlan"),
    Table("screening.RankingRun", only=~Q(finished_at=None)),
    Table("screening.AuditDraw"),
    Table("screening.Place"),
    Table("screening.StopEvent"),
    Table("screening.Round"),
    Table("screening.RoundCitation", "round__review"),
    Table("screening.RoundPerson", "round__review"),
    Table("screening.RoundEvent", "round__review"),
    Table("screening.Skip"),
    Table("screening.Label"),
    Table("screening.Labelling", "label__review"),
    Table("screening.Comment"),
    Table("screening.BulkDecision"),
    Table("screening.Decision"),
    Table("screening.Study"),
    Table("screening.Report"),
    Table("screening.RetrievalEvent", "report__review"),
    Table("screening.SaidApart"),
    Table("screening.StudyOverlap"),
    Table("screening.FlowEvent"),
    Table("screening.FlowWording"),
    Table("screening.ChecklistNote"),
    Table("screening.ReviewVersion"),
    Table("screening.Document"),
    Table("screening.DocumentPage", "document__review"),
    Table("extraction.FormVersion"),
    Table("extraction.Outcome"),
    Table("extraction.TimePoint"),
    Table("extraction.Extraction"),
    Table("extraction.Arm", "extraction__review"),
    Table("extraction.ArmResult", "arm__extraction__review"),
    Table("extraction.Contrast", "arm__extraction__review"),
    Table("extraction.OwnTool"),
    Table("extraction.Appraisal"),
    Table("extraction.Assessment"),
    Table("extraction.Judgement", "assessment__review"),
    Table("extraction.DomainJudgement", "assessment__review"),
    Table("analysis.AnalysisSpec"),
    Table("analysis.PlanFreeze"),
    Table("analysis.PlanDeviation"),
    Table("analysis.DatasetSnapshot"),
    Table("analysis.AnalysisRun", "spec__review"),
    Table("analysis.EvidenceProfile"),
    Table("analysis.CertaintyJudgement", "profile__review"),
)

# What is left behind, each with the reason.
LEFT_BEHIND = {
    "reviews.User": "People are mapped by their e-mail addresses; passwords never leave an installation.",
    "reviews.Invitation": "A link that lets one person in here; invite them again where the review goes.",
    "operations.Backup": "About this installation.",
    "operations.WorkerSign": "About this installation.",
    "screening.KeyLayout": "One person's own keys in all their reviews, not part of any.",
    "screening.Lease": "Shares out work for half an hour and may be lost without harm.",
    "screening.ManuscriptKit": "Made of the rows, and can be made again from them at any time.",
    "api.ApiToken": "A person signs in with it here, in all their reviews.",
    "portability.Transfer": "About files that carried a review, not part of it.",
}

# A job that was under way when the file was written is not under way anywhere else.
SETTLED_VALUES: dict[str, dict[str, Callable[[object], object]]] = {
    "reviews.Job": {
        "state": lambda state: "cancelled" if state in {"queued", "running"} else state,
        "task_id": lambda task: "",
    },
}

# Names the review's address here; the person who brings a review in may choose another.
IN_THE_MANIFEST = {"reviews.Review": {"slug"}}

Mapped = Callable[[str, object], object]


def _each(label: str) -> Callable[[object, Mapped], object]:
    """A list of keys."""
    return lambda held, mapped: [mapped(label, key) for key in held]  # type: ignore[attr-defined]


def _values(label: str) -> Callable[[object, Mapped], object]:
    """A dictionary whose values are keys."""
    return lambda held, mapped: {name: mapped(label, key) for name, key in held.items()}  # type: ignore[attr-defined]


def _excluded(held: object, mapped: Mapped) -> object:
    """Pairs of a study's key and the reason why it was taken out."""
    return [[mapped("screening.Study", pk), reason] for pk, reason in held]  # type: ignore[attr-defined]


NAMED_KEYS = {
    "study_pk": "screening.Study",
    "result_pk": "extraction.ArmResult",
    "contrast_pk": "extraction.Contrast",
    "extraction_pk": "extraction.Extraction",
}


def _named(held: object, mapped: Mapped) -> object:
    """What analyses keep: `study_pk` and its like wherever they stand, `key` ("study:arm"), `excluded`."""
    if isinstance(held, list):
        return [_named(each, mapped) for each in held]
    if not isinstance(held, dict):
        return held
    told = {}
    for name, value in held.items():
        if name in NAMED_KEYS:
            told[name] = None if value is None else mapped(NAMED_KEYS[name], value)
        elif name == "key" and "study_pk" in held:
            study, _, rest = str(value).partition(":")
            told[name] = f"{mapped('screening.Study', int(study))}:{rest}"
        elif name == "excluded":
            told[name] = _excluded(value, mapped)
        else:
            told[name] = _named(value, mapped)
    return told


KEYS_IN_THE_LOG = {
    "study_pk": "screening.Study",
    "kept_pk": "screening.Study",
    "left_out_pk": "screening.Study",
    "report": "screening.Report",
    "reports": "screening.Report",
    "bulk": "screening.BulkDecision",
}


def _logged(held: object, mapped: Mapped) -> object:
    """Details of the audit log: the names that keep keys of rows, which its hashes leave out."""
    told = dict(held)  # type: ignore[call-overload]
    for name in told.keys() & KEYS_IN_THE_LOG.keys():
        key, label = told[name], KEYS_IN_THE_LOG[name]
        if isinstance(key, list):
            told[name] = [mapped(label, each) for each in key]
        elif isinstance(key, int):
            told[name] = mapped(label, key)
    return told


# JSON columns that hold keys of rows, and how to reach them.
HELD_KEYS: dict[str, Callable[[object, Mapped], object]] = {
    "reviews.AuditEntry.details": _logged,
    "screening.PairSample.link_ids": _each("screening.DuplicateLink"),
    "screening.Citation.chosen_fields": _values("screening.Record"),
    "screening.BulkDecision.citations": _each("screening.Citation"),
    "analysis.AnalysisSpec.excluded": _excluded,
    "analysis.PlanFreeze.content": _named,
    "analysis.DatasetSnapshot.rows": _named,
    "analysis.AnalysisRun.plan": _named,
    "analysis.AnalysisRun.result": _named,
}

# JSON columns that were looked at and hold no key of any row that must go on leading somewhere.
PLAIN_JSON = {
    "screening.FlowEvent.excluded_full_text",
    "screening.ReviewVersion.content",
    "screening.SearchRun.wanted_pmids",
    "screening.SearchRun.columns",
    "screening.SearchRun.problems",
    "screening.ColumnNaming.headers",
    "screening.ColumnNaming.fields",
    "screening.Record.authors",
    "screening.Record.keywords",
    "screening.Record.extra",
    "screening.DuplicateLink.evidence",
    "screening.Document.description",
    "screening.Document.registrations",
    "screening.Document.evidence",
    "screening.DocumentPage.lines",
    "screening.Round.chosen_by",
    "screening.RoundEvent.numbers",
    "screening.StopEvent.numbers",
    "extraction.FormVersion.definition",
    "extraction.Extraction.answers",
    "extraction.Arm.cells",
    "extraction.ArmResult.cells",
    "extraction.ArmResult.explained",
    "extraction.Contrast.cells",
    "extraction.Contrast.explained",
    "analysis.AnalysisSpec.published",
    "analysis.DatasetSnapshot.left_out",
    "analysis.AnalysisRun.versions",
    "analysis.EvidenceProfile.baseline_risks",
}


def table_of(label: str) -> Table:
    for table in TABLES:
        if table.label == label:
            return table
    raise CarryingRefused(f"{label} is no table of a review.")

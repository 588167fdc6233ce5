"""The rules of an independent extraction: begin, fill in, submit. Nobody else reads it until both submit."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Blind, BlindKind, record_act
from screening.models import Study

from ..agreeing.consensus import agree, compare, copy_rows
from ..building.form_versions import newest_form
from ..models import Arm, ArmResult, Contrast, Extraction
from ..schema import WrongAnswer
from ..wording import in_words
from .columns import columns_of
from .findings import all_findings

# Two people who name the arm of a single-arm study alike need not reconcile its name.
FIRST_ARM = "All participants"


class ExtractionRefused(Exception):
    """The extraction cannot be changed as asked; the text is a sentence for the person."""


@transaction.atomic
def start_extraction(*, study: Study, extractor) -> Extraction:
    """This person's own extraction of a study: the one they began, or a new one with the newest form."""
    own = Extraction.objects.current().independent().filter(study=study, extractor=extractor).first()
    if own:
        return own
    others = Extraction.objects.current().independent().filter(study=study)
    if others.submitted().count() >= 2:
        raise ExtractionRefused(
            gettext("Two people have extracted %(study)s already; it waits to be agreed.") % {"study": study}
        )
    if study.review.protocol.extraction_mode == "verify" and (first := others.first()):
        return _start_verification(first, extractor)
    try:
        with transaction.atomic():
            extraction = Extraction.objects.create(
                review_id=study.review_id,
                study=study,
                form_version=newest_form(study.review, by=extractor),
                extractor=extractor,
            )
    except IntegrityError:
        return Extraction.objects.current().independent().get(study=study, extractor=extractor)
    Arm.objects.create(extraction=extraction, label=FIRST_ARM, role=Arm.Role.SINGLE)
    note_act(extraction, extractor, "extraction begun", form_version=extraction.form_version.number)
    return extraction


def note_act(extraction: Extraction, by, act: str, **details: object) -> None:
    """In the audit log; a colleague reads it once both have submitted."""
    blind = Blind(BlindKind.EXTRACTION, extraction.pk)
    record_act(extraction.review_id, by, act, blind=blind, study=extraction.study.label, **details)


def _start_verification(first: Extraction, verifier) -> Extraction:
    """A copy of what one person extracted, for a second one to check against the report and change."""
    if not first.is_submitted:
        told = gettext("%(extractor)s extracts %(study)s; you can verify it once it is submitted.") % {
            "extractor": first.extractor,
            "study": first.study,
        }
        raise ExtractionRefused(told)
    copy = Extraction.objects.create(
        review_id=first.review_id,
        study=first.study,
        form_version=first.form_version,
        extractor=verifier,
        answers=first.answers,
        verifies=first,
    )
    copy_rows(first, copy)
    note_act(copy, verifier, "verification begun", extracted_by=first.extractor.email)
    return copy


@transaction.atomic
def take_newest_form(*, extraction: Extraction, by) -> list[str]:
    """Go on with the review's newest form; says which answers no longer fit it and were emptied."""
    extraction = check_open(extraction, by)
    newest = newest_form(extraction.review, by=by)
    kept, emptied, told = dict(extraction.answers), [], []
    for field in newest.form.fields:
        try:
            field.checked(kept.get(field.key, {}).get("value"))
        except WrongAnswer as wrong:
            was = {"question": field.label, "answer": kept[field.key]["value"]}
            emptied.append(f"“{was['question']}” was “{was['answer']}”")
            told.append(gettext("“%(question)s” was “%(answer)s”.") % was + f" {in_words(wrong)}")
            kept[field.key] = {**kept[field.key], "value": None}
    extraction.form_version, extraction.answers = newest, kept
    extraction.save(update_fields=["form_version", "answers"])
    note_act(extraction, by, "newest form taken", form_version=newest.number, emptied=emptied)
    return told


@transaction.atomic
def save_answers(*, extraction: Extraction, by, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Keep answers by field key, each with value, page and quote. Raises WrongAnswer named by field."""
    before = check_open(extraction, by).answers
    definition = extraction.form_version.form
    stored = {}
    for field in definition.fields:
        given = answers.get(field.key, {})
        value = field.checked(given.get("value"))
        kept = {"value": value, "page": given.get("page", ""), "quote": given.get("quote", "")}
        if any(part not in (None, "") for part in kept.values()):
            stored[field.key] = kept
    extraction.answers = stored
    extraction.save(update_fields=["answers"])
    changed = {key: stored.get(key) for key in {**before, **stored} if before.get(key) != stored.get(key)}
    if changed:
        note_act(extraction, by, "answers saved", answers=changed)


@transaction.atomic
def save_rows(
    *,
    extraction: Extraction,
    by,
    rows: Sequence[Arm | ArmResult | Contrast],
    removed: Sequence[Arm | ArmResult | Contrast] = (),
) -> None:
    """Keep new and changed arms or result rows and drop the removed ones."""
    check_open(extraction, by)
    gone = [str(row) for row in removed]
    for row in removed:
        row.delete()
    for row in rows:
        if isinstance(row, Arm):
            row.extraction = extraction
        elif row.arm.extraction_id != extraction.pk:
            raise ExtractionRefused(gettext("A result belongs to an arm of the same extraction."))
        row.save()
    note_act(extraction, by, "rows saved", rows=[said_of(row) for row in rows], removed=gone)


def said_of(row: Arm | ArmResult | Contrast) -> dict[str, object]:
    """What a row says, for the audit log: its name and every cell that is filled in."""
    names = ("label", "role", "n") if isinstance(row, Arm) else columns_of(row)
    filled = {name: getattr(row, name) for name in names if getattr(row, name) not in (None, "")}
    return {"row": str(row), **filled}


def missing_before_submission(extraction: Extraction) -> list[str]:
    """What still has to be filled in, in words; empty when the extraction can be submitted."""
    definition = extraction.form_version.form
    missing = [
        gettext("“%(question)s” has no answer.") % {"question": field.label}
        for field in definition.missing(extraction.answers)
    ]
    has_rows = ArmResult.objects.filter(arm__extraction=extraction).exists()
    if not has_rows and not extraction.answers.get("note", {}).get("value"):
        missing.append(
            gettext("There is no result row. Add one, or say in the notes that none was reported.")
        )
    unanswered = [each for each in all_findings(extraction) if not each.note]
    missing += [
        gettext("%(row)s: %(finding)s Mend it or answer it.")
        % {"row": each.row.description, "finding": in_words(each.finding.text)}
        for each in unanswered
    ]
    return missing


@transaction.atomic
def submit(*, extraction: Extraction, by) -> Extraction:
    """Close one's own extraction. Once two are closed, both can be seen side by side."""
    check_open(extraction, by)
    if missing := missing_before_submission(extraction):
        raise ExtractionRefused(" ".join(missing))
    extraction.submitted_at = timezone.now()
    extraction.save(update_fields=["submitted_at"])
    note_act(extraction, by, "extraction submitted")
    if extraction.verifies and all(item.is_equal for item in compare(extraction.verifies, extraction)):
        agree(study=extraction.study, settled_by=by, choices={})
    return extraction


def check_open(extraction: Extraction, by) -> Extraction:
    """The extraction, locked until the transaction ends; refused unless it is one's own and not submitted."""
    if extraction.extractor_id != by.pk or extraction.kind != Extraction.Kind.INDEPENDENT:
        raise ExtractionRefused(gettext("Only the person who began an extraction can change it."))
    locked = Extraction.objects.select_for_update(no_key=True).get(pk=extraction.pk)
    if locked.submitted_at:
        raise ExtractionRefused(
            gettext("This extraction is submitted. Corrections are made when the two are agreed.")
        )
    return locked

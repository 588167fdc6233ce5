"""What the page of one study tells: agreed numbers and judgements, and its history. Nothing of one person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import AuditEntry
from screening.models import Study, StudyOverlap

from .agreeing.consensus import rows_of
from .models import ArmResult, Assessment, Contrast, DomainJudgement, Extraction, Judgement
from .schema import FormDefinition

DATA = gettext_lazy("Data agreed"), gettext_lazy("Data corrected")
BIAS = gettext_lazy("Risk of bias agreed"), gettext_lazy("Risk of bias corrected")
CHANGEABLE = {
    "label": gettext_lazy("label"),
    "registration": gettext_lazy("registration"),
    "note": gettext_lazy("note"),
}
# Acts of the audit log that concern a study, in words of the page; the log itself is in English.
ACTS = {
    "study made": gettext_lazy("Study made"),
    "extraction agreed": gettext_lazy("Extraction agreed"),
    "agreed data corrected": gettext_lazy("Agreed data corrected"),
    "assessment agreed": gettext_lazy("Assessment agreed"),
    "agreed judgement corrected": gettext_lazy("Agreed judgement corrected"),
    "reports grouped": gettext_lazy("Reports grouped"),
    "report ungrouped": gettext_lazy("Report ungrouped"),
    "main report set": gettext_lazy("Main report set"),
    "overlap marked": gettext_lazy("Overlap marked"),
    "overlap removed": gettext_lazy("Overlap removed"),
    "study changed": gettext_lazy("Study changed"),
    "PDF attached": gettext_lazy("PDF attached"),
    "PDF taken off": gettext_lazy("PDF taken off"),
    "PDF removed": gettext_lazy("PDF removed"),
}


@dataclass(frozen=True)
class Happening:
    """One line of a study's history."""

    at: datetime
    who: str
    sentence: str
    reason: str = ""


@dataclass(frozen=True)
class AgreedData:
    """The agreed extraction that stands: its answers by the labels of its form, its arms and rows."""

    extraction: Extraction
    answers: list[tuple[str, dict[str, str]]]
    rows: list[ArmResult | Contrast]


def agreed_data(study: Study) -> AgreedData | None:
    extraction = (
        Extraction.objects.agreed()
        .filter(study=study)
        .select_related("extractor", "form_version")
        .prefetch_related("arms")
        .first()
    )
    if extraction is None:
        return None
    definition = FormDefinition.from_json(extraction.form_version.definition)
    answers = [(f.label, extraction.answers[f.key]) for f in definition.fields if f.key in extraction.answers]
    said = [(label, answer) for label, answer in answers if answer.get("value") not in (None, "", [])]
    return AgreedData(extraction, said, rows_of(extraction))


@dataclass(frozen=True)
class JudgementLine:
    """A domain with its judgement, or a question with its answer, as the tool words them."""

    about: str
    said: str
    source: Judgement | DomainJudgement


def agreed_judgements(study: Study) -> list[tuple[Assessment, list[JudgementLine]]]:
    """Each agreed assessment with its domains; of a tool without domain judgements, with its questions."""
    agreed = Assessment.objects.agreed().filter(study=study)
    agreed = agreed.select_related("assessor", "appraisal__own_tool", "appraisal__outcome")
    found = agreed.prefetch_related("domain_judgements", "judgements")
    return [(each, _domains(each) or _questions(each)) for each in found]


def _domains(assessment: Assessment) -> list[JudgementLine]:
    label_of = {domain.slot: domain.label for domain in assessment.appraisal.domains}
    return [
        JudgementLine(label_of.get(said.domain, said.domain.capitalize()), said.judgement, said)
        for said in assessment.domain_judgements.all()
    ]


def _questions(assessment: Assessment) -> list[JudgementLine]:
    question_of = {question.number: question for question in assessment.appraisal.tool.items}
    lines = []
    for said in assessment.judgements.all():
        question = question_of.get(said.item)
        answer = question.answer(said.answer) if question else None
        about = (question.label or question.text) if question else said.item
        lines.append(JudgementLine(about, answer.label if answer else said.answer, said))
    return lines


def overlaps_of(study: Study) -> list[StudyOverlap]:
    marked = StudyOverlap.objects.filter(Q(kept=study) | Q(left_out=study))
    return list(marked.select_related("kept", "left_out"))


def history(study: Study) -> list[Happening]:
    """What was done to a study, in order. Colleagues' own extractions and judgements are no part of it."""
    agreed = Extraction.objects.filter(study=study, kind=Extraction.Kind.AGREED).select_related("extractor")
    judged = Assessment.objects.filter(study=study, kind=Assessment.Kind.AGREED).select_related("assessor")
    happenings = [
        *(_of_audit(entry, study) for entry in _audit_of(study)),
        *(_of_version(each, str(each.extractor), DATA) for each in agreed),
        *(_of_version(each, str(each.assessor), BIAS) for each in judged),
    ]
    return sorted(happenings, key=lambda happening: happening.at)


def _audit_of(study: Study):
    pk, reports = study.pk, list(study.reports.values_list("pk", flat=True))
    return AuditEntry.objects.filter(
        Q(details__study_pk=pk)
        | Q(details__kept_pk=pk)
        | Q(details__left_out_pk=pk)
        | Q(act__in=["PDF attached", "PDF taken off", "PDF removed"], details__report__in=reports),
        review_id=study.review_id,
    ).select_related("actor")


def _of_audit(entry: AuditEntry, study: Study) -> Happening:
    told = entry.details
    match entry.act:
        case "reports grouped" | "report ungrouped" | "main report set":
            said = "; ".join(f"“{title}”" for title in told.get("titles", []))
        case "overlap marked" | "overlap removed":
            said = gettext("%(left_out)s is left out for %(kept)s") % told
        case "study changed":
            changes = ((name, label) for name, label in CHANGEABLE.items() if name in told)
            said = "; ".join(f"{label} “{told[name][0]}” → “{told[name][1]}”" for name, label in changes)
        case _:
            said = told.get("file", "")
    act = ACTS.get(entry.act) or entry.act[0].upper() + entry.act[1:]
    return Happening(entry.at, str(entry.actor), f"{act}: {said}", told.get("reason", ""))


def _of_version(version: Extraction | Assessment, who: str, words: tuple) -> Happening:
    """words: what is said of the first agreed version, and of a later one."""
    return Happening(version.created_at, who, str(words[bool(version.supersedes_id)]), version.change_reason)

"""The rules by which reports are grouped into studies. One report belongs to one study; a study has many."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act

from ..models import Report, SaidApart, Study, StudyOverlap


class StudyRefused(Exception):
    """The grouping cannot be stored as asked; the text is a sentence for the person."""


@transaction.atomic
def create_study(
    *, review: Review, label: str, reports: Sequence[Report], by, registration: str = "", note: str = ""
) -> Study:
    """A new study from its reports, the first of which is its main one."""
    if not reports:
        raise StudyRefused(gettext("A study needs at least one report: tick those that report it."))
    label = label.strip()
    if Study.objects.filter(review=review, label=label).exists():
        raise StudyRefused(
            gettext(
                "There is a study called {label} already; add the reports to it or choose another name."
            ).format(label=label)
        )
    study = Study.objects.create(
        review=review, label=label, registration=registration, note=note, created_by=by
    )
    attach_reports(study=study, reports=reports, by=by)
    told = {"study": label, "study_pk": study.pk, "registration": registration, "note": note}
    record_act(review, by, "study made", **told)
    return study


@transaction.atomic
def edit_study(*, study: Study, label: str, registration: str, note: str, by) -> Study:
    """Another name, registration number or note; what they were stays in the audit trail."""
    label = label.strip()
    if study.review.studies.filter(label=label).exclude(pk=study.pk).exists():
        raise StudyRefused(
            gettext("There is another study called {label}; choose a name that tells them apart.").format(
                label=label
            )
        )
    was = {"label": study.label, "registration": study.registration, "note": study.note}
    study.label, study.registration, study.note = label, registration.strip(), note.strip()
    study.save(update_fields=["label", "registration", "note"])
    now = {"label": study.label, "registration": study.registration, "note": study.note}
    changed = {name: [was[name], now[name]] for name in was if was[name] != now[name]}
    if changed:
        record_act(study.review, by, "study changed", study_pk=study.pk, **changed)
    return study


@transaction.atomic
def say_not_one_study(*, reports: Iterable[Report], study: Study | None, by) -> None:
    """These reports, or these and the study's, are not of one study: they are not suggested again."""
    loose = list(reports)
    others = list(study.reports.all()) if study else []
    pairs = [(a, b) for a in loose for b in others] if study else list(combinations(loose, 2))
    _say_apart(SaidApart.Question.STUDY, pairs, by)
    if pairs:
        titles = [str(report)[:200] for report in [*loose, *others]]
        record_act(loose[0].review_id, by, "said not to be one study", titles=titles)


@transaction.atomic
def say_no_overlap(*, first: Study, second: Study, by) -> None:
    """These studies share no participants: an overlap is not suggested again."""
    pairs = [(a, b) for a in first.reports.all() for b in second.reports.all()]
    _say_apart(SaidApart.Question.PARTICIPANTS, pairs, by)
    told = {"study": first.label, "other": second.label, "study_pk": first.pk}
    record_act(first.review, by, "said to share no participants", **told)


def _say_apart(question: str, pairs: Iterable[tuple[Report, Report]], by) -> None:
    rows = [
        SaidApart(
            review_id=a.review_id,
            question=question,
            first_id=min(a.pk, b.pk),
            second_id=max(a.pk, b.pk),
            said_by=by,
        )
        for a, b in pairs
    ]
    SaidApart.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def attach_reports(*, study: Study, reports: Sequence[Report], by) -> None:
    """Move reports into a study; its first report becomes the main one."""
    left = []
    for report in reports:
        if not Report.objects.included().filter(pk=report.pk).exists():
            raise StudyRefused(
                gettext("“{report}” is not included at full text, so it cannot be part of a study.").format(
                    report=report
                )
            )
        if report.study_id == study.pk:
            continue
        left.append(_take_out(report))
        report.is_primary = not study.reports.filter(is_primary=True).exists()
        report.study = study
        report.save(update_fields=["study", "is_primary"])
    for told in left:
        if told:
            record_act(study.review, by, "report ungrouped", **told)
    record_act(
        study.review,
        by,
        "reports grouped",
        study=study.label,
        study_pk=study.pk,
        reports=[report.pk for report in reports],
        titles=[str(report) for report in reports],
    )


@transaction.atomic
def detach_report(*, report: Report, by) -> None:
    """Take a report out of its study. A study with extracted data keeps its last report."""
    if told := _take_out(report):
        record_act(report.review, by, "report ungrouped", **told)


def _take_out(report: Report) -> dict[str, object]:
    """Take a report out of its study, and drop a study without any; what the audit log says of it."""
    study = report.study
    if study is None:
        return {}
    others = study.reports.exclude(pk=report.pk)
    if not others.exists() and (study.extractions.exists() or study.assessments.exists()):
        raise StudyRefused(
            gettext(
                "{study} has extracted data or judgements, so it needs to keep at least one report."
            ).format(study=study)
        )
    was_primary = report.is_primary
    report.study, report.is_primary = None, False
    report.save(update_fields=["study", "is_primary"])
    if was_primary and (heir := others.first()):
        heir.is_primary = True
        heir.save(update_fields=["is_primary"])
    told = {"study": study.label, "study_pk": study.pk, "report": report.pk, "titles": [str(report)]}
    if not others.exists():
        study.delete()
    return told


@transaction.atomic
def set_primary(*, report: Report, by) -> None:
    """Make a report the main one of its study."""
    if report.study is None:
        raise StudyRefused(gettext("Only a report of a study can be its main one."))
    report.study.reports.filter(is_primary=True).update(is_primary=False)
    report.is_primary = True
    report.save(update_fields=["is_primary"])
    record_act(
        report.review,
        by,
        "main report set",
        study=report.study.label,
        study_pk=report.study_id,
        report=report.pk,
        titles=[str(report)],
    )


@transaction.atomic
def mark_overlap(*, kept: Study, left_out: Study, reason: str, by) -> StudyOverlap:
    """Say that two studies share participants; unless told otherwise analyses leave one of them out."""
    if kept.review_id != left_out.review_id or kept == left_out:
        raise StudyRefused(gettext("An overlap is between two different studies of one review."))
    if StudyOverlap.objects.filter(kept=left_out, left_out=kept).exists():
        raise StudyRefused(
            gettext("{kept} is marked as left out for {left_out} already; remove that first.").format(
                kept=kept, left_out=left_out
            )
        )
    try:
        with transaction.atomic():
            overlap = StudyOverlap.objects.create(
                review=kept.review, kept=kept, left_out=left_out, reason=reason, created_by=by
            )
    except IntegrityError:
        raise StudyRefused(gettext("This overlap is marked already.")) from None
    record_act(kept.review, by, "overlap marked", reason=reason, **_pair(overlap))
    return overlap


@transaction.atomic
def remove_overlap(*, overlap: StudyOverlap, by) -> None:
    told = _pair(overlap)
    overlap.delete()
    record_act(overlap.review, by, "overlap removed", reason=overlap.reason, **told)


def _pair(overlap: StudyOverlap) -> dict[str, object]:
    return {
        "kept": overlap.kept.label,
        "kept_pk": overlap.kept_id,
        "left_out": overlap.left_out.label,
        "left_out_pk": overlap.left_out_id,
    }


def suggested_label(report: Report) -> str:
    """First author's family name and year, as forest plots have it."""
    record = report.citation.representative
    family = record.first_author.split(",")[0].rsplit(" ", 1)[0] if record.first_author else record.title[:30]
    return f"{family} {record.year or ''}".strip()

"""The rules by which a review's form is built: a draft is changed, put into use, and frozen.

Answers are read with the form they were given under, so a form in use never changes: a change is a new
version, which says whose answers need another look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act

from ..models import Extraction, FormVersion
from ..schema import (
    SINGLE_ARM_TRIAL,
    Field,
    FormDefinition,
    another_look,
    changes,
    key_from,
    problems_of,
)
from ..wording import in_words


class FormRefused(Exception):
    """The form cannot be changed as asked; the text is a sentence for the person."""


def form_in_use(review: Review) -> FormVersion | None:
    return review.form_versions.exclude(published_at=None).order_by("-number").first()


def draft_of(review: Review) -> FormVersion | None:
    return review.form_versions.filter(published_at=None).first()


@transaction.atomic
def newest_form(review: Review, *, by) -> FormVersion:
    """The version in use; a review that has built none uses the one for single-arm trials."""
    if form := form_in_use(review):
        return form
    form = FormVersion.objects.create(
        review=review,
        number=_next_number(review),
        definition=SINGLE_ARM_TRIAL.to_json(),
        created_by=by,
        published_at=timezone.now(),
    )
    record_act(review, by, "usual form put into use", version=form.number)
    return form


def _next_number(review: Review) -> int:
    newest = review.form_versions.order_by("-number").first()
    return newest.number + 1 if newest else 1


@transaction.atomic
def start_draft(*, review: Review, by, form: FormDefinition | None = None) -> FormVersion:
    """The draft of the next version: the one begun, or a copy of the form in use, or `form`."""
    if draft := draft_of(review):
        return draft
    in_use = form_in_use(review)
    definition = form.to_json() if form else (in_use.definition if in_use else [])
    try:
        with transaction.atomic():
            draft = FormVersion.objects.create(
                review=review, number=_next_number(review), definition=definition, created_by=by
            )
    except IntegrityError:
        # Two people pressed the button at the same moment: both work on the one draft.
        return FormVersion.objects.get(review=review, published_at=None)
    record_act(review, by, "form draft begun", version=draft.number, questions=len(definition))
    return draft


def _changed(
    review: Review, by, revision: int, change: Callable[[FormDefinition], FormDefinition]
) -> FormVersion:
    """Store what `change` makes of the draft. `revision` is the state the person saw: two never overwrite."""
    draft = (
        FormVersion.objects.select_for_update(no_key=True).filter(review=review, published_at=None).first()
    )
    if draft is None:
        raise FormRefused(
            gettext("There is no draft any more: it was put into use or thrown away meanwhile.")
        )
    if draft.revision != revision:
        raise FormRefused(gettext("The form was changed in another window meanwhile. This is how it is now."))
    before = draft.form
    form = change(before)
    draft.definition, draft.revision = form.to_json(), draft.revision + 1
    draft.save(update_fields=["definition", "revision"])
    told = {"version": draft.number, "revision": draft.revision}
    record_act(
        review,
        by,
        "form draft changed",
        changes=[f"{each.label}: {each.what}" for each in changes(before, form)],
        **told,
    )
    return draft


@transaction.atomic
def replace_fields(*, review: Review, by, revision: int, form: FormDefinition) -> FormVersion:
    """Begin the draft anew from another form: a template, a file or another review's."""
    return _changed(review, by, revision, lambda _: form)


@transaction.atomic
def put_field(*, review: Review, by, revision: int, field: Field) -> FormVersion:
    """Add a question at the end of its section, or change the one with its key."""

    def change(form: FormDefinition) -> FormDefinition:
        new = replace(field, key=field.key or key_from(field.label, [f.key for f in form.fields]))
        if form.named(new.key):
            changed = _with(form, tuple(new if each.key == new.key else each for each in form.fields))
            return _gathered(changed)
        return _gathered(_with(form, (*form.fields, new)))

    return _changed(review, by, revision, change)


@transaction.atomic
def remove_field(*, review: Review, by, revision: int, key: str) -> FormVersion:
    """Drop a question. What hangs on it is asked of everybody from then on."""

    def change(form: FormDefinition) -> FormDefinition:
        kept = [
            replace(each, show_if=None) if each.show_if and each.show_if.field == key else each
            for each in form.fields
            if each.key != key
        ]
        return FormDefinition(tuple(kept))

    return _changed(review, by, revision, change)


@transaction.atomic
def order_fields(*, review: Review, by, revision: int, order: Sequence[tuple[str, str]]) -> FormVersion:
    """Set the order: (section, key) pairs. A question left out keeps its place at the end."""

    def change(form: FormDefinition) -> FormDefinition:
        told = {key: section for section, key in order}
        fields = [replace(named, section=told[key]) for key in told if (named := form.named(key))]
        return _with(form, (*fields, *(each for each in form.fields if each.key not in told)))

    return _changed(review, by, revision, change)


@transaction.atomic
def move_field(*, review: Review, by, revision: int, key: str, step: int) -> FormVersion:
    """Move a question up (-1) or down (1); at the edge of a section it goes over into the next."""

    def change(form: FormDefinition) -> FormDefinition:
        fields = list(form.fields)
        here = next((n for n, each in enumerate(fields) if each.key == key), None)
        if here is None or not 0 <= here + step < len(fields):
            return form
        there = fields[here + step]
        if there.section != fields[here].section:
            fields[here] = replace(fields[here], section=there.section)
        else:
            fields[here], fields[here + step] = there, fields[here]
        return _gathered(_with(form, tuple(fields)))

    return _changed(review, by, revision, change)


@transaction.atomic
def rename_section(*, review: Review, by, revision: int, section: str, name: str) -> FormVersion:
    return _changed(
        review,
        by,
        revision,
        lambda form: _gathered(
            FormDefinition(
                tuple(
                    replace(each, section=name.strip()) if each.section == section else each
                    for each in form.fields
                )
            )
        ),
    )


def _gathered(form: FormDefinition) -> FormDefinition:
    """The fields of one section stand together."""
    return FormDefinition(tuple(field for _, fields in form.sections for field in fields))


def _with(form: FormDefinition, fields: tuple[Field, ...]) -> FormDefinition:
    """The form with other fields; one that hangs on a question now behind it is refused."""
    new = FormDefinition(fields)
    before = set(problems_of(form))
    if worse := [problem for problem in problems_of(new) if problem not in before]:
        raise FormRefused(" ".join(map(in_words, worse)))
    return new


@transaction.atomic
def discard_draft(*, review: Review, by) -> None:
    FormVersion.objects.filter(review=review, published_at=None).delete()
    record_act(review, by, "form draft thrown away")


@transaction.atomic
def publish(*, review: Review, by, revision: int, note: str) -> FormVersion:
    """Put the draft into use and freeze it. New extractions use it."""
    draft = (
        FormVersion.objects.select_for_update(no_key=True).filter(review=review, published_at=None).first()
    )
    if draft is None or draft.revision != revision:
        raise FormRefused(gettext("The form was changed in another window meanwhile. Look at it again."))
    if not draft.form.fields:
        raise FormRefused(gettext("The form has no question yet."))
    if problems := problems_of(draft.form):
        raise FormRefused(" ".join(map(in_words, problems)))
    in_use = form_in_use(review)
    if in_use and in_use.definition == draft.definition:
        raise FormRefused(gettext("Nothing differs from the version in use."))
    draft.published_at, draft.note, draft.created_by = timezone.now(), note.strip(), by
    draft.save(update_fields=["published_at", "note", "created_by"])
    record_act(review, by, "form put into use", version=draft.number, note=draft.note)
    return draft


@dataclass(frozen=True)
class AnotherLook:
    """An extraction made with an earlier version, and why the newest asks for another look at it."""

    extraction: Extraction
    reasons: list[str]


def needing_another_look(version: FormVersion, viewer) -> list[AnotherLook]:
    """Extractions made with earlier versions that the version puts in doubt, as far as the viewer may know.

    A colleague's unfinished or blind extraction is not named: only one's own and agreed ones are.
    """
    earlier = (
        Extraction.objects.filter(review_id=version.review_id, form_version__number__lt=version.number)
        .current()
        .select_related("study", "extractor", "form_version")
        .order_by("study__label")
    )
    visible = [e for e in earlier if e.kind == Extraction.Kind.AGREED or e.extractor_id == viewer.pk]
    agreed = set(
        Extraction.objects.filter(review_id=version.review_id).agreed().values_list("study", flat=True)
    )
    # What is agreed already is looked at in the agreed version.
    mine = [e for e in visible if e.kind == Extraction.Kind.AGREED or e.study_id not in agreed]
    found = [AnotherLook(e, another_look(e.form_version.form, version.form, e.answers)) for e in mine]
    return [each for each in found if each.reasons]

"""Building a form: drafts, versions, and whose answers need another look."""

import json

import pytest
from django.urls import reverse

from extraction.building.form_versions import (
    FormRefused,
    draft_of,
    form_in_use,
    move_field,
    needing_another_look,
    order_fields,
    publish,
    put_field,
    remove_field,
    start_draft,
)
from extraction.entering.entry import save_answers, start_extraction, take_newest_form
from extraction.models import Extraction, FormVersion
from extraction.schema import (
    SINGLE_ARM_TRIAL,
    TEMPLATES,
    Field,
    FieldKind,
    FormDefinition,
    ShowIf,
    WrongAnswer,
    WrongForm,
    another_look,
    number_from,
    problems_of,
    read_form,
    same_value,
    write_form,
)

from ...makers import make_member, make_review
from ..makers import make_agreed, make_study

COLOUR = Field("colour", "Colour", FieldKind.CHOICE, choices=("Red", "Blue", "Other"))
WHICH = Field("which", "Which", required=True, show_if=ShowIf("colour", ("Other",)))


def answered(**values):
    return {key: {"value": value} for key, value in values.items()}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_a_template_is_a_whole_form_and_survives_a_file(template):
    assert problems_of(template.form) == []
    assert read_form(write_form(template.form, "A review")) == template.form


@pytest.mark.parametrize(
    ("field", "answer", "stored"),
    [
        (Field("a", "A", FieldKind.DATE), "2019/04", "2019-04"),
        (Field("a", "A", FieldKind.COUNTRY), "UK; turkey; DE", "United Kingdom; Türkiye; Germany"),
        (Field("a", "A", FieldKind.MULTIPLE, choices=("X", "Y", "Z")), ["Z", "X"], ["X", "Z"]),
        (Field("a", "A", FieldKind.TABLE, columns=("P", "Q")), [["1"], ["", ""]], [["1", ""]]),
        (Field("a", "A", FieldKind.NUMBER), "1,234.5", 1234.5),
        (Field("a", "A", FieldKind.NUMBER), "−3·5", -3.5),
    ],
)
def test_answers_are_stored_in_one_shape(field, answer, stored):
    assert field.checked(answer) == stored


@pytest.mark.parametrize(
    ("field", "answer", "told"),
    [
        (Field("a", "A", FieldKind.DATE), "spring 2019", "year-month"),
        (Field("a", "A", FieldKind.DATE), "2019-13", "year-month"),
        (Field("a", "A", FieldKind.COUNTRY), "Atlantis", "Atlantis"),
        (Field("a", "A", FieldKind.MULTIPLE, choices=("X", "Y")), ["Q"], "not offered"),
        (Field("a", "A", FieldKind.TABLE, columns=("P",)), [["1", "2"]], "1 columns"),
    ],
)
def test_an_answer_of_another_shape_is_refused_in_words(field, answer, told):
    with pytest.raises(WrongAnswer, match=told):
        field.checked(answer)


@pytest.mark.parametrize(
    ("text", "number"), [("1,234", 1234), ("0,5", 0.5), ("1 234", 1234), ("−0·75", -0.75), ("1e-3", 0.001)]
)
def test_numbers_are_read_as_papers_print_them(text, number):
    assert number_from(text) == number
    assert same_value(text, number)


def test_a_question_that_is_not_asked_is_not_missing():
    form = FormDefinition((COLOUR, WHICH))

    assert form.missing(answered(colour="Red")) == []
    assert form.missing(answered(colour="Other")) == [WHICH]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not JSON"),
        ("[]", "no list of fields"),
        ('[{"kind": "text"}]', "Field 1: “label” is missing"),
        ('[{"label": "A", "kind": "essay"}]', "Field 1: “kind” must be one of"),
        ('[{"label": "A", "kind": "choice", "choices": ["x"]}]', "“A”: a choice needs at least two"),
        (
            '[{"label": "A", "kind": "text", "show_if": {"field": "b", "values": ["x"]}}]',
            "no earlier question",
        ),
        ('[{"label": "A", "kind": "text", "low": "x"}]', "Field 1: “low” has the wrong type"),
    ],
)
def test_a_file_with_mistakes_names_the_field(content, told):
    with pytest.raises(WrongForm, match=told):
        read_form(content)


def test_an_extraction_needs_another_look_where_the_answer_no_longer_says_what_it_said():
    dose = Field("dose", "Dose", FieldKind.NUMBER, unit="mg")
    old = FormDefinition((COLOUR, dose))
    new = FormDefinition(
        (
            Field("colour", "Colour", FieldKind.CHOICE, choices=("Red", "Green")),
            Field("dose", "Dose", FieldKind.NUMBER, unit="g"),
            Field("age", "Age"),
        )
    )

    reasons = another_look(old, new, answered(colour="Blue", dose=5))

    assert [reason.split("”")[0] for reason in reasons] == ["“Colour", "“Dose", "“Age"]
    assert another_look(old, FormDefinition((dose,)), answered(colour="Blue", dose=5)) == []


@pytest.mark.django_db
class TestDraft:
    @pytest.fixture
    def review(self):
        return make_review()

    @pytest.fixture
    def draft(self, review):
        return start_draft(review=review, by=review.created_by, form=FormDefinition((COLOUR, WHICH)))

    def test_a_form_in_use_is_frozen_and_a_change_is_a_new_version(self, review, draft):
        first = publish(review=review, by=review.created_by, revision=0, note="")
        second = start_draft(review=review, by=review.created_by)
        second = put_field(review=review, by=review.created_by, revision=0, field=Field("", "Dose"))

        assert FormVersion.objects.get(pk=first.pk).form == FormDefinition((COLOUR, WHICH))
        assert (second.number, form_in_use(review)) == (2, first)
        publish(review=review, by=review.created_by, revision=second.revision, note="Doses matter")
        assert (form_in_use(review).number, draft_of(review)) == (2, None)

    def test_two_windows_never_overwrite_each_other(self, review, draft):
        put_field(review=review, by=review.created_by, revision=0, field=Field("", "Dose"))

        with pytest.raises(FormRefused, match="another window"):
            put_field(review=review, by=review.created_by, revision=0, field=Field("", "Age"))

    def test_a_question_cannot_stand_before_the_one_it_hangs_on(self, review, draft):
        with pytest.raises(FormRefused, match="no earlier question"):
            move_field(review=review, by=review.created_by, revision=0, key="which", step=-1)
        with pytest.raises(FormRefused, match="no earlier question"):
            order_fields(
                review=review, by=review.created_by, revision=0, order=[("", "which"), ("", "colour")]
            )
        assert draft_of(review).form == FormDefinition((COLOUR, WHICH))

    def test_what_hangs_on_a_removed_question_is_asked_of_everybody(self, review, draft):
        changed = remove_field(review=review, by=review.created_by, revision=0, key="colour")

        assert changed.form.fields[0].show_if is None

    def test_a_new_version_names_my_extractions_and_the_agreed_ones_but_no_colleagues(self, review):
        people = [make_member(review, name=name) for name in ("Anna", "Ben")]
        study = make_study(review, people)
        for person in people:
            own = start_extraction(study=study, extractor=person)
            save_answers(extraction=own, by=person, answers=answered(population="Adults"))
        start_draft(review=review, by=people[0])
        put_field(
            review=review, by=review.created_by, revision=0, field=Field("", "Dose", section="Treatment")
        )
        version = publish(review=review, by=people[0], revision=1, note="")

        (found,) = needing_another_look(version, people[0])

        assert (found.extraction.extractor, found.reasons) == (
            people[0],
            ["“Dose” is new and has no answer."],
        )
        assert needing_another_look(version, review.created_by) == []

    def test_a_form_goes_out_as_json_and_into_another_review(self, client, review):
        start_draft(review=review, by=review.created_by, form=SINGLE_ARM_TRIAL)
        publish(review=review, by=review.created_by, revision=0, note="")
        client.force_login(review.created_by)
        file = client.get(reverse("extraction:form_json", args=[review.slug, 1]))
        assert json.loads(file.content)["fields"][0]["label"] == "Design"

        other = make_review(owner=review.created_by)
        address = reverse("extraction:form_act", args=[other.slug])
        client.post(address, {"act": "start", "review": review.pk})
        assert draft_of(other).form == SINGLE_ARM_TRIAL

    def test_a_form_of_a_review_that_is_not_ones_own_is_not_copied(self, client, review):
        start_draft(review=review, by=review.created_by, form=SINGLE_ARM_TRIAL)
        publish(review=review, by=review.created_by, revision=0, note="")
        other = make_review()
        client.force_login(other.created_by)

        client.post(reverse("extraction:form_act", args=[other.slug]), {"act": "start", "review": review.pk})

        assert draft_of(other) is None

    def test_an_open_extraction_goes_on_with_the_newest_form_and_says_what_no_longer_fits(self, review):
        person = make_member(review)
        own = start_extraction(study=make_study(review, [person, review.created_by]), extractor=person)
        save_answers(extraction=own, by=person, answers=answered(design="Other", population="Adults"))
        start_draft(review=review, by=person)
        put_field(
            review=review,
            by=person,
            revision=0,
            field=Field(
                "design", "Design", FieldKind.CHOICE, choices=("Parallel", "Crossover"), section="Study"
            ),
        )
        publish(review=review, by=person, revision=1, note="")

        emptied = take_newest_form(extraction=own, by=person)

        own.refresh_from_db()
        assert [told.partition(".")[0] for told in emptied] == ["“Design” was “Other”"]
        assert (own.form_version.number, own.answers["population"]["value"]) == (2, "Adults")

    def test_an_agreed_study_is_answered_again_as_a_new_version(self, client, review):
        people = [make_member(review, name=name) for name in ("Anna", "Ben")]
        agreed = make_agreed(review, people, "Arden 2019", 30, 40)
        start_draft(review=review, by=people[0])
        put_field(
            review=review, by=review.created_by, revision=0, field=Field("", "Dose", section="Treatment")
        )
        publish(review=review, by=people[0], revision=1, note="")
        client.force_login(people[0])
        address = reverse("extraction:correct_answers", args=[review.slug, agreed.study_id])
        page = client.get(address)
        posted = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}

        client.post(address, {**posted, "dose": "5 mg", "reason": "The form asks for the dose now"})

        version = Extraction.objects.agreed().get()
        assert (version.supersedes, version.form_version.number) == (agreed, 2)
        assert version.answers["dose"] == {"value": "5 mg"}
        assert version.answers["population"]["value"] == agreed.answers["population"]["value"]
        assert needing_another_look(form_in_use(review), people[0]) == []

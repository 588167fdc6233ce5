"""A whole review goes into a file and comes out of it elsewhere: all of it, or nothing."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from reviewsite.portability.columns import Keys, columns_of
from reviewsite.portability.exporting import export_review
from reviewsite.portability.importing import import_review
from reviewsite.portability.manifest import MANIFEST
from reviewsite.portability.summaries import differing, summary_of
from reviewsite.portability.tables import LEFT_BEHIND, TABLES
from reviewsite.reviews.models import User
from screening.models import (
    Document,
)

from ...makers import make_search_run
from .making import contents, elsewhere, rows_in

pytestmark = pytest.mark.django_db

OWN_APPS = {
    "operations",
    "reviewsite",
    "reviews",
    "web",
    "portability",
    "api",
    "screening",
    "extraction",
    "analysis",
}


def test_every_model_is_carried_or_left_behind_with_a_reason():
    ours = {each._meta.label for each in apps.get_models() if each._meta.app_label in OWN_APPS}

    assert ours == {table.label for table in TABLES} | {label for label in LEFT_BEHIND if label in ours}


def test_every_column_of_every_carried_model_is_of_a_kind_that_can_be_carried():
    keys = Keys(1, {table.label: [] for table in TABLES})
    for table in TABLES:
        names = {column.name for column in columns_of(table, keys)}
        fields = {"id" if each.primary_key else each.name for each in table.model._meta.concrete_fields}
        assert fields - names <= {"slug"}, table.label
        assert not table.model._meta.many_to_many, table.label
        # Such a column would be set anew when a row is brought in.
        assert not [f for f in table.model._meta.fields if getattr(f, "auto_now", False)], table.label


def test_the_file_holds_a_row_of_every_table_and_every_column_of_it(review, exported):
    for table in TABLES:
        rows = rows_in(exported, table.label)
        assert len(rows) == table.rows(review).count() > 0, table.label
        fields = {"id" if f.primary_key else f.name for f in table.model._meta.concrete_fields}
        assert fields - set(rows[0]) <= {"slug"}, table.label


def test_a_review_that_was_carried_over_gives_the_same_file_again(review, exported, tmp_path):
    slug = review.slug
    elsewhere(review)

    brought = import_review(path=exported)
    export_review(review=brought, target=tmp_path / "again.zip")

    first, second = contents(exported), contents(tmp_path / "again.zip")
    assert brought.slug == slug
    assert first.pop(MANIFEST) != second.pop(MANIFEST)
    assert first == second
    assert any(name.startswith("files/documents/") for name in first)


def test_counts_hashes_and_estimates_are_those_of_the_original(review, exported):
    before = summary_of(review)
    told = differing(review)
    elsewhere(review)

    brought = import_review(path=exported)

    assert summary_of(brought) == before
    assert before["runs"][0][2][0] == pytest.approx(0.75)
    assert len(differing(brought)) == len(told)


def test_keys_inside_json_lead_to_the_rows_that_they_led_to(review, exported):
    study = review.studies.get(label="Agreed 2020").pk
    elsewhere(review)

    brought = import_review(path=exported)

    now = brought.studies.get(label="Agreed 2020").pk
    run = brought.analyses.get().runs.get()
    assert now != study
    assert run.snapshot.rows[0]["study_pk"] == run.result["studies"][0]["study_pk"] == now
    assert run.result["studies"][0]["key"] == f"{now}:"
    assert brought.analyses.get().excluded == [[brought.studies.get(label="Waiting 2021").pk, "Not ours"]]
    record = brought.records.get(pk=brought.citations.exclude(chosen_fields={}).get().chosen_fields["title"])
    assert record.field_choices.count() == 1


def test_people_are_found_by_their_address_and_made_where_they_are_missing(review, exported):
    kept, gone = review.memberships.values_list("user", flat=True)[1:3]
    address = User.objects.get(pk=gone).email
    elsewhere(review)
    User.objects.filter(pk=gone).update(email="somebody.else@example.org")
    User.objects.filter(pk=kept).update(name="As they call themselves here")

    brought = import_review(path=exported)

    made = User.objects.get(email=address)
    assert made.pk != gone
    assert not made.has_usable_password()
    assert set(brought.memberships.values_list("user", flat=True)) >= {kept, made.pk}
    assert User.objects.get(pk=kept).name == "As they call themselves here"


def test_a_file_comes_back_byte_by_byte_in_the_folder_of_the_new_review(review, exported):
    document = review.documents.get()
    content = document.file.open().read()
    old = review.pk
    elsewhere(review)

    brought = import_review(path=exported)

    again = Document.objects.get(review=brought)
    assert f"/{old}/" not in again.file.name
    assert again.file.open().read() == content


def test_the_commands_say_what_they_did(review, tmp_path, capsys):
    path = tmp_path / "by-command.zip"
    call_command("export_review", review.slug, str(path))
    with pytest.raises(CommandError, match="there already"):
        call_command("export_review", review.slug, str(path))
    elsewhere(review)

    call_command("import_review", str(path), "--slug", "moved-here")

    assert "moved-here: “A review” is here" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no review called nothing"):
        call_command("export_review", "nothing", str(path))


def test_new_keys_follow_those_that_were_used(review, exported):
    elsewhere(review)
    brought = import_review(path=exported)

    fresh = make_search_run(brought, ["Found later"]).records.get()

    assert fresh.pk > max(brought.records.exclude(pk=fresh.pk).values_list("pk", flat=True))

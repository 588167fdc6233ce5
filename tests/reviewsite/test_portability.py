"""A whole review goes into a file and comes out of it elsewhere: all of it, or nothing."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from analysis.models import CertaintyJudgement, PlanDeviation
from analysis.specs import freeze_plan
from extraction.models import Arm, Contrast, DomainJudgement, OwnTool, TimePoint
from reviewsite.portability.columns import Keys, columns_of
from reviewsite.portability.errors import CarryingRefused
from reviewsite.portability.exporting import export_review
from reviewsite.portability.importing import import_review
from reviewsite.portability.manifest import MANIFEST
from reviewsite.portability.summaries import differing, summary_of
from reviewsite.portability.tables import LEFT_BEHIND, TABLES
from reviewsite.reviews.models import Review, User
from screening.models import (
    AuditDraw,
    ChecklistNote,
    ColumnNaming,
    Comment,
    Document,
    FetchedBatch,
    FieldChoice,
    FlowEvent,
    FlowWording,
    Labelling,
    Place,
    RankingRun,
    ReadingPlan,
    RecordNotice,
    ReviewVersion,
    RoundCitation,
    RoundEvent,
    RoundPerson,
    SaidApart,
    Skip,
    StopEvent,
)

from ..makers import decide, make_member, make_review, make_search_run, make_user
from .pages import populate

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


@pytest.fixture
def review():
    """A review with a row in every table that is carried."""
    review = make_review()
    people = [make_member(review), make_member(review)]
    rows = populate(review, people)
    fill_the_rest(review, people, rows)
    return Review.objects.select_related("protocol").get(pk=review.pk)


def fill_the_rest(review, people, rows):
    """What `populate` makes no row of. Set here and not by rules: only that they come back matters."""
    by, record = people[0], review.records.get(pk=rows["record"])
    citation = make_search_run(review, ["Another one"], volume="12").records.get().citation
    decide(citation, people[0], "include")
    decide(citation, people[1], "exclude")
    FetchedBatch.objects.create(run_id=rows["run"], number=1, content=b"\x00\xffxml")
    ColumnNaming.objects.create(
        review=review, headers=["A"], headers_sha256="a" * 64, fields=["title"], named_by=by
    )
    RecordNotice.objects.create(record=record, kind="retracted", text="2020")
    FieldChoice.objects.create(review=review, record=record, field="title", decided_by=by)
    citation_of = record.citation
    citation_of.chosen_fields = {"title": record.pk}
    citation_of.save()
    ReadingPlan.objects.create(review=review)
    ranking = RankingRun.objects.create(review=review, finished_at=datetime(2026, 1, 2, tzinfo=UTC))
    draw = AuditDraw.objects.create(review=review, seed=1, unread=3, drawn_by=by)
    Place.objects.create(
        review=review, citation=citation, run=ranking, position=-1, score=0.1 + 0.2, audit=draw
    )
    StopEvent.objects.create(review=review, act="stopped", by=by, numbers={"p": 0.01})
    round = review.rounds.get(pk=rows["round"])
    RoundCitation.objects.create(round=round, stage="title_abstract", citation=citation)
    RoundPerson.objects.create(round=round, user=by)
    RoundEvent.objects.create(round=round, act="unblinded", by=by, reason="Over.")
    Skip.objects.create(review=review, citation=citation, stage="title_abstract", reviewer=by)
    Labelling.objects.create(label_id=rows["label"], citation=citation, put_by=by)
    Comment.objects.create(review=review, citation=citation, stage="title_abstract", author=by, text="Ü")
    first, second = sorted(report.pk for report in review.reports.all()[:2])
    SaidApart.objects.create(review=review, question="study", first_id=first, second_id=second, said_by=by)
    arm = Arm.objects.filter(extraction__review=review).last()
    other = Arm.objects.create(extraction=arm.extraction, label="Other arm")
    Contrast.objects.create(
        arm=arm, comparator=other, outcome=review.outcomes.first(), measure="RR", estimate=1.5, p_value=0.05
    )
    DomainJudgement.objects.create(assessment=review.assessments.first(), domain="overall", judgement="low")
    TimePoint.objects.create(review=review, label="At 3 months")
    OwnTool.objects.create(review=review, key="own", number=1, definition="name = 'x'", created_by=by)
    FlowEvent.objects.create(
        review=review,
        on="2026-01-02",
        source="By hand",
        excluded_full_text=[["Old", 1]],
        note="n",
        entered_by=by,
    )
    ChecklistNote.objects.create(review=review, item="prisma-2020:25", text="None.")
    FlowWording.objects.create(review=review, key="a", text="b")
    ReviewVersion.objects.create(
        review=review, number=2, name="Two", content={"a": 1}, sha256="b" * 64, frozen_by=by
    )
    freeze_plan(review=review, by=review.created_by)
    spec = review.analyses.get()
    spec.excluded = [[rows["waiting"], "Not ours"]]
    spec.save()
    PlanDeviation.objects.create(review=review, title="A", what="b", reason="c", made_by=by)
    CertaintyJudgement.objects.create(
        profile_id=rows["profile"], domain="bias", steps=-1, reason="r", judged_by=by, run=spec.runs.first()
    )


def wipe(review):
    """As if the file were opened on another installation."""
    review.invitations.all().delete()
    review.transfers.all().delete()
    review.leases.all().delete()
    review.manuscript_kits.all().delete()
    review.jobs.filter(kind="report").delete()
    for table in reversed(TABLES):
        table.rows(review)._raw_delete("default")


def elsewhere(review):
    """Another installation: this review is gone, and another one has used up some keys."""
    wipe(review)
    others = make_review(owner=make_user())
    populate(others, [make_member(others), make_member(others)])


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_in(path, label):
    return [json.loads(line) for line in contents(path)[f"data/{label}.jsonl"].splitlines()]


def written_with(path, changed):
    """The file with some contents exchanged and every hash set right again."""
    told = {**contents(path), **changed}
    manifest = json.loads(told.pop(MANIFEST))
    manifest["members"] = {
        name: {
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "rows": content.count(b"\n") if name.endswith(".jsonl") else 0,
        }
        for name, content in told.items()
    }
    return archived(path, {**told, MANIFEST: json.dumps(manifest).encode()})


def archived(path, told):
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in told.items():
            archive.writestr(name, content)
    return target


@pytest.fixture
def exported(review, tmp_path):
    path = tmp_path / "review.zip"
    export_review(review=review, target=path)
    return path


def counts():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def files_kept():
    return sorted(path for path in (settings.MEDIA_ROOT).rglob("*") if path.is_file())


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


def test_a_review_with_decisions_that_are_here_already_is_refused(review, exported):
    before, files = counts(), files_kept()

    with pytest.raises(CarryingRefused, match="brought in before"):
        import_review(path=exported, slug="a-copy")

    assert (counts(), files_kept()) == (before, files)


def test_the_address_of_another_review_is_not_taken_from_it(review, exported):
    with pytest.raises(CarryingRefused, match="already"):
        import_review(path=exported)


HARM = {
    "a hash that is not the file's": (
        lambda path: archived(path, {**contents(path), "data/screening.Decision.jsonl": b"{}\n"}),
        "damaged or was changed",
    ),
    "a file cut short": (lambda path: cut(path), "cut short"),
    "no ZIP at all": (lambda path: plain(path), "not a ZIP"),
    "another ZIP": (lambda path: archived(path, {"a.txt": b"a"}), "not a review"),
    "a newer format": (lambda path: newer(path, format_version=2), "newer Winnow"),
    "newer tables": (lambda path: newer(path, schema={"screening": "9999_from_next_year"}), "newer Winnow"),
    "a table that is missing": (
        lambda path: archived(
            path, {n: c for n, c in contents(path).items() if n != "data/screening.Record.jsonl"}
        ),
        "not those that it lists",
    ),
    "a verdict turned round, hashes set right": (
        lambda path: rewritten(path, "screening.Decision", verdict="include", reason=None),
        "does not come to what it was",
    ),
    "a verdict that does not exist": (
        lambda path: rewritten(path, "screening.Decision", verdict="perhaps"),
        "screening.Decision.verdict that cannot be",
    ),
    "a row that is not there": (
        lambda path: rewritten(path, "screening.Decision", citation=9999),
        "names row 9999 of screening.Citation",
    ),
    "a stranger": (
        lambda path: rewritten(path, "screening.Decision", reviewer="eve@example.org"),
        "eve@example.org",
    ),
    "a picture outside": (
        lambda path: rewritten(path, "screening.DocumentPage", picture="../../x"),
        "DocumentPage.picture that cannot be",
    ),
    "a file outside": (
        lambda path: rewritten(path, "screening.Document", file="../../etc/passwd"),
        "not the name of a file",
    ),
    "a hash that is a path": (
        lambda path: rewritten(path, "screening.Document", file_sha256="../../x"),
        "file_sha256 that cannot be",
    ),
    "a member outside": (
        lambda path: written_with(path, {"files/../../x": b"x"}),
        "not the name of a file",
    ),
    "a column from nowhere": (
        lambda path: rewritten(path, "screening.Decision", is_true=True),
        "does not know",
    ),
    "no text but a number that is none": (
        lambda path: written_with(
            path,
            {
                "data/screening.Place.jsonl": contents(path)["data/screening.Place.jsonl"].replace(
                    b'"score":0.30000000000000004', b'"score":NaN'
                )
            },
        ),
        "cannot be read",
    ),
    "a row that breaks a rule of the database": (
        lambda path: rewritten(path, "analysis.PlanDeviation", reason=""),
        "do not fit together",
    ),
    "two reviews": (
        lambda path: written_with(
            path, {"data/reviews.Review.jsonl": contents(path)["data/reviews.Review.jsonl"] * 2}
        ),
        "exactly one review",
    ),
}


def cut(path):
    target = path.with_name("cut.zip")
    target.write_bytes(path.read_bytes()[:-100])
    return target


def plain(path):
    target = path.with_name("plain.zip")
    target.write_text("Title,Year\n")
    return target


def newer(path, **changed):
    told = contents(path)
    manifest = {**json.loads(told[MANIFEST]), **changed}
    return archived(path, {**told, MANIFEST: json.dumps(manifest).encode()})


def rewritten(path, label, **changed):
    """The last row of a table with other values, and every hash set right."""
    name = f"data/{label}.jsonl"
    *rows, last = contents(path)[name].splitlines()
    row = {**json.loads(last), **changed}
    return written_with(path, {name: b"".join(each + b"\n" for each in [*rows, json.dumps(row).encode()])})


@pytest.mark.parametrize("harm", HARM)
def test_a_file_with_harm_is_refused_in_words_and_nothing_of_it_is_kept(review, exported, harm):
    make, words = HARM[harm]
    elsewhere(review)
    harmed = make(exported)
    before, files = counts(), files_kept()

    with pytest.raises(CarryingRefused, match=words):
        import_review(path=harmed)

    assert (counts(), files_kept()) == (before, files)


def test_what_stops_an_export_leaves_no_file(review, tmp_path):
    def stop(done, total):
        raise CarryingRefused("Stopped.")

    with pytest.raises(CarryingRefused, match="Stopped"):
        export_review(review=review, target=tmp_path / "none.zip", progress=stop)

    assert not list(tmp_path.glob("none*"))


def test_what_stops_an_import_keeps_nothing(review, exported):
    elsewhere(review)
    before, files = counts(), files_kept()

    def stop(done, total, step):
        if step == "Comparing with the original":
            raise CarryingRefused("Stopped.")

    with pytest.raises(CarryingRefused, match="Stopped"):
        import_review(path=exported, progress=stop)

    assert (counts(), files_kept()) == (before, files)


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

"""A review with a row in every table, files of it, and what a test may do to them."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime

from django.apps import apps
from django.conf import settings

from analysis.models import CertaintyJudgement, PlanDeviation
from analysis.specs import freeze_plan
from extraction.models import Arm, Contrast, DomainJudgement, OwnTool, TimePoint
from reviewsite.portability.manifest import MANIFEST
from reviewsite.portability.tables import TABLES
from screening.models import (
    AuditDraw,
    ChecklistNote,
    ColumnNaming,
    Comment,
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

from ...makers import decide, make_member, make_review, make_search_run, make_user
from ..pages import populate


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


def archived(path, told):
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in told.items():
            archive.writestr(name, content)
    return target


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


def rewritten(path, label, **changed):
    """The last row of a table with other values, and every hash set right."""
    name = f"data/{label}.jsonl"
    *rows, last = contents(path)[name].splitlines()
    row = {**json.loads(last), **changed}
    return written_with(path, {name: b"".join(each + b"\n" for each in [*rows, json.dumps(row).encode()])})


def counts():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def files_kept():
    return sorted(path for path in (settings.MEDIA_ROOT).rglob("*") if path.is_file())

"""More of everything in a review, for the test that no page asks more of the database because of it."""

from datetime import date
from typing import Any

from analysis.certainty.rules import GivenSteps, add_profile, judge_certainty
from analysis.models import EvidenceProfile, PlanDeviation
from analysis.runs import run
from analysis.specs import create_spec
from extraction.bias.assessments import agree as agree_bias
from extraction.bias.sheet import Sheet
from extraction.building.form_versions import publish, put_field, start_draft
from extraction.building.vocabulary import add_outcome, add_time_point
from extraction.models import Appraisal
from extraction.schema import Field
from reviewsite.api.tokens import MOST_TOKENS, make_token
from reviewsite.portability.models import Transfer
from reviewsite.reporting.versions import freeze
from reviewsite.reviews.invitations import invite
from reviewsite.reviews.jobs import enqueue
from reviewsite.reviews.models import ExclusionReason, Review, Stage
from screening.citations.labels import make_label, put_on
from screening.deciding.bulk import ask_for
from screening.duplicates.deduplication import found_citations, link_duplicates, settle_pair
from screening.full_text.retrieval import record_retrieval
from screening.models import Citation, Document, DocumentPage, PairSample, Record, RecordNotice
from screening.prisma.report import record_event
from screening.room.discussion import add_comment
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import Place, open_round, override_gate
from screening.searches.imports import register_file
from screening.searches.saved_searches import save_search
from screening.studies.grouping import attach_reports, mark_overlap

from ..analysis.makers import make_compared
from ..extraction.makers import assess, extract, make_agreed, make_study
from ..makers import decide, make_citation, make_member, make_review, make_search_run

Rows = dict[str, Any]


def one_more(review: Review, people: list[Any], rows: Rows, n: int) -> None:
    """One more of each thing that lists show, and one more part of each thing that `rows` names."""
    _citations(review, people, n)
    _parts_of_a_citation(review, people, rows, n)
    _rounds_and_people(review, people, n)
    _studies(review, people, rows, n)
    _analyses(review, people, rows, n)
    _lists_of_the_team(review, people, n)
    make_review(owner=review.created_by)


def _citations(review: Review, people: list[Any], n: int) -> None:
    """Undecided, in conflict, settled, excluded at either stage, sought and not retrieved; two copies."""
    anna, ben = people[:2]
    run_of = make_search_run(review, [f"Number {n}, {word}" for word in "abcdefgh"], database=f"Base {n}")
    cites = [record.citation for record in run_of.records.order_by("position")]
    decide(cites[0], anna, "include")
    for person, verdict in ((anna, "include"), (ben, "exclude")):
        decide(cites[1], person, verdict)
        decide(cites[2], person, verdict)
        decide(cites[3], person, "exclude")
    for cite in cites[4:7]:
        for person in (anna, ben):
            decide(cite, person, "include")
    record_retrieval(reports=[cites[4].report], state="not_available", by=anna)
    record_retrieval(reports=[cites[5].report, cites[6].report], state="obtained", by=anna)
    decide(cites[5], anna, "include", Stage.FULL_TEXT)
    decide(cites[5], ben, "exclude", Stage.FULL_TEXT)
    for person in (anna, ben):
        decide(cites[6], person, "exclude", Stage.FULL_TEXT)
    titles = [f"Relief {n} of itch by zorifen and balm number {n * 7919}"]
    for database in ("PubMed", "Embase"):
        copies = make_search_run(review, titles, database=database, authors=["Arden, P."], year=2019)
        link_duplicates(search_run=copies)
    doubtful = make_search_run(review, [f"Doubted {n}", f"Doubted {n} too"]).records.order_by("position")
    settle_pair(first=doubtful[0], second=doubtful[1], verdict="unsure", person=anna)
    register_file(
        review=review,
        content=f"Title,Stars\nItch {n},5\n".encode(),
        file_name=f"t{n}.csv",
        database="CSV",
        by=anna,
    )


def _parts_of_a_citation(review: Review, people: list[Any], rows: Rows, n: int) -> None:
    """The citation of the pages gets another record, label and comment; its run another record."""
    anna, ben = people[:2]
    first = Record.objects.get(pk=rows["record"])
    copy = make_search_run(review, [first.title], database=f"Mirror {n}").records.get()
    settle_pair(first=first, second=copy, verdict="same", person=anna)
    RecordNotice.objects.create(record=copy, kind="retracted", text=f"Notice {n}")
    cite = Citation.objects.get(pk=rows["citation"])
    put_on(label=make_label(review=review, name=f"Label {n}", by=anna), citation=cite, by=anna)
    label = review.labels.get(pk=rows["label"])
    put_on(label=label, citation=make_citation(review, f"Labelled {n}"), by=ben)
    for person, verdict in ((anna, "include"), (ben, "exclude")):
        if not cite.decisions.filter(reviewer=person).exists():
            decide(cite, person, verdict)
    cite.refresh_from_db()
    for person in (anna, ben):
        add_comment(citation=cite, stage="title_abstract", author=person, text=f"Remark {n}")
    run_of = review.search_runs.get(pk=rows["run"])
    Record.objects.create(review=review, search_run=run_of, position=100 + n, title=f"Later {n}")
    found_citations(run_of)
    sample = PairSample.objects.get(pk=rows["sample"])
    sample.link_ids = sorted(review.duplicate_links.values_list("pk", flat=True))
    sample.save()


def _rounds_and_people(review: Review, people: list[Any], n: int) -> None:
    anna, ben = people[:2]
    make_member(review, ("reviewer", "viewer", "extractor")[n % 3], name=f"Member {n}", is_adjudicator=False)
    people.append(make_member(review, name=f"Screener {n}"))
    make_search_run(review, [f"For the pilot {n}", f"For the pilot {n} too"], database=f"Pilot {n}")
    pilot = open_round(
        review=review,
        stage="title_abstract",
        by=review.created_by,
        kind="pilot",
        name=f"Pilot {n}",
        choice=Choice(How.DATABASE, database=f"Pilot {n}"),
        people=[Place(person.pk, is_expert=person == anna, target=5) for person in people],
    )
    override_gate(round=pilot, by=review.created_by, reason="Discussed.")
    for record in review.records.filter(search_run__database=f"Pilot {n}"):
        for person, verdict in ((anna, "include"), (ben, "exclude")):
            decide(record.citation, person, verdict)
    for stage in Stage.values:
        ExclusionReason.objects.create(review=review, stage=stage, position=10 + n, label=f"Reason {n}")


def _studies(review: Review, people: list[Any], rows: Rows, n: int) -> None:
    """One agreed, one waiting to be compared; the study of the pages gets another report."""
    pair = people[:2]
    waiting = make_study(review, pair, f"Waiting {n}")
    for person, events in zip(pair, (3, 4), strict=True):
        extract(waiting, person, events, 10, note=f"Note {n}")
    agreed = make_agreed(review, pair, f"Agreed {n}", 20 + n % 10, 60)
    appraisal = Appraisal.objects.get(pk=rows["appraisal"])
    for person in pair:
        assess(agreed.study, person, "22212222", f"Page {n}")
        assess(waiting, person, "22212222")
    agree_bias(study=agreed.study, settled_by=pair[0], appraisal=appraisal, sheet=Sheet())
    mark_overlap(kept=agreed.study, left_out=waiting, reason=f"Same ward {n}.", by=pair[0])
    report = make_study(review, pair, f"Second report {n}").reports.get()
    attach_reports(study=agreed.study.review.studies.get(pk=rows["study"]), reports=[report], by=pair[0])
    _documents(review, pair[0], report, rows, n)
    add_time_point(review=review, by=pair[0], label=f"At {n} weeks")
    draft = start_draft(review=review, by=pair[0])
    field = Field(f"question_{n}", f"Question {n}")
    draft = put_field(review=review, by=pair[0], revision=draft.revision, field=field)
    publish(review=review, by=pair[0], revision=draft.revision, note=f"Note {n}")


def _documents(review: Review, by, report, rows: Rows, n: int) -> None:
    """Files as the worker leaves them; reading each would take the test's time."""
    first = Document.objects.get(pk=rows["document"])
    page = first.pages.order_by("number").first()
    looks = {"width": page.width, "height": page.height, "picture": page.picture, "lines": page.lines}
    DocumentPage.objects.create(document=first, number=2 + n, **looks)
    for number, owner in enumerate([report, first.report, None]):
        made = Document.objects.create(
            review=review,
            report=owner,
            file=first.file.name,
            file_name=f"made {n}.pdf",
            file_sha256=f"{n * 3 + number:064d}",
            size=1,
            state="read",
            page_count=1,
            proposed_report=report,
            uploaded_by=by,
        )
        DocumentPage.objects.create(document=made, number=1, **looks)


def _analyses(review: Review, people: list[Any], rows: Rows, n: int) -> None:
    owner = review.created_by
    outcome = add_outcome(review=review, by=owner, name=f"Outcome {n}")
    treated = [{"events": 10 + n % 5, "n": 40}]
    compared = make_compared(
        review, people[:2], f"Compared {n}", outcome, treated, {"events": 5, "n": 40}, population="Adults"
    )
    spec = create_spec(review=review, by=owner, title=f"Analysis {n}", outcome=outcome)
    run(spec=spec, by=owner)
    profile = add_profile(review=review, by=owner, spec=spec)
    first = review.analyses.get(pk=rows["spec"])
    run(spec=first, by=owner)
    for each in (profile, EvidenceProfile.objects.get(pk=rows["profile"])):
        judge_certainty(profile=each, by=owner, given={"indirectness": GivenSteps(-1, f"Reason {n}")})
    PlanDeviation.objects.create(review=review, title=f"Change {n}", what="b", reason="c", made_by=owner)
    assert compared.arms.count() == 2


def _lists_of_the_team(review: Review, people: list[Any], n: int) -> None:
    owner = review.created_by
    enqueue(review=review, kind="import", title=f"Reading {n}", requested_by=owner)
    save_search(review=review, name=f"Search {n}", query=f"itch {n}", schedule="monthly", by=owner)
    invite(review=review, email=f"asked{n}@example.org", role="viewer", by=owner)
    ask_for(
        review=review,
        stage="title_abstract",
        citations=[make_citation(review, f"Of many {n}").pk],
        verdict="exclude",
        reason=None,
        note=f"Too old {n}.",
        by=owner,
    )
    record_event(
        review=review,
        by=owner,
        kind="records",
        on=date(2020, 1, 1),
        source=f"Hand search {n}",
        records=2,
        duplicates_removed=1,
        excluded_title_abstract=1,
        note="Typed.",
    )
    told = {"direction": "out", "state": "done", "file_name": f"r{n}.zip"}
    Transfer.objects.create(review=review, asked_by=owner, **told)
    job = enqueue(review=review, kind="report", title=f"Kit {n}", requested_by=owner)
    review.manuscript_kits.create(job=job, asked_by=owner, sha256=f"{n:064d}")
    freeze(review=review, name=f"Version {n + 1}", by=owner)
    if n < MOST_TOKENS:
        make_token(person=owner, name=f"Laptop {n}", may_write=False, days=30)

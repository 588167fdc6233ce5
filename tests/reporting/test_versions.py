"""A living review: versions are frozen with a hash, compared, and updated."""

from __future__ import annotations

import pytest

from analysis.runs import run
from analysis.specs import create_spec
from extraction.models import Extraction
from reviewsite.reporting.changes import compare
from reviewsite.reporting.versions import (
    VersionRefused,
    changes_since,
    freeze,
    is_untouched,
    open_update_round,
    sha256_of,
)
from screening.full_text.retrieval import record_retrieval
from screening.models import RoundCitation
from screening.prisma.flow import imbalances
from screening.prisma.report import Asked, flow_of, rows_of
from screening.recount import differences
from screening.studies.grouping import create_study

from ..extraction.makers import make_agreed, make_outcome
from ..makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review(decisions=1)


def include_study(review, label, database="PubMed"):
    record = make_search_run(review, [label], database=database).records.get()
    decide(record.citation, review.created_by, "include")
    record.citation.refresh_from_db()
    report = record.citation.report
    record_retrieval(reports=[report], state="obtained", by=review.created_by)
    record.citation.refresh_from_db()
    decide(record.citation, review.created_by, "include", "full_text")
    return create_study(review=review, label=label, reports=[report], by=review.created_by)


def test_a_version_keeps_what_the_review_said_whatever_comes_after(review):
    include_study(review, "First 2020")
    version = freeze(review=review, name="Version 1", by=review.created_by)

    include_study(review, "Second 2024", "Embase")

    version.refresh_from_db()
    assert [study["label"] for study in version.content["studies"]] == ["First 2020"]
    assert is_untouched(version)
    assert version.sha256 == sha256_of(version.content)


def test_an_altered_version_is_seen(review):
    include_study(review, "First 2020")
    version = freeze(review=review, name="Version 1", by=review.created_by)

    version.content["studies"][0]["label"] = "Another 2020"

    assert not is_untouched(version)


def test_the_same_review_gives_the_same_hash(review):
    include_study(review, "First 2020")

    first = freeze(review=review, name="Version 1", by=review.created_by)
    second = freeze(review=review, name="Version 2", by=review.created_by)

    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == second.sha256
    assert changes_since(first, second).is_nothing


def test_what_changed_names_records_studies_and_numbers(review):
    include_study(review, "First 2020")
    version = freeze(review=review, name="Version 1", by=review.created_by)
    include_study(review, "Second 2024", "Embase")
    make_search_run(review, ["One", "Two"], database="CENTRAL")

    changes = changes_since(version)

    assert changes.new_records == 3
    assert [(change.label, change.what) for change in changes.studies] == [("Second 2024", "new")]
    moved = {change.label: (change.then, change.now) for change in changes.flow}
    assert moved["Studies included in review"] == (1, 2)
    assert moved["Records screened"] == (1, 2)


def test_an_estimate_that_moved_is_shown_then_and_now(review):
    people = [make_member(review), make_member(review)]
    review.protocol.title_abstract_decisions = review.protocol.full_text_decisions = 2
    review.protocol.save()
    make_agreed(review, people, "Alpha 2020", 30, 40)
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=make_outcome(review))
    run(spec=spec, by=review.created_by)
    version = freeze(review=review, name="Version 1", by=review.created_by)
    make_agreed(review, people, "Beta 2021", 10, 40)

    stale = changes_since(version).estimates[0]
    run(spec=spec, by=review.created_by)
    moved = changes_since(version).estimates[0]

    assert not stale.moved
    assert stale.is_stale
    assert moved.moved
    assert moved.then.startswith("75.0%")
    assert moved.now.endswith("2 studies")
    assert Extraction.objects.filter(review=review).agreed().count() == 2


def test_the_flow_of_an_update_counts_what_is_new_beside_the_previous_studies(review):
    include_study(review, "First 2020")
    version = freeze(review=review, name="Version 1", by=review.created_by)
    include_study(review, "Second 2024", "Embase")
    late = make_search_run(review, ["Excluded"], database="Embase").records.get().citation
    decide(late, review.created_by, "exclude")

    flow = flow_of(review, Asked(since=version))

    counts = flow.counts
    assert counts.records_identified == 2
    assert (counts.previous.studies, counts.included_studies, counts.total_studies) == (1, 1, 2)
    assert not imbalances(counts)
    assert rows_of(review, flow, "previous_studies").get().label == "First 2020"
    assert rows_of(review, flow, "included_studies").get().label == "Second 2024"


def test_what_was_open_at_the_previous_version_is_carried_over(review):
    open_then = make_search_run(review, ["Open then", "Settled then"]).records.order_by("position")
    decide(open_then[1].citation, review.created_by, "exclude")
    version = freeze(review=review, name="Version 1", by=review.created_by)

    decide(open_then[0].citation, review.created_by, "exclude")
    counts = flow_of(review, Asked(since=version)).counts

    assert [source.name for source in counts.identified] == ["PubMed, carried over"]
    assert (counts.screened, counts.excluded_title_abstract) == (1, 1)
    assert not imbalances(counts)


def test_a_study_that_is_dropped_keeps_the_sums_right(review):
    include_study(review, "First 2020")
    dropped = include_study(review, "Second 2021")
    version = freeze(review=review, name="Version 1", by=review.created_by)
    record_retrieval(reports=dropped.reports.all(), state="not_available", by=review.created_by, note="Lost.")

    counts = flow_of(review, Asked(since=version)).counts

    assert (counts.previous.studies, counts.previous.dropped_studies, counts.total_studies) == (2, 1, 1)
    assert not imbalances(counts)


def test_an_update_round_holds_what_searches_brought_since(review):
    make_member(review)
    make_search_run(review, ["Old"])
    version = freeze(review=review, name="Version 1", by=review.created_by)
    new = make_search_run(review, ["New"], database="Embase").records.get().citation

    round = open_update_round(version=version, by=review.created_by)

    assert list(RoundCitation.objects.filter(round=round).values_list("citation", flat=True)) == [new.pk]
    assert list(differences(review)) == []


def test_an_update_round_without_anything_new_is_refused(review):
    make_search_run(review, ["Old"])
    version = freeze(review=review, name="Version 1", by=review.created_by)

    with pytest.raises(VersionRefused, match="No citation fits"):
        open_update_round(version=version, by=review.created_by)


def test_a_version_needs_a_name(review):
    with pytest.raises(VersionRefused, match="name"):
        freeze(review=review, name=" ", by=review.created_by)


def test_reports_that_came_to_a_study_are_told():
    study = {"study": 1, "label": "A 2020", "registration": "", "reports": ["One"]}
    empty = {"runs": [], "flow": [], "estimates": [], "protocol": {}}

    changes = compare(
        {**empty, "studies": [study]}, {**empty, "studies": [{**study, "reports": ["One", "Two"]}]}
    )

    assert [change.what for change in changes.studies] == ["1 more report"]


def test_the_pages_of_versions_show_and_freeze(client, review):
    include_study(review, "First 2020")
    client.force_login(review.created_by)
    address = f"/reviews/{review.slug}/versions/"

    client.post(f"{address}freeze/", {"name": "Version 1"})
    include_study(review, "Second 2024", "Embase")

    page = client.get(address).content.decode()
    assert "Second 2024: new" in page
    assert client.get(f"{address}1/").status_code == 200
    assert client.get(f"{address}1.json").json()["studies"][0]["label"] == "First 2020"
    assert "carried" not in client.get(f"/reviews/{review.slug}/prisma/?since=1").content.decode()

"""Studies: suggested, grouped, changed; overlaps that are never forgotten; the page of one study."""

import pytest
from django.urls import reverse

from reviewsite.reviews.models import AuditEntry, Stage
from screening.full_text.retrieval import record_retrieval
from screening.models import Study
from screening.studies.grouping import (
    StudyRefused,
    attach_reports,
    create_study,
    detach_report,
    edit_study,
    mark_overlap,
)

from ...extraction.makers import assess, extract, make_agreed, make_study
from ...makers import decide, make_member, make_review, make_search_run
from ..documents.makers import make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review), make_member(review)]


def included(review, people, title, **fields):
    """A report that two people took through both stages."""
    citation = make_search_run(review, [title], **fields).records.get().citation
    for person in people:
        decide(citation, person, "include")
    record_retrieval(reports=[citation.report], state="obtained", by=people[0])
    for person in people:
        decide(citation, person, "include", Stage.FULL_TEXT)
    return citation.report


def page(client, name, review, *arguments):
    app = "extraction" if name == "study" else "screening"
    return client.get(reverse(f"{app}:{name}", args=[review.slug, *arguments])).content.decode()


def test_reports_of_one_trial_are_suggested_and_grouped_with_its_number(signed_in, review, people):
    first = included(
        review, people, "Zorifen in itch", abstract="NCT01564784", authors=["Arden, P."], year=2019
    )
    second = included(review, people, "Sleep after treatment", abstract="See NCT01564784.", year=2021)
    client = signed_in(people[0])

    assert "both name NCT01564784" in page(client, "studies", review)
    client.post(
        reverse("screening:studies_group", args=[review.slug]),
        {"reports": [first.pk, second.pk], "label": "Arden 2019", "registration": "NCT01564784"},
    )

    study = Study.objects.get(review=review)
    assert (study.reports.count(), study.registration) == (2, "NCT01564784")
    assert "seem to be one study" not in page(client, "studies", review)


def test_a_number_that_only_the_pdf_prints_is_found_as_well(signed_in, review, people):
    first = included(review, people, "Zorifen in itch", abstract="NCT01564784")
    second = included(review, people, "Sleep after treatment")
    make_document(review, people[0], "Registered as NCT01564784", report=second)

    shown = page(signed_in(people[0]), "studies", review)

    assert "both name NCT01564784" in shown
    assert f'value="{first.pk}"' in shown


def test_a_suggestion_turned_down_does_not_come_back(signed_in, review, people):
    reports = [included(review, people, title, abstract="NCT01564784") for title in ("Itch one", "Sleep two")]
    client = signed_in(people[0])

    client.post(reverse("screening:studies_apart", args=[review.slug]), {"reports": [r.pk for r in reports]})

    assert "seem to be one study" not in page(client, "studies", review)


def test_studies_that_share_their_authors_are_asked_about(signed_in, review, people):
    authors = ["Arden, P.", "Birch, Q.", "Cole, R."]
    studies = [
        create_study(
            review=review,
            label=label,
            by=people[0],
            reports=[included(review, people, label, authors=authors)],
        )
        for label in ("Early cohort", "Late cohort")
    ]
    client = signed_in(people[0])
    assert "may share participants" in page(client, "studies", review)

    client.post(reverse("screening:no_overlap", args=[review.slug]), {"studies": [s.pk for s in studies]})

    assert "may share participants" not in page(client, "studies", review)


def test_a_report_that_moves_leaves_no_empty_study_behind(review, people):
    one = create_study(review=review, label="One", reports=[included(review, people, "a")], by=people[0])
    two = create_study(review=review, label="Two", reports=[included(review, people, "b")], by=people[0])

    attach_reports(study=one, reports=list(two.reports.all()), by=people[0])

    assert list(Study.objects.filter(review=review)) == [one]
    assert one.reports.filter(is_primary=True).count() == 1


def test_a_judged_study_keeps_its_last_report(review, people):
    study = make_study(review, people)
    assess(study, people[0], "22222222")

    with pytest.raises(StudyRefused, match="judgements"):
        detach_report(report=study.reports.get(), by=people[0])


def test_a_changed_name_stays_in_the_audit_trail_and_must_be_free(review, people):
    study, other = make_study(review, people, "Arden 2019"), make_study(review, people, "Birch 2020")

    edit_study(study=study, label="Arden 2019a", registration="", note="", by=people[0])

    entry = AuditEntry.objects.get(review=review, act="study changed")
    assert entry.details["label"] == ["Arden 2019", "Arden 2019a"]
    with pytest.raises(StudyRefused, match="another study"):
        edit_study(study=other, label="Arden 2019a", registration="", note="", by=people[0])


def test_the_page_of_a_study_tells_its_numbers_judgements_overlaps_and_history(signed_in, review, people):
    agreed = make_agreed(review, people, "Arden 2019", 30, 40)
    other = make_study(review, people, "Birch 2020")
    mark_overlap(kept=agreed.study, left_out=other, reason="Same ward.", by=people[0])

    shown = page(signed_in(people[0]), "study", review, agreed.study.pk)

    for told in (
        "30/40",
        "Same ward.",
        "Reports grouped: “Report of Arden 2019”",
        "Data agreed",
        "Overlap marked",
    ):
        assert told in shown, told


def test_the_page_of_a_study_tells_nothing_of_what_one_person_extracted(signed_in, review, people):
    study = make_study(review, people)
    before = page(signed_in(people[1]), "study", review, study.pk)

    extract(study, people[0], 31, 47)

    after = page(signed_in(people[1]), "study", review, study.pk)
    assert "31/47" not in after
    assert after.count("<li>") == before.count("<li>")

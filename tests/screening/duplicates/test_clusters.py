"""What people do with clusters: versions, samples, choices, splitting, and the overlap of databases."""

import random

import pytest

from screening.duplicates.bulk import accept_rest, draw_sample, error_of, heads, next_in, unsure_from
from screening.duplicates.deduplication import (
    LinkRefused,
    choose_field,
    link_duplicates,
    mark_duplicate,
    settle_pair,
    split_off,
)
from screening.models import Citation, DuplicateLink, Record
from screening.recount import differences
from screening.searches.overlap import overlap_of
from screening.searches.upset import upset_svg

from ...makers import make_citation, make_review, make_search_run

pytestmark = pytest.mark.django_db
TITLE = "Zorifen for chronic itch in adults: a randomised trial of forty weeks"
PLACE = {"authors": ["Arden, P.", "Birch, Q."], "year": 2019, "journal": "Annals of Itch"}


def imported(review, titles, database="Embase", **fields):
    run = make_search_run(review, titles, database=database, **fields)
    link_duplicates(search_run=run)
    return list(run.records.all())


def fresh(record):
    return Record.objects.select_related("citation__representative").get(pk=record.pk)


def unsure_pairs(review, count):
    """Pairs of short titles a year apart: too little for a rule."""
    names = ["hand", "foot", "scalp", "back", "neck", "ear"][:count]
    titles = [f"Zorifen against severe {name} itch" for name in names]
    imported(review, titles, "PubMed", year=2019, authors=["Arden, P."])
    imported(review, titles, year=2020, authors=["Arden, P."])
    return DuplicateLink.objects.filter(review=review).awaiting_a_person()


def test_a_preprint_and_its_article_are_versions_and_both_are_screened():
    review = make_review()
    imported(review, [TITLE], "PubMed", **PLACE, volume="12", pages="101-110")
    preprint = PLACE | {"journal": "medRxiv", "year": 2018}

    imported(review, [TITLE], **preprint)

    assert DuplicateLink.objects.live().get().verdict == "version"
    assert review.citations.live().count() == 2


def test_a_bare_title_does_not_bring_two_different_papers_together():
    review = make_review()
    imported(review, [TITLE], "PubMed", **PLACE, pmid="30000001", volume="12", pages="101-110")
    imported(review, [TITLE], "Embase", year=2019, authors=["Arden, P.", "Birch, Q."])
    imported(review, [TITLE], "CENTRAL", **PLACE, pmid="30000002", volume="12", pages="300-309")

    of_papers = {fresh(record).citation_id for record in Record.objects.exclude(pmid="")}

    assert len(of_papers) == 2
    assert list(differences(review)) == []


def test_a_later_import_leaves_earlier_links_as_they_are():
    review = make_review()
    imported(review, [TITLE], "PubMed", **PLACE)
    imported(review, [TITLE], **PLACE)
    before = list(DuplicateLink.objects.values_list("pk", "verdict", "score"))

    imported(review, [TITLE + "."], "CENTRAL", **PLACE)

    assert list(DuplicateLink.objects.order_by("pk").values_list("pk", "verdict", "score"))[:1] == before
    assert review.citations.live().count() == 1


def test_what_a_person_marks_while_screening_joins_the_two_citations():
    review = make_review()
    copy, original = make_citation(review, "Itch treated"), make_citation(review, "Treatment of itching")

    mark_duplicate(citation=copy, original=original, person=review.created_by)

    assert review.citations.live().count() == 1
    with pytest.raises(LinkRefused, match="one citation already"):
        mark_duplicate(
            citation=Citation.objects.get(pk=copy.pk),
            original=Citation.objects.get(pk=original.pk),
            person=review.created_by,
        )


def test_each_field_is_shown_from_its_best_record_and_a_choice_goes_before():
    review = make_review()
    (first,) = imported(review, [TITLE], "PubMed", **PLACE, pmid="30000001", abstract="Itch is common.")
    (second,) = imported(review, [TITLE], **PLACE, doi="10.1000/itch.1", abstract="Itch is common. We tried.")

    shown = fresh(first).citation.shown
    assert (shown.pmid, shown.doi, shown.abstract) == ("30000001", "10.1000/itch.1", second.abstract)

    choose_field(record=first, field="abstract", person=review.created_by)
    assert fresh(first).citation.shown.abstract == first.abstract
    with pytest.raises(LinkRefused, match="nothing to show"):
        choose_field(record=second, field="pmid", person=review.created_by)


def test_a_record_taken_out_stands_alone_until_a_person_says_otherwise():
    review = make_review()
    (first,) = imported(review, [TITLE], "PubMed", **PLACE)
    (second,) = imported(review, [TITLE], **PLACE)

    split_off(record=second, person=review.created_by)
    assert fresh(first).citation_id != fresh(second).citation_id

    settle_pair(first=first, second=second, verdict="same", person=review.created_by)
    assert fresh(first).citation_id == fresh(second).citation_id
    assert list(differences(review)) == []


def test_the_rest_is_accepted_only_after_the_whole_sample_was_looked_at():
    review = make_review()
    unsure = unsure_pairs(review, 5)
    assert unsure.count() == 5
    sample = draw_sample(
        review=review, threshold=0.0, person=review.created_by, size=3, dice=random.Random(1)
    )
    with pytest.raises(LinkRefused, match="every pair of the sample"):
        accept_rest(sample=sample, person=review.created_by)

    for _ in range(3):
        link = next_in(sample)
        settle_pair(first=link.first, second=link.second, verdict="same", person=review.created_by)

    assert accept_rest(sample=sample, person=review.created_by) == 2
    assert not unsure_from(review, 0.0).exists()
    assert review.citations.live().count() == 5
    assert list(differences(review)) == []


def test_the_error_of_a_sample_has_the_exact_interval():
    review = make_review()
    unsure_pairs(review, 5)
    sample = draw_sample(review=review, threshold=0.0, person=review.created_by)

    for number, link in enumerate(heads(sample)):
        verdict = "different" if number == 0 else "same"
        settle_pair(first=link.first, second=link.second, verdict=verdict, person=review.created_by)

    error = error_of(sample)
    # R 4.2.2: binom.test(1, 5)$conf.int is 0.005050763 0.716417936
    assert (error.checked, error.wrong) == (5, 1)
    assert error.low == pytest.approx(0.005050763, abs=1e-8)
    assert error.high == pytest.approx(0.716417936, abs=1e-8)


def test_overlap_counts_citations_and_what_each_database_alone_brought():
    review = make_review()
    imported(review, [TITLE, "A paper that only PubMed has found"], "PubMed", **PLACE)
    imported(review, [TITLE], "Embase", **PLACE)

    found = overlap_of(review)

    told = [(each.database, each.records, each.citations, each.alone) for each in found.databases]
    assert told == [("PubMed", 2, 2, 1), ("Embase", 1, 1, 0)]
    assert found.combinations == ((("PubMed",), 1), (("PubMed", "Embase"), 1))
    assert found.citations == 2


def test_the_picture_escapes_names_and_has_a_bar_a_combination():
    picture = upset_svg([("<b>&", 3), ("Embase", 2)], [(("<b>&",), 2), (("<b>&", "Embase"), 1)])

    assert "<b>" not in picture
    assert picture.count("<circle") == 4
    assert picture.count("<line") == 1


def test_the_pages_of_clusters_samples_and_overlap_say_what_the_rules_hold(client):
    review = make_review()
    client.force_login(review.created_by)
    (first,) = imported(review, [TITLE], "PubMed", **PLACE)
    imported(review, [TITLE], **PLACE, doi="10.1000/itch.1")
    unsure_pairs(review, 3)
    base = f"/reviews/{review.slug}/duplicates/"

    cluster = client.get(f"{base}citations/{fresh(first).citation_id}/").content.decode()
    drawn = client.post(f"{base}samples/draw/", {"threshold": "0.26"}, follow=True).content.decode()
    refused = client.post(f"{base}samples/draw/", {"threshold": "much"}, follow=True).content.decode()
    overlap = client.get(f"{base}overlap/").content.decode()

    assert "10.1000/itch.1" in cluster
    assert "Take out" in cluster
    assert "3 pairs, drawn at random" in drawn
    assert "number from 0 to 1" in refused
    assert "<svg" in overlap

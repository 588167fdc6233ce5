"""Labels that a team shares, and the discussion of a citation: each blind as long as its citation is."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviewsite.reviews.models import AuditEntry
from screening.citations.labels import labels_on, make_label, put_on, retire_label, take_off
from screening.duplicates.deduplication import mark_duplicate
from screening.models import Citation, Decision, DuplicateLink, Labelling
from screening.room.discussion import CommentRefused, add_comment, comments_on

from ...makers import decide, make_citation, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
STAGE = "title_abstract"


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


@pytest.fixture
def ben(review):
    return make_member(review, name="Ben")


@pytest.fixture
def label(review, anna):
    return make_label(review=review, name="Check the dose", by=anna)


def names(citation, viewer):
    return [label.name for label in labels_on([citation], viewer).get(citation.pk, [])]


def test_a_label_is_ones_own_until_the_citation_has_its_decisions(review, anna, ben, label):
    citation = make_citation(review)

    put_on(label=label, citation=citation, by=anna)

    assert names(citation, anna) == ["Check the dose"]
    assert names(citation, ben) == []
    decide(citation, anna, "include")
    assert names(citation, ben) == []
    decide(citation, ben, "include")
    assert names(Citation.objects.get(pk=citation.pk), ben) == ["Check the dose"]


def test_a_blind_label_is_on_no_page_list_count_or_file_of_a_colleague(client, review, anna, ben, label):
    citation = make_citation(review)
    client.force_login(ben)
    paths = (
        f"citations/{citation.pk}/",
        "labels/",
        "labels/export.csv",
        f"citations/?label={label.pk}",
        f"screen/{STAGE}/cards/?citation={citation.pk}",
    )

    def seen():
        return [
            client.get(f"/reviews/{review.slug}/{path}").content.count(b"Check the dose") for path in paths
        ]

    before = seen()
    put_on(label=label, citation=citation, by=anna)

    assert seen() == before
    assert (
        f"citations/{citation.pk}/".encode() not in client.get(f"/reviews/{review.slug}/{paths[3]}").content
    )


def test_both_may_put_the_same_label_on_and_one_takes_off_only_what_they_see(review, anna, ben, label):
    citation = make_citation(review)
    for person in (anna, ben, ben):
        put_on(label=label, citation=citation, by=person)

    take_off(label=label, citation=citation, by=ben)

    assert Labelling.objects.standing().get().put_by == anna
    assert Labelling.objects.count() == 2


def test_a_name_is_one_label_whatever_its_case_and_a_retired_one_comes_back(review, anna, label):
    retire_label(label=label, by=review.created_by)
    assert not review.labels.offered()

    assert make_label(review=review, name="  check THE dose ", by=anna) == label
    assert review.labels.offered().get() == label


def test_the_room_posts_labels_with_its_other_acts(client, review, anna):
    citation = make_citation(review)
    client.force_login(anna)
    acts = [
        {"uuid": str(uuid.uuid4()), "kind": "label", "citation": citation.pk, "name": name, "on": on}
        for name, on in (("Background", True), ("Protocol", True), ("Background", False), ("", True))
    ]

    url = f"/reviews/{review.slug}/screen/{STAGE}/acts/"
    answer = client.post(url, {"reviewer": anna.pk, "acts": acts}, content_type="application/json").json()

    assert [told["outcome"] for told in answer["answers"]] == ["stored", "stored", "stored", "refused"]
    assert names(citation, anna) == ["Protocol"]


def test_a_file_of_labels_names_citations_and_says_which_rows_it_could_not_use(client, review, anna):
    make_search_run(review, ["One trial"], pmid="11", doi="10.1/One")
    make_search_run(review, ["A twin"])
    make_search_run(review, ["A twin"])
    client.force_login(anna)
    rows = ("labels,pmid,doi,title", "Dose; Adults,11,,", "Dose,,https://doi.org/10.1/ONE,")
    table = "\n".join((*rows, "Dose,,,a twin.", "Dose,,,", ",11,,"))
    file = SimpleUploadedFile("labels.csv", table.encode())

    answer = client.post(f"/reviews/{review.slug}/labels/import/", {"file": file})

    read = answer.context["read"]
    assert read.put == 2
    assert read.problems == [
        (4, "title “a twin” is that of 2 citations in this review."),
        (5, "The row names no citation."),
    ]
    assert AuditEntry.objects.filter(act="labels read from a file").get().details == {"put": 2, "problems": 2}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"title,colour\nA,red\n", "must name the columns"), (b"label\xff\n", "UTF-8")],
)
def test_a_file_that_is_no_table_of_labels_is_refused_in_words(client, review, anna, content, said):
    client.force_login(anna)

    answer = client.post(
        f"/reviews/{review.slug}/labels/import/", {"file": SimpleUploadedFile("x.csv", content)}
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_is_exported_can_be_read_into_the_review_again(client, review, anna, label):
    citation = make_citation(review)
    put_on(label=label, citation=citation, by=anna)
    client.force_login(anna)
    file = client.get(f"/reviews/{review.slug}/labels/export.csv").content
    take_off(label=label, citation=citation, by=anna)

    client.post(f"/reviews/{review.slug}/labels/import/", {"file": SimpleUploadedFile("x.csv", file)})

    assert names(citation, anna) == ["Check the dose"]


def test_the_discussion_opens_with_the_decisions_and_closes_when_they_are_taken_back(review, anna, ben):
    citation = make_citation(review)
    decide(citation, anna, "include")
    with pytest.raises(CommentRefused, match="opens once"):
        add_comment(citation=citation, stage=STAGE, author=anna, text="Look at the dose.")

    decide(citation, ben, "exclude")
    citation = Citation.objects.get(pk=citation.pk)
    add_comment(citation=citation, stage=STAGE, author=anna, text="Look at the dose.")
    assert [comment.text for comment in comments_on(citation, STAGE)] == ["Look at the dose."]

    from screening.deciding.decisions import withdraw

    withdraw(decision=Decision.objects.get(reviewer=ben), by=ben)
    assert comments_on(Citation.objects.get(pk=citation.pk), STAGE) == []


def test_a_citation_is_named_a_copy_of_another(client, review, anna):
    make_search_run(review, ["Zorifen for itch in adults"], doi="10.1/zorifen")
    copy = make_citation(review, "Zorifen treatment of itching adults")
    other = Citation.objects.get(representative__doi="10.1/zorifen")
    client.force_login(anna)
    url = f"/reviews/{review.slug}/citations/{copy.pk}/duplicate/"

    for text in ("zorifen adults", "10.1/zorifen", "https://doi.org/10.1/zorifen"):
        assert [found.pk for found in client.get(url, {"text": text}).context["found"]] == [other.pk]
    client.post(url, {"of": other.pk})

    assert review.citations.live().count() == 1


def test_a_copy_named_twice_is_one_citation_already(client, review, anna):
    copy, other = make_citation(review, "Zorifen in adults"), make_citation(review, "Zorifen for itch")
    mark_duplicate(citation=copy, original=other, person=anna)
    client.force_login(anna)

    # From a page that was open before the two became one.
    for first, second in ((copy, other), (other, copy)):
        url = f"/reviews/{review.slug}/citations/{first.pk}/duplicate/"
        answer = client.post(url, {"of": second.pk}, follow=True)

    assert "one citation already" in answer.content.decode()
    assert DuplicateLink.objects.count() == 1

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.deciding.conclusions import Conclusion
from screening.duplicates.deduplication import LinkRefused, link_duplicates, settle_pair
from screening.models import Citation, DuplicateLink, Record
from screening.recount import differences
from screening.room.queue import awaiting

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TITLE = "Zorifen for chronic itch in adults: a randomised trial of forty weeks"


def two_copies(review, **fields):
    """The same article from two databases, linked by the rules."""
    fields = {"authors": ["Arden, P."], "year": 2019, "journal": "Annals of Itch", **fields}
    first = make_search_run(review, [TITLE], **fields).records.get()
    run = make_search_run(review, [TITLE + "."], database="Embase", **fields)
    link_duplicates(search_run=run)
    return first, run.records.get()


def fresh(record):
    return Record.objects.select_related("citation__representative").get(pk=record.pk)


def test_copies_share_the_citation_of_the_first_and_nothing_is_deleted():
    first, second = two_copies(make_review())

    assert fresh(second).citation == fresh(first).citation == first.citation
    assert Record.objects.count() == Citation.objects.count() == 2
    link = DuplicateLink.objects.live().get()
    assert (link.verdict, link.decided_by) == ("same", None)
    assert link.rule
    assert link.evidence


def told_apart(link, person):
    settle_pair(first=link.first, second=link.second, verdict="different", person=person)


def test_undoing_a_link_brings_the_second_citation_back():
    review = make_review()
    first, second = two_copies(review)

    told_apart(DuplicateLink.objects.live().get(), person=review.created_by)

    assert fresh(second).citation == second.founded_citation != fresh(first).citation
    assert list(differences(review)) == []


def test_comparing_again_leaves_a_persons_word_alone():
    review = make_review()
    _, second = two_copies(review)
    told_apart(DuplicateLink.objects.live().get(), person=review.created_by)

    assert link_duplicates(search_run=second.search_run) == 0
    assert fresh(second).citation == second.founded_citation


def test_decisions_on_both_copies_come_together_and_apart_again():
    review = make_review()
    anna, ben = make_member(review), make_member(review)
    first = make_search_run(review, ["One title here"]).records.get()
    second = make_search_run(review, ["Quite another title"]).records.get()
    decide(first.citation, anna, "include")
    decide(second.citation, ben, "exclude")

    link = settle_pair(first=first, second=second, verdict="same", person=review.created_by)
    merged = fresh(first).citation
    assert merged == fresh(second).citation
    assert Conclusion(merged.title_abstract_state) is Conclusion.CONFLICT

    told_apart(link, person=review.created_by)
    states = [fresh(record).citation.title_abstract_state for record in (first, second)]
    assert states == [Conclusion.UNDECIDED, Conclusion.UNDECIDED]
    assert list(differences(review)) == []


def test_a_copy_of_a_screened_citation_needs_no_new_screening():
    review = make_review(decisions=1)
    fields = {"authors": ["Arden, P."], "year": 2019, "journal": "Annals of Itch"}
    first = make_search_run(review, [TITLE], **fields).records.get()
    decide(first.citation, review.created_by, "include")

    run = make_search_run(review, [TITLE], database="Embase", **fields)
    link_duplicates(search_run=run)

    assert run.records.get().citation.title_abstract_state == Conclusion.INCLUDED
    assert awaiting(review, review.created_by, "title_abstract").count() == 0


def test_a_record_is_no_pair_with_itself_or_with_another_reviews():
    first = make_search_run(make_review(), ["A"]).records.get()
    other = make_search_run(make_review(), ["A"]).records.get()

    for second in (first, other):
        with pytest.raises(LinkRefused):
            settle_pair(first=first, second=second, verdict="same", person=first.review.created_by)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_after_any_history_the_stored_states_are_what_the_rows_come_to(data):
    review = make_review()
    people = [make_member(review), make_member(review)]
    run = make_search_run(review, [f"Title number {n}" for n in range(4)])
    records = list(run.records.all())
    for _ in range(data.draw(st.integers(1, 10))):
        if data.draw(st.booleans()):
            pair = data.draw(
                st.lists(st.sampled_from(records), min_size=2, max_size=2, unique_by=lambda r: r.pk)
            )
            verdict = data.draw(st.sampled_from(["same", "different"]))
            settle_pair(first=pair[0], second=pair[1], verdict=verdict, person=review.created_by)
        else:
            citation = fresh(data.draw(st.sampled_from(records))).citation
            person = data.draw(st.sampled_from(people))
            if awaiting(review, person, "title_abstract").filter(pk=citation.pk).exists():
                decide(citation, person, data.draw(st.sampled_from(["include", "maybe", "exclude"])))

        assert list(differences(review)) == []

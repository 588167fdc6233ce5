"""Decisions that came with a file of Rayyan or Covidence become votes."""

from __future__ import annotations

import pytest

from reviewsite.reviews.models import Job, Stage
from screening.importers.decided import decided_in
from screening.models import Decision, Label, SearchRun
from screening.recount import differences
from screening.searches.moving import MoveRefused, ask_to_move, found_in

from ...makers import make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
# The layout of the notes column that Rayyan's help page describes; names and words are invented.
NOTES = (
    'Kept from before | RAYYAN-INCLUSION: {"Ada"=>"Included", "Bob \\"B\\" Bee"=>"Excluded"}'
    " | RAYYAN-LABELS: RCT,Dose | RAYYAN-EXCLUSION-REASONS: wrong population"
    ' | USER-NOTES: {"Ada"=>["Looks fine, \\"really\\""]}'
)


@pytest.fixture
def review():
    return make_review()


def run_with(review, *extras):
    run = make_search_run(review, [f"Trial {n}" for n in range(len(extras))], database="Rayyan")
    for record, extra in zip(run.records.order_by("position"), extras, strict=True):
        record.extra = extra
        record.save()
    return SearchRun.objects.select_related("review__protocol").get(pk=run.pk)


def test_rayyans_notes_are_read_part_by_part():
    decided = decided_in({"notes": [NOTES]})

    assert decided.verdicts == {"Ada": "include", 'Bob "B" Bee': "exclude"}
    assert decided.labels == ("RCT", "Dose")
    assert decided.reasons == ("wrong population",)
    assert decided.notes == {"Ada": ('Looks fine, "really"',)}


def test_covidence_is_known_by_its_number_and_names_nobody():
    decided = decided_in(
        {"Covidence #": ["#12"], "notes": ["Exclusion reason: Wrong study design; "], "Tags": ["SRH"]}
    )

    assert (decided.tool, decided.verdicts) == ("Covidence", {})
    assert decided.reasons == ("Wrong study design",)
    assert decided.labels == ("SRH",)


def test_a_file_of_another_tool_has_no_decisions(review):
    assert decided_in({"notes": ["RAY said it was included"]}) is None
    assert found_in(run_with(review, {"notes": ["nothing"]})).tool == ""


def test_rayyans_verdicts_become_votes_of_the_named_members(review, django_capture_on_commit_callbacks):
    ada, bob = make_member(review, name="Ada A"), make_member(review, name="Bob B")
    run = run_with(review, {"notes": [NOTES]}, {"notes": ['RAYYAN-INCLUSION: {"Ada"=>"Included"}']})
    people = {"Ada": ada, 'Bob "B" Bee': bob}

    with django_capture_on_commit_callbacks(execute=True):
        job = ask_to_move(run=run, stage=Stage.TITLE_ABSTRACT, holds="", people=people, by=review.created_by)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    first, second = review.citations.order_by("pk")
    assert [first.title_abstract_state, second.title_abstract_state] == ["conflict", "undecided"]
    vote = Decision.objects.get(citation=first, reviewer=ada)
    assert vote.note == 'Decided in Rayyan as Ada. Looks fine, "really"'
    assert Decision.objects.get(citation=first, reviewer=bob).reason.label.lower() == "wrong population"
    assert set(Label.objects.filter(review=review).values_list("name", flat=True)) == {"RCT", "Dose"}
    assert list(differences(review)) == []


def test_taking_over_twice_changes_nothing(review, django_capture_on_commit_callbacks):
    ada = make_member(review)
    run = run_with(review, {"notes": [NOTES]})

    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            ask_to_move(run=run, stage="title_abstract", holds="", people={"Ada": ada}, by=review.created_by)

    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("holds", "abstract", "full_text"),
    [
        ("irrelevant", "excluded", "undecided"),
        ("full_text", "included", "undecided"),
        ("excluded", "included", "excluded"),
        ("included", "included", "included"),
    ],
)
def test_covidences_agreed_verdicts_conclude_what_the_file_holds(
    review, django_capture_on_commit_callbacks, holds, abstract, full_text
):
    ada, bob = make_member(review), make_member(review)
    run = run_with(review, {"Covidence #": ["#1"], "notes": ["Exclusion reason: Wrong dose;"]})
    people = {"First reviewer": ada, "Second reviewer": bob}

    with django_capture_on_commit_callbacks(execute=True):
        ask_to_move(run=run, stage="", holds=holds, people=people, by=review.created_by)

    citation = review.citations.get()
    assert (citation.title_abstract_state, citation.full_text_state) == (abstract, full_text)
    if holds == "excluded":
        assert Decision.objects.filter(stage="full_text", reason__label="Wrong dose").count() == 2
    assert list(differences(review)) == []


def test_one_member_cannot_be_two_people(review):
    ada = make_member(review)
    run = run_with(review, {"notes": [NOTES]})

    with pytest.raises(MoveRefused, match="one vote"):
        ask_to_move(
            run=run, stage="title_abstract", holds="", people={"Ada": ada, "Bob": ada}, by=review.created_by
        )


def test_only_members_who_screen_get_votes(review):
    viewer = make_member(review, "viewer")
    run = run_with(review, {"notes": [NOTES]})

    with pytest.raises(MoveRefused, match="members who screen"):
        ask_to_move(run=run, stage="title_abstract", holds="", people={"Ada": viewer}, by=review.created_by)


def test_the_owner_takes_them_over_on_a_page(client, review, django_capture_on_commit_callbacks):
    ada = make_member(review)
    run = run_with(review, {"notes": [NOTES]})
    address = f"/reviews/{review.slug}/searches/{run.pk}/decisions/"
    client.force_login(ada)
    assert client.get(address).status_code == 403
    client.force_login(review.created_by)

    assert "Take them over" in client.get(f"/reviews/{review.slug}/searches/{run.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "Bob &quot;B&quot; Bee: 1 decision\n" in page or "Bob &quot;B&quot; Bee: 1 decision<" in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"stage": "title_abstract", "person-0": ada.pk})

    assert answer.status_code == 302
    assert Decision.objects.get().reviewer == ada

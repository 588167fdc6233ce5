"""How much the screening pages ask of the database: bounded, and not more with ten times the citations."""

import pytest

from reviewsite.reviews.models import Stage
from screening.citations.labels import make_label, put_on
from screening.models import Citation
from screening.order.reading_order import change_plan
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import Place, main_round, open_round, override_gate

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT
SIZES = [30, 300]
# What every request asks for: who it is, and whether they are a member.
MOST = 12


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


@pytest.fixture
def room(review):
    return f"/reviews/{review.slug}/screen/title_abstract/"


@pytest.fixture
def asks_at_most(client, django_assert_max_num_queries, anna):
    client.force_login(anna)

    def check(most, address):
        with django_assert_max_num_queries(most):
            answer = client.get(address)
        assert answer.status_code == 200
        return answer

    return check


def fill(review, number):
    """Citations with labels and with votes of a colleague and of Anna, as in the middle of the work."""
    make_search_run(review, [f"Trial number {n}" for n in range(number)], abstract="Forty adults.")
    anna, ben = review.memberships.get(user__name="Anna").user, make_member(review, name="Ben")
    label = make_label(review=review, name="Background", by=anna)
    for n, citation in enumerate(Citation.objects.filter(review=review)[: number // 3]):
        if n % 2:
            put_on(label=label, citation=citation, by=anna)
        if n % 3 == 0:
            decide(citation, anna, "include")
        if n % 4 == 0:
            decide(citation, ben, "exclude")


@pytest.mark.parametrize("number", SIZES)
@pytest.mark.parametrize("order", ["imported", "ranked"])
def test_the_queue_page_asks_little_however_many_citations_there_are(
    review, anna, room, asks_at_most, number, order
):
    fill(review, number)
    change_plan(review=review, by=review.created_by, reason="Agreed.", order=order)

    first = asks_at_most(MOST, room)
    assert len(first.context["cards"]) == 11
    assert first.context["cards"][0][2] or first.context["cards"][1][2]
    wanted = first.context["cards"][5][0].pk
    assert asks_at_most(MOST, f"{room}?citation={wanted}").context["citation"].pk == wanted
    asks_at_most(MOST, f"{room}cards/?counts=1&held={wanted}")


@pytest.mark.parametrize("number", SIZES)
def test_with_a_pilot_experts_and_targets_it_asks_for_three_things_more(
    review, anna, room, asks_at_most, number
):
    fill(review, number)
    ben = review.memberships.get(user__name="Ben").user
    people = [Place(anna.pk, is_expert=True, target=number), Place(ben.pk, target=number)]
    choice = Choice(How.RANDOM, n=10, seed=1)
    pilot = open_round(
        review=review,
        stage=TA,
        by=review.created_by,
        kind="pilot",
        name="Pilot",
        choice=choice,
        people=people,
        needs_expert=True,
    )
    override_gate(round=pilot, by=review.created_by, reason="Discussed.")
    main_round(review=review, stage=TA, by=review.created_by)

    # The rounds, their people, and how much of her target she has done.
    assert asks_at_most(MOST + 3, room).context["citation"]
    asks_at_most(MOST + 3, f"{room}cards/?counts=1")


@pytest.mark.parametrize("number", SIZES)
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?text=trial",
        "?text=trial+adults+number",
        "?database=PubMed",
        "?year_from=1990&abstract=yes",
        "?title_abstract=undecided&mine=title_abstract:none",
        "?page=2",
    ],
)
def test_a_list_asks_little_however_it_is_narrowed(review, asks_at_most, number, query):
    fill(review, number)

    asks_at_most(MOST, f"/reviews/{review.slug}/citations/{query}")


@pytest.mark.parametrize("number", SIZES)
def test_the_team_page_asks_the_same_with_more_citations(review, anna, asks_at_most, number):
    fill(review, number)

    asks_at_most(24, f"/reviews/{review.slug}/team/")


@pytest.mark.parametrize("number", SIZES)
def test_the_conflict_screen_asks_the_same_with_more_citations(
    client, review, anna, django_assert_max_num_queries, number
):
    fill(review, number)
    client.force_login(review.created_by)

    with django_assert_max_num_queries(20):
        assert client.get(f"/reviews/{review.slug}/conflicts/title_abstract/").context["case"]

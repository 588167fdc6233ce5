from hypothesis import given
from hypothesis import strategies as st

from screening.rounds.shares import Part, open_shares


def test_open_votes_are_shared_evenly():
    people = [Part(1, done=0, able=50), Part(2, done=7, able=50), Part(3, done=3, able=50)]

    assert open_shares(10, people) == {1: 4, 2: 3, 3: 3}


def test_nobody_is_given_more_than_their_target_while_others_have_room():
    shares = open_shares(100, [Part(1, done=15, able=100, target=20), Part(2, done=0, able=100)])

    assert shares == {1: 5, 2: 95}


def test_what_no_target_has_room_for_falls_to_everybody():
    people = [Part(1, done=20, able=30, target=20), Part(2, done=10, able=30, target=20)]

    assert open_shares(30, people) == {1: 10, 2: 20}


def test_nobody_is_given_a_citation_they_have_voted_on():
    assert open_shares(16, [Part(1, done=54, able=4), Part(2, done=46, able=12)]) == {1: 4, 2: 12}


parts = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 300), st.one_of(st.none(), st.integers(0, 60))),
    min_size=1,
    max_size=6,
).map(lambda rows: [Part(n, done, able, target) for n, (done, able, target) in enumerate(rows)])


@given(st.integers(0, 500), parts)
def test_no_vote_is_stranded_that_anybody_can_give_and_none_is_made_up(votes_open, people):
    shares = open_shares(votes_open, people)

    assert sum(shares.values()) == min(votes_open, sum(part.able for part in people))
    assert all(0 <= shares[part.person] <= part.able for part in people)


@given(st.integers(0, 500), parts)
def test_targets_are_only_passed_when_nobody_has_room_left(votes_open, people):
    shares = open_shares(votes_open, people)

    over = any(shares[part.person] > part.wanted for part in people)
    has_room = any(shares[part.person] < part.wanted for part in people)
    assert not (over and has_room)

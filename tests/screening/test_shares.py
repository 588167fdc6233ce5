from hypothesis import given
from hypothesis import strategies as st

from screening.shares import Part, open_shares


def test_open_votes_are_shared_evenly():
    assert open_shares(10, [Part(1, done=0), Part(2, done=7), Part(3, done=3)]) == {1: 4, 2: 3, 3: 3}


def test_nobody_is_given_more_than_their_target_while_others_have_room():
    shares = open_shares(100, [Part(1, done=15, target=20), Part(2, done=0)])

    assert shares == {1: 5, 2: 95}


def test_what_no_target_has_room_for_falls_to_everybody():
    shares = open_shares(30, [Part(1, done=20, target=20), Part(2, done=10, target=20)])

    assert shares == {1: 10, 2: 20}


parts = st.lists(
    st.tuples(st.integers(0, 50), st.one_of(st.none(), st.integers(0, 60))), min_size=1, max_size=6
).map(lambda rows: [Part(n, done, target) for n, (done, target) in enumerate(rows)])


@given(st.integers(0, 500), parts)
def test_no_vote_is_stranded_and_none_is_made_up(votes_open, people):
    shares = open_shares(votes_open, people)

    assert sum(shares.values()) == votes_open
    assert all(share >= 0 for share in shares.values())


@given(st.integers(0, 500), parts)
def test_targets_are_only_passed_when_nobody_has_room_left(votes_open, people):
    shares = open_shares(votes_open, people)

    over = any(part.room is not None and shares[part.person] > part.room for part in people)
    has_room = any(part.room is None or shares[part.person] < part.room for part in people)
    assert not (over and has_room)

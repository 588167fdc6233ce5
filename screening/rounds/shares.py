"""How the votes that a round still needs fall to the people in it: a pure rule, computed whenever asked.

Nothing is handed out in advance, so nothing has to be taken back when somebody leaves: the next computation
simply has fewer people in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part so far: votes given, and how many they want to give at most (None: any number).

    able: on how many of the open citations they have not voted yet; no rule makes anybody vote twice.
    """

    person: int
    done: int
    able: int
    target: int | None = None

    @property
    def wanted(self) -> int:
        return self.able if self.target is None else min(self.able, max(0, self.target - self.done))


def open_shares(votes_open: int, parts: Sequence[Part]) -> dict[int, int]:
    """How many of the open votes fall to each person, as even as their targets allow.

    What no target has room for is shared out evenly all the same: work left over is nobody's only on paper.
    Votes that nobody is able to give are in no share.
    """
    shares = {part.person: 0 for part in parts}
    left = _pour(votes_open, shares, {part.person: part.wanted for part in parts})
    _pour(left, shares, {part.person: part.able for part in parts})
    return shares


def _pour(votes: int, shares: dict[int, int], most: Mapping[int, int]) -> int:
    """Fill the shares evenly up to what each person gives at most; returns what is left over."""
    takers = [person for person in shares if shares[person] < most[person]]
    while votes and takers:
        each, more = divmod(votes, len(takers))
        for place, person in enumerate(takers):
            given = min(each + (place < more), most[person] - shares[person])
            shares[person] += given
            votes -= given
        takers = [person for person in takers if shares[person] < most[person]]
    return votes

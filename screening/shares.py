"""How the votes that a round still needs fall to the people in it: a pure rule, computed whenever asked.

Nothing is handed out in advance, so nothing has to be taken back when somebody leaves: the next computation
simply has fewer people in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part so far: votes given, and how many they want to give at most (None: any number)."""

    person: int
    done: int
    target: int | None = None

    @property
    def room(self) -> int | None:
        return None if self.target is None else max(0, self.target - self.done)


def open_shares(votes_open: int, parts: Sequence[Part]) -> dict[int, int]:
    """How many of the open votes fall to each person, as even as their targets allow.

    What no target has room for is shared out evenly all the same: work left over is nobody's only on paper.
    """
    shares = {part.person: 0 for part in parts}
    left = votes_open
    takers = [part for part in parts if part.room != 0]
    while left and takers:
        each, more = divmod(left, len(takers))
        for place, part in enumerate(takers):
            wanted = each + (place < more)
            room = None if part.room is None else part.room - shares[part.person]
            given = wanted if room is None else min(wanted, room)
            shares[part.person] += given
            left -= given
        takers = [part for part in takers if part.room is None or shares[part.person] < part.room]
    for place, part in enumerate(parts):
        each, more = divmod(left, len(parts))
        shares[part.person] += each + (place < more)
    return shares

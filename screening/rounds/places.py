"""Where citations lie among the rounds of a stage, for reads over all rounds at once.

Only what was put into a round is read one by one; of the round that takes the rest the database counts all,
and what lies in the others is taken off.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from ..models import RoundCitation
from .participation import RoundAt


class Places:
    """Which of the given rounds of one stage a citation is in, by their positions in the list.

    With the round that takes the rest, all others have to be given as well.
    """

    def __init__(self, rounds: Sequence[RoundAt]) -> None:
        number = {
            each.round.pk: at for at, each in enumerate(rounds) if each.round and not each.takes_the_rest
        }
        self.size = len(rounds)
        self.rest = [at for at, each in enumerate(rounds) if each.takes_the_rest]
        self.rows = RoundCitation.objects.filter(round__in=list(number)).order_by()
        self.by_citation: dict[int, set[int]] = defaultdict(set)
        if number:
            for citation, round in self.rows.live_with_round():
                self.by_citation[citation].add(number[round])

    def of(self, citation: int) -> set[int]:
        return self.by_citation.get(citation) or set(self.rest)

    def counted(self, rows: QuerySet[Any], key: str, value: str) -> list[Counter[Any]]:
        """For each round, how many citations there are to each value; `key` names a row's citation."""
        found: list[Counter[Any]] = [Counter() for _ in range(self.size)]
        for at in self.rest:
            found[at].update(dict(rows.values_list(value).annotate(n=Count(key, distinct=True))))
        if self.by_citation:
            placed = rows.filter(**{f"{key}__in": self.rows.live()})
            for citation, told in placed.values_list(key, value).distinct():
                for at in self.rest:
                    found[at][told] -= 1
                for at in self.of(citation):
                    found[at][told] += 1
        # Without what came to nothing.
        return [+each for each in found]

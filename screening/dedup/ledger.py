"""What speaks for and against many pairs at once, added up, and told for one pair when asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from .columns import Flags, Numbers
from .records import Evidence

Detail = Callable[[int], str]
# Evidence worth less than this, either way, is not worth a line.
WORTH_TELLING = 0.25


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of evidence: for which pairs it holds, what it weighs there, and its words."""

    name: str
    holds: Flags
    weight: Numbers
    detail: Detail


@dataclass(slots=True)
class Ledger:
    """The sum of the evidence on each of `size` pairs; `named` finds an entry's pairs by its name."""

    size: int
    total: Numbers = field(init=False)
    entries: list[Entry] = field(init=False, default_factory=list)
    named: dict[str, Flags] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.total = np.zeros(self.size)

    def add(self, name: str, holds: Flags, weight: float | Numbers, detail: Detail = lambda _: "") -> None:
        weights = np.where(holds, weight, 0.0)
        self.total += weights
        self.entries.append(Entry(name, holds, weights, detail))
        self.named[name] = holds

    def add_details(self, name: str, details: Mapping[int, str], weight: float) -> None:
        """Evidence that was found pair by pair, with its words."""
        holds = np.zeros(self.size, np.bool_)
        holds[list(details)] = True
        self.add(name, holds, weight, lambda n: details.get(n, ""))

    def any_of(self, names: frozenset[str]) -> Flags:
        holds = np.zeros(self.size, np.bool_)
        for name in names & self.named.keys():
            holds |= self.named[name]
        return holds

    def told(self, n: int) -> tuple[Evidence, ...]:
        """The evidence on one pair, the weightiest first."""
        found = [
            Evidence(entry.name, bool(entry.weight[n] > 0), entry.detail(n), round(float(entry.weight[n]), 1))
            for entry in self.entries
            if entry.holds[n] and abs(entry.weight[n]) >= WORTH_TELLING
        ]
        return tuple(sorted(found, key=lambda each: -abs(each.weight)))

"""Random studies of each kind, and the shape of a case."""

from collections.abc import Mapping
from typing import Any

import numpy as np

Table = dict[str, list[Any]]
Case = dict[str, Any]
ESTIMATORS = ("DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM")
TESTS = ("z", "t", "knha", "adhoc")


class Maker:
    """Random studies of each kind, from one generator."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def general(self, k: int, tau: float) -> Table:
        v = np.exp(self.random.uniform(-4, 0, k))
        y = self.random.normal(0.3, np.sqrt(v + tau**2))
        return {"yi": y.round(4).tolist(), "vi": v.round(5).tolist()}

    def tables(self, k: int, risk: float, ratio: float = 0.7) -> Table:
        n1, n2 = (self.random.integers(10, 400, k) for _ in range(2))
        own = np.clip(risk * np.exp(self.random.normal(0, 0.4, k)), 0, 0.9)
        a, c = self.random.binomial(n1, own * ratio), self.random.binomial(n2, own)
        return {"ai": a.tolist(), "n1i": n1.tolist(), "ci": c.tolist(), "n2i": n2.tolist()}

    def proportions(self, k: int, share: float, spread: float = 0.7) -> Table:
        n = self.random.integers(8, 300, k)
        logit = np.log(share / (1 - share)) + self.random.normal(0, spread, k)
        return {"xi": self.random.binomial(n, 1 / (1 + np.exp(-logit))).tolist(), "ni": n.tolist()}

    def rates(self, k: int, rate: float) -> Table:
        t1, t2 = (self.random.integers(50, 4000, k) for _ in range(2))
        own = rate * np.exp(self.random.normal(0, 0.3, k))
        x1, x2 = self.random.poisson(0.6 * own * t1), self.random.poisson(own * t2)
        return {"x1i": x1.tolist(), "t1i": t1.tolist(), "x2i": x2.tolist(), "t2i": t2.tolist()}

    def means(self, k: int, smallest: int = 5) -> Table:
        columns: Table = {}
        for arm in ("1", "2"):
            columns[f"m{arm}i"] = self.random.normal(20, 4, k).round(2).tolist()
            columns[f"sd{arm}i"] = self.random.uniform(2, 9, k).round(2).tolist()
            columns[f"n{arm}i"] = self.random.integers(smallest, 90, k).tolist()
        return columns

    def changes(self, k: int) -> Table:
        table = self.means(k)
        del table["n1i"], table["n2i"]
        table["ni"] = self.random.integers(6, 80, k).tolist()
        return {**table, "ri": self.random.uniform(0.1, 0.9, k).round(2).tolist()}

    def correlations(self, k: int) -> Table:
        return {
            "ri": self.random.uniform(-0.3, 0.9, k).round(3).tolist(),
            "ni": self.random.integers(6, 200, k).tolist(),
        }


def chosen(table: Mapping[str, list[Any]], *names: str) -> Table:
    return {name: list(table[name]) for name in names}


def counts_of(table: Mapping[str, list[Any]]) -> Table:
    return {name: list(table[name]) for name in ("ai", "bi", "n1i", "ci", "di", "n2i") if name in table}


def case(name: str, kind: str, inputs: Table, **settings: Any) -> Case:
    return {"id": f"{kind}/{name}", "kind": kind, "inputs": inputs, "settings": settings}

"""What an agreement consists of: five coefficients, each with its 95% interval."""

from dataclasses import dataclass


class NothingToCompare(ValueError):
    """No item was judged by two people."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A value with its 95% interval and standard error; all None when it is not defined for these ratings.

    The interval alone is None when a single item leaves no spread to estimate it from.
    """

    value: float | None
    low: float | None
    high: float | None
    error: float | None

    @classmethod
    def undefined(cls) -> "Coefficient":
        return cls(None, None, None, None)

    @classmethod
    def around(cls, value: float, error: float, quantile: float) -> "Coefficient":
        """The symmetric interval, cut off where no coefficient can be."""
        half = quantile * error
        return cls(value, max(-1.0, value - half), min(1.0, value + half), error)

    @property
    def has_no_width(self) -> bool:
        """Whether the formula gave an interval of one point, as it does when nobody ever differed."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree over n items that at least two of them judged."""

    n: int
    raters: int
    raw: Coefficient
    kappa: Coefficient
    pabak: Coefficient
    ac1: Coefficient
    alpha: Coefficient

    def named(self, name: str) -> Coefficient:
        """A coefficient by the protocol's word for it: raw, kappa, pabak, ac1 or alpha."""
        coefficient: Coefficient = getattr(self, name)
        return coefficient

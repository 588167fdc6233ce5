"""Weighted least squares with the traces that estimators of tau2 need, in O(k p^2)."""

import numpy as np

from analysis.pooling.arrays import Floats

# Up to so many studies a matrix of them by themselves is made where it is more accurate.
SMALL = 200


class WeightedFit:
    """Weighted least squares of effects, shape (k,), on the columns of a design, (k, p), with weights (k,)
    above zero.

    P stands for W - W X (X'WX)^-1 X'W, which maps effects to weighted residuals. It is kept as W - T T' with
    T of shape (k, p), so that nothing of size k x k is made; the QR decomposition keeps moderators such as
    years accurate.
    """

    def __init__(self, effects: Floats, design: Floats, weights: Floats) -> None:
        root = np.sqrt(weights)
        orthonormal, triangle = np.linalg.qr(root[:, None] * design)
        self.weights = weights
        self.triangle: Floats = np.asarray(triangle, dtype=np.float64)
        self.thin: Floats = np.asarray(root[:, None] * orthonormal, dtype=np.float64)
        self.coefficients: Floats = np.linalg.solve(triangle, orthonormal.T @ (root * effects))
        self.residuals: Floats = effects - design @ self.coefficients

    @property
    def inverse_information(self) -> Floats:
        """(X'WX)^-1."""
        inverse = np.linalg.inv(self.triangle)
        return np.asarray(inverse @ inverse.T, dtype=np.float64)

    @property
    def log_information(self) -> float:
        """log |X'WX|."""
        return float(2 * np.log(np.abs(np.diag(self.triangle))).sum())

    @property
    def q(self) -> float:
        """Weighted residual sum of squares y'Py."""
        return float(self.weights @ self.residuals**2)

    @property
    def trace(self) -> float:
        """tr(P)."""
        return float(self.weights.sum() - (self.thin**2).sum())

    def trace_with(self, diagonal: Floats) -> float:
        """tr(P D) for a diagonal matrix D."""
        return float(self.weights @ diagonal - (self.thin**2).sum(1) @ diagonal)

    def trace_of_square(self, diagonal: Floats) -> float:
        """tr(P D P D) for a diagonal matrix D.

        From P itself where that is small: the sums of the other way cancel when one weight is huge.
        """
        if len(diagonal) <= SMALL:
            whole = -self.thin @ self.thin.T
            whole[np.diag_indices(len(diagonal))] += self.weights
            return float(diagonal @ whole**2 @ diagonal)
        crossed = self.thin.T @ (diagonal[:, None] * self.thin)
        shared = 2 * (self.weights * diagonal**2) @ (self.thin**2).sum(1)
        return float(((self.weights * diagonal) ** 2).sum() - shared + (crossed**2).sum())

    def pulled(self, values: Floats) -> float:
        """v'Pv."""
        return float(self.weights @ values**2 - ((self.thin.T @ values) ** 2).sum())

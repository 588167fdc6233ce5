"""Inference that stays valid when the dependence within clusters is not known: sandwich variances.

CR1 scales the plain sandwich by m / (m - p) with t on m - p for m clusters. CR2 corrects the residuals' bias
under the
working model and uses Satterthwaite degrees of freedom. Sources: Hedges, Tipton & Johnson 2010, Res Synth
Methods 1:39; Tipton 2015, Psychol Methods 20:375; Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.pooling.arrays import Floats, Integers
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.intervals import quantile, two_sided_p
from analysis.pooling.multilevel.nested import NestedResult


class Sandwich(StrEnum):
    """Small-sample corrections of the cluster-robust variance."""

    CR1 = "CR1"
    CR2 = "CR2"


@dataclass(frozen=True)
class RobustResult:
    """Coefficients with cluster-robust inference, shape (p,) each."""

    kind: Sandwich
    clusters: int
    se: Floats
    df: Floats
    p_values: Floats
    ci_low: Floats
    ci_high: Floats


def robust_inference(
    result: NestedResult, clusters: Sequence[Hashable], *, kind: Sandwich = Sandwich.CR2, level: float = 0.95
) -> RobustResult:
    """Cluster-robust inference for a multilevel model.

    clusters: the cluster of each effect; it must hold the outermost groups whole. Raises TooFewStudies with
    no more clusters than coefficients, ImpossibleInput for clusters that cut a group.
    """
    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    labels = np.array([numbers[name] for name in clusters], dtype=np.int64)
    count, p = len(numbers), len(result.coefficients)
    if len(labels) != result.k or any(len(set(labels[block])) > 1 for block in result.model.blocks):
        raise ImpossibleInput("clusters must be given for each effect and hold the outermost groups whole")
    if count <= p:
        raise TooFewStudies("Cluster-robust inference needs more clusters than coefficients.")
    parts = [_Cluster(result, np.flatnonzero(labels == number)) for number in range(count)]
    if kind is Sandwich.CR1:
        meat = sum(np.outer(part.score, part.score) for part in parts)
        vcov = result.vcov @ meat @ result.vcov * (count / (count - p))
        df = np.full(p, float(count - p))
    else:
        corrected = [part.corrected_score for part in parts]
        vcov = result.vcov @ sum(np.outer(score, score) for score in corrected) @ result.vcov
        df = _satterthwaite(result, parts)
    se = np.sqrt(np.diag(vcov))
    b, critical = result.coefficients, quantile(df, level)
    if not (se > 0).all():
        raise ImpossibleInput("all residuals of a cluster-robust fit are 0: there is nothing to infer from")
    return RobustResult(
        kind=kind,
        clusters=count,
        se=se,
        df=df,
        p_values=two_sided_p(b / se, df),
        ci_low=b - critical * se,
        ci_high=b + critical * se,
    )


class _Cluster:
    """One cluster's share in the sandwich: X, the inverse working covariance W, and the CR2 adjustment of
    residuals.
    """

    def __init__(self, result: NestedResult, members: Integers) -> None:
        model = result.model
        self.x: Floats = model.design[members]
        self.covariance: Floats = _covariance(result, members)
        self.weights: Floats = np.asarray(np.linalg.inv(self.covariance), dtype=np.float64)
        self.residuals: Floats = model.effects[members] - self.x @ result.coefficients
        self.weighted: Floats = self.x.T @ self.weights
        # Residuals have covariance S - X V X'; A restores S: B = D (S - X V X') D' with S = D'D, A = D'
        # B^(-1/2) D.
        root = np.linalg.cholesky(self.covariance).T
        inner = root @ (self.covariance - self.x @ result.vcov @ self.x.T) @ root.T
        values, vectors = np.linalg.eigh((inner + inner.T) / 2)
        usable = values > 1e-10 * values.max()
        inverse_root = (vectors[:, usable] / np.sqrt(values[usable])) @ vectors[:, usable].T
        self.adjustment: Floats = np.asarray(root.T @ inverse_root @ root, dtype=np.float64)

    @property
    def score(self) -> Floats:
        return np.asarray(self.weighted @ self.residuals)

    @property
    def corrected_score(self) -> Floats:
        return np.asarray(self.weighted @ self.adjustment @ self.residuals)


def _covariance(result: NestedResult, members: Integers) -> Floats:
    """Working covariance of a cluster, which may hold several outermost groups."""
    model = result.model
    matrix = np.diag(model.variances[members])
    for groups, variance in zip(model.levels, result.sigma2, strict=True):
        own = groups[members]
        matrix = matrix + variance * (own[:, None] == own)
    return np.asarray(matrix, dtype=np.float64)


def _satterthwaite(result: NestedResult, parts: list[_Cluster]) -> Floats:
    """Degrees of freedom of each coefficient's variance: twice its squared mean over its variance, in the
    working model.

    The variance estimate is a sum over clusters of squared linear forms of the effects, whose covariance
    matrix is `products`.
    """
    loads = [part.adjustment @ part.weighted.T @ result.vcov for part in parts]
    pairs = list(zip(loads, parts, strict=True))
    degrees = []
    for c in range(len(result.coefficients)):
        own = np.array([load[:, c] @ part.covariance @ load[:, c] for load, part in pairs])
        drawn = np.array([part.x.T @ load[:, c] for load, part in pairs])
        products = np.diag(own) - drawn @ result.vcov @ drawn.T
        degrees.append(np.trace(products) ** 2 / (products**2).sum())
    return np.array(degrees)

"""Several effects of one study combined into one, when their sampling errors are taken to correlate."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.errors import ImpossibleInput


@dataclass(frozen=True)
class Aggregated:
    """One effect for each cluster, in the clusters' sorted order. effects, variances: shape (clusters,)."""

    clusters: tuple[Hashable, ...]
    effects: Floats
    variances: Floats


def aggregate(
    effects: ArrayLike, variances: ArrayLike, clusters: Sequence[Hashable], *, correlation: float
) -> Aggregated:
    """The generalised least squares mean of each cluster's effects under one correlation of their sampling
    errors.

    effects, variances: shape (k,); clusters: one for each effect. correlation: from 0 up to, not including,
    1.
    Raises ImpossibleInput. Source: Gleser & Olkin 2009, Handbook of Research Synthesis, ch. 19; Cheung & Chan
    2004, J Appl Psychol 89:780.
    """
    y, v = checked_studies(effects, variances)
    if len(clusters) != len(y):
        raise ImpossibleInput("give the cluster of each effect")
    if not 0 <= correlation < 1:
        raise ImpossibleInput("the correlation of sampling errors must lie between 0 and 1")
    names = sorted(set(clusters), key=lambda name: (isinstance(name, str), name))
    means, spreads = [], []
    for name in names:
        members = np.array([cluster == name for cluster in clusters])
        sd = np.sqrt(v[members])
        covariance = correlation * np.outer(sd, sd) + (1 - correlation) * np.diag(v[members])
        weights = np.linalg.solve(covariance, np.ones(len(sd)))
        means.append(float(weights @ y[members] / weights.sum()))
        spreads.append(float(1 / weights.sum()))
    return Aggregated(tuple(names), np.array(means), np.array(spreads))

"""Agreement of any number of people, also when not everybody judged everything.

Kappa is Conger's, PABAK is Brennan and Prediger's: with two raters they are Cohen's and Byrt's. The
standard errors are Gwet's linearised ones with items as the sample, the intervals use t on n - 1.
Source of formulas: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapters 2 and 5;
Conger 1980, Psychol Bull 88:322; Gwet 2008, Br J Math Stat Psychol 61:29; Krippendorff 2011, Computing
Krippendorff's Alpha-Reliability. Checked against what the R package irrCAC prints (tests name the tables).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from .coefficients import Agreement, Coefficient, NothingToCompare

Floats = NDArray[np.float64]
MISSING = -1


def agreement_of_many(ratings: NDArray[np.int64], categories: int) -> Agreement:
    """All five coefficients of several raters.

    ratings: shape (items, raters), categories numbered from 0; MISSING where somebody did not judge.
    Raises NothingToCompare when no item was judged by two.
    """
    ratings = ratings[(ratings != MISSING).any(axis=1)]
    ratings = ratings[:, (ratings != MISSING).any(axis=0)]
    counts = counts_by_item(ratings, categories)
    shared = int((counts.sum(axis=1) >= 2).sum())
    if not shared:
        raise NothingToCompare("No item was judged by two people yet.")
    return Agreement(
        n=shared,
        raters=ratings.shape[1],
        raw=raw_agreement(counts),
        kappa=conger_kappa(ratings, counts),
        pabak=brennan_prediger(counts),
        ac1=gwet_ac1(counts),
        alpha=krippendorff_alpha(counts),
    )


def counts_by_item(ratings: NDArray[np.int64], categories: int) -> Floats:
    """shape (items, categories): how many people put each item in each category."""
    counted = [(ratings == category).sum(axis=1) for category in range(categories)]
    return np.stack(counted, axis=1).astype(float)


def raw_agreement(counts: Floats) -> Coefficient:
    """The share of pairs of raters who agreed, averaged over the items that two or more judged."""
    agreed, raters = _agreed_pairs(counts), counts.sum(axis=1)
    scale = len(counts) / (raters >= 2).sum()
    return _with_interval(float(scale * agreed.mean()), scale * agreed)


def brennan_prediger(counts: Floats) -> Coefficient:
    """PABAK for any number of raters: chance is one over the number of categories.

    Source: Brennan and Prediger 1981, Educ Psychol Meas 41:687.
    """
    return _beyond_chance(counts, 1 / counts.shape[1], np.full(len(counts), 1 / counts.shape[1]))


def gwet_ac1(counts: Floats) -> Coefficient:
    """Gwet's AC1, whose chance agreement stays small when nearly everything falls in one category."""
    categories = counts.shape[1]
    shares = counts / counts.sum(axis=1, keepdims=True)
    prevalence = shares.mean(axis=0)
    expected = float(prevalence @ (1 - prevalence)) / (categories - 1)
    return _beyond_chance(counts, expected, shares @ (1 - prevalence) / (categories - 1))


def conger_kappa(ratings: NDArray[np.int64], counts: Floats) -> Coefficient:
    """Conger's kappa: each person's own use of the categories makes up the chance agreement."""
    raters, categories = ratings.shape[1], counts.shape[1]
    judged = ratings != MISSING
    number = judged.sum(axis=0)
    chosen = np.stack([ratings == k for k in range(categories)], axis=2).astype(float)
    use = chosen.sum(axis=0) / number[:, None]
    mean_use = use.mean(axis=0)
    between = ((use**2).sum(axis=0) - raters * mean_use**2) / (raters - 1)
    expected = float((mean_use**2 - between / raters).sum())
    # Each item's part in every person's use of each category, where not everybody judged everything.
    absent = judged - number / len(ratings)
    part = (chosen - absent[:, :, None] * use) * (len(ratings) / number)[:, None]
    pull = (part * (raters * mean_use - use)).sum(axis=(1, 2)) / (raters * (raters - 1))
    return _beyond_chance(counts, expected, pull)


def krippendorff_alpha(counts: Floats) -> Coefficient:
    """Krippendorff's alpha for nominal categories, over the items that two or more judged."""
    counts = counts[counts.sum(axis=1) >= 2]
    raters = counts.sum(axis=1)
    mean = raters.mean()
    prevalence = (counts / mean).mean(axis=0)
    expected = float(prevalence @ prevalence)
    if expected >= 1:
        return Coefficient.undefined()
    pairs = (counts * (counts - 1)).sum(axis=1) / (mean * (raters - 1))
    observed = float(pairs.mean())
    # A pair of ratings can be of one rating with itself in a sample this small; alpha takes it out.
    correction = 1 / raters.sum()
    corrected = (1 - correction) * observed + correction
    alpha = (corrected - expected) / (1 - expected)
    uncorrected = (observed - expected) / (1 - expected)
    of_item = (pairs - corrected * (raters - mean) / mean - expected) / (1 - expected)
    chance = counts @ prevalence / mean - expected * (raters - mean) / mean
    return _with_interval(alpha, of_item - 2 * (1 - uncorrected) * (chance - expected) / (1 - expected))


def _beyond_chance(counts: Floats, expected: float, chance_of_item: Floats) -> Coefficient:
    """(observed - expected) / (1 - expected), with what each item adds to the spread of both."""
    if expected >= 1:
        return Coefficient.undefined()
    agreed, shared = _agreed_pairs(counts), counts.sum(axis=1) >= 2
    scale = len(counts) / shared.sum()
    value = float((scale * agreed.mean() - expected) / (1 - expected))
    of_item = scale * (agreed - expected * shared) / (1 - expected)
    chance = np.zeros(len(counts)) if np.ptp(chance_of_item) == 0 else chance_of_item - expected
    return _with_interval(value, of_item - 2 * (1 - value) * chance / (1 - expected))


def _agreed_pairs(counts: Floats) -> Floats:
    """For each item the share of its pairs of raters who agree; zero where fewer than two judged."""
    raters = counts.sum(axis=1)
    pairs = raters * (raters - 1)
    return (counts * (counts - 1)).sum(axis=1) / np.where(pairs == 0, 1, pairs)


def _with_interval(value: float, of_item: Floats) -> Coefficient:
    n = len(of_item)
    if n < 2:
        return Coefficient(value, None, None, None)
    error = float(of_item.std(ddof=1) / np.sqrt(n))
    return Coefficient.around(value, error, float(stats.t.ppf(0.975, n - 1)))

"""The formulas that compare two groups' means and standard deviations."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from analysis.pooling.arrays import Floats

Pair = tuple[Floats, Floats]
Formula = Callable[["Groups", bool], Pair]


@dataclass(frozen=True)
class Groups:
    """Means, standard deviations and sizes of two groups in k studies, shape (k,) each, NaN where missing."""

    m1: Floats
    sd1: Floats
    n1: Floats
    m2: Floats
    sd2: Floats
    n2: Floats

    @property
    def inverse_sizes(self) -> Floats:
        return 1 / self.n1 + 1 / self.n2

    @property
    def df(self) -> Floats:
        return self.n1 + self.n2 - 2

    @property
    def pooled_variance(self) -> Floats:
        return ((self.n1 - 1) * self.sd1**2 + (self.n2 - 1) * self.sd2**2) / self.df

    @property
    def mean_variance(self) -> Floats:
        return (self.sd1**2 + self.sd2**2) / 2

    @property
    def variation(self) -> tuple[Floats, Floats]:
        """Coefficients of variation of the two groups."""
        return self.sd1 / self.m1, self.sd2 / self.m2


def hedges_correction(df: Floats) -> Floats:
    """The factor that makes a standardised mean difference unbiased, in its exact gamma form.

    Source: Hedges 1981, J Educ Stat 6:107. The often used 1 - 3 / (4 df - 1) differs by about 1e-3 in small
    studies. NaN at df of 1 and below, where the effect has no expectation.
    """
    free = np.where(df > 1, df, np.nan)
    return np.asarray(np.exp(gammaln(free / 2) - gammaln((free - 1) / 2)) * np.sqrt(2 / free))


def difference(groups: Groups, correct: bool) -> Pair:
    return groups.m1 - groups.m2, groups.sd1**2 / groups.n1 + groups.sd2**2 / groups.n2


def difference_equal_variances(groups: Groups, correct: bool) -> Pair:
    return groups.m1 - groups.m2, groups.pooled_variance * groups.inverse_sizes


def standardised_effect(groups: Groups, correct: bool) -> Floats:
    raw = (groups.m1 - groups.m2) / np.sqrt(groups.pooled_variance)
    return raw * hedges_correction(groups.df) if correct else raw


def standardised(groups: Groups, correct: bool) -> Pair:
    g = standardised_effect(groups, correct)
    return g, groups.inverse_sizes + g**2 / (2 * (groups.n1 + groups.n2))


def standardised_second_form(groups: Groups, correct: bool) -> Pair:
    """The variance that Borenstein 2009 (Handbook of Research Synthesis, ch. 12) multiplies by the squared
    factor.
    """
    d, variance = standardised(groups, False)
    factor = hedges_correction(groups.df)
    return (d * factor if correct else d), variance * factor**2


def standardised_unbiased(groups: Groups, correct: bool) -> Pair:
    """Unbiased variance. Source: Hedges 1983, Psychol Bull 93:388."""
    g, m = standardised_effect(groups, correct), groups.df
    return g, groups.inverse_sizes + (1 - (m - 2) / (m * hedges_correction(m) ** 2)) * g**2


def standardised_averaged(groups: Groups, correct: bool) -> Pair:
    g, sizes = standardised_effect(groups, correct), groups.n1 + groups.n2
    mean = np.nansum(sizes * g) / np.nansum(np.where(np.isnan(g), 0.0, sizes))
    return g, groups.inverse_sizes + mean**2 / (2 * sizes)


def standardised_unequal(groups: Groups, correct: bool) -> Pair:
    """Source: Bonett 2009, Psychol Methods 14:225."""
    g = (groups.m1 - groups.m2) / np.sqrt(groups.mean_variance)
    g = g * hedges_correction(groups.df) if correct else g
    first, second = groups.n1 - 1, groups.n2 - 1
    of_sds = (groups.sd1**4 / first + groups.sd2**4 / second) * g**2 / (8 * groups.mean_variance**2)
    return g, of_sds + (groups.sd1**2 / first + groups.sd2**2 / second) / groups.mean_variance


def glass_effect(groups: Groups, correct: bool) -> Floats:
    raw = (groups.m1 - groups.m2) / groups.sd2
    return raw * hedges_correction(groups.n2 - 1) if correct else raw


def glass(groups: Groups, correct: bool) -> Pair:
    """Source: Glass 1976; variance of Hedges 1981, J Educ Stat 6:107."""
    g = glass_effect(groups, correct)
    return g, groups.inverse_sizes + g**2 / (2 * groups.n2)


def glass_unequal(groups: Groups, correct: bool) -> Pair:
    """Source: Bonett 2008, Psychol Methods 13:99."""
    g, second = glass_effect(groups, correct), groups.n2 - 1
    of_means = groups.sd1**2 / (groups.sd2**2 * (groups.n1 - 1)) + 1 / second
    return g, of_means + g**2 / (2 * second)


def ratio_effect(groups: Groups, correct: bool) -> Floats:
    effects: Floats = np.log(groups.m1 / groups.m2)
    first, second = groups.variation
    return effects + (first**2 / groups.n1 - second**2 / groups.n2) / 2 if correct else effects


def ratio(groups: Groups, correct: bool) -> Pair:
    first, second = groups.variation
    return ratio_effect(groups, correct), first**2 / groups.n1 + second**2 / groups.n2


def ratio_equal_variances(groups: Groups, correct: bool) -> Pair:
    common = groups.pooled_variance
    variances = common / (groups.n1 * groups.m1**2) + common / (groups.n2 * groups.m2**2)
    return ratio_effect(groups, correct), variances


def ratio_averaged(groups: Groups, correct: bool) -> Pair:
    """Coefficients of variation averaged over studies, by group. Source: Doncaster & Spake 2018, Methods Ecol
    Evol 9:634.
    """
    first, second = groups.variation
    mean1, mean2 = _weighted(first, groups.n1), _weighted(second, groups.n2)
    return ratio_effect(groups, correct), mean1**2 / groups.n1 + mean2**2 / groups.n2


def ratio_averaged_over_groups(groups: Groups, correct: bool) -> Pair:
    both = np.concatenate(groups.variation)
    mean = _weighted(both, np.concatenate([groups.n1, groups.n2]))
    return ratio_effect(groups, correct), mean**2 * groups.inverse_sizes


def _weighted(values: Floats, weights: Floats) -> float:
    present = ~np.isnan(values)
    return float(np.average(values[present], weights=weights[present]))


def variability_ratio(groups: Groups, correct: bool) -> Pair:
    first, second = 1 / (2 * (groups.n1 - 1)), 1 / (2 * (groups.n2 - 1))
    effects = np.log(groups.sd1 / groups.sd2)
    return (effects + first - second if correct else effects), first + second


def variation_ratio(groups: Groups, correct: bool) -> Pair:
    """Log ratio of coefficients of variation: the log ratio of SDs less that of means, each with its
    correction.
    """
    of_sds, variance_of_sds = variability_ratio(groups, correct)
    of_means, variance_of_means = ratio(groups, correct)
    return of_sds - of_means, variance_of_sds + variance_of_means


FORMULAS: dict[tuple[str, str], Formula] = {
    ("MD", "LS"): difference,
    ("MD", "HO"): difference_equal_variances,
    ("SMD", "LS"): standardised,
    ("SMD", "LS2"): standardised_second_form,
    ("SMD", "UB"): standardised_unbiased,
    ("SMD", "AV"): standardised_averaged,
    ("SMDH", "LS"): standardised_unequal,
    ("SMD1", "LS"): glass,
    ("SMD1H", "LS"): glass_unequal,
    ("ROM", "LS"): ratio,
    ("ROM", "HO"): ratio_equal_variances,
    ("ROM", "AV"): ratio_averaged,
    ("ROM", "AVHO"): ratio_averaged_over_groups,
    ("VR", "LS"): variability_ratio,
    ("CVR", "LS"): variation_ratio,
}

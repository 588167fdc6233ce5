"""Meta-analysis in numpy and scipy, written from the published methods that the docstrings cite.

    from analysis.pooling import ProportionMeasure, pool, proportion_effects

    sizes = proportion_effects([121, 52, 49], [164, 90, 72], measure=ProportionMeasure.LOGIT)
    result = pool(sizes.effects, sizes.variances)

Here are effect sizes, inverse-variance and Mantel-Haenszel pooling, subgroups, meta-regression, sensitivity
and small-study analyses. Mixed models of counts are in `analysis.pooling.glmm`, dependent effects in
`analysis.pooling.multilevel`, and the rarer models in modules of their own. Nothing here knows of Django.
"""

from analysis.pooling.batch import PooledBatch, pool_many
from analysis.pooling.bayes import BayesResult, TauPrior, bayesian_pool
from analysis.pooling.design import Design, design_from
from analysis.pooling.effect_sizes.changes import ChangeMeasure, change_effects
from analysis.pooling.effect_sizes.correlations import CorrelationMeasure, correlation_effects
from analysis.pooling.effect_sizes.generic import effects_from_intervals, generic_effects
from analysis.pooling.effect_sizes.means import (
    MeanComparison,
    MeanMeasure,
    VarianceType,
    mean_comparison_effects,
    mean_effects,
)
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_effects
from analysis.pooling.effect_sizes.rates import (
    RateComparison,
    RateMeasure,
    rate_comparison_effects,
    rate_effects,
)
from analysis.pooling.effect_sizes.records import AddTo, EffectSizes, LeftOut
from analysis.pooling.effect_sizes.scales import back_transform
from analysis.pooling.effect_sizes.two_by_two import TwoByTwoMeasure, two_by_two_effects
from analysis.pooling.errors import DidNotConverge, ImpossibleInput, PoolingError, TooFewStudies
from analysis.pooling.henmi_copas import HenmiCopas, henmi_copas
from analysis.pooling.influence import Influence, influence
from analysis.pooling.kenward_roger import KenwardRoger, kenward_roger
from analysis.pooling.lfk import Asymmetry, DoiPlot, lfk_index
from analysis.pooling.limit import LimitResult, limit_meta_analysis
from analysis.pooling.mantel_haenszel import mantel_haenszel, mantel_haenszel_rates, peto
from analysis.pooling.options import IntervalMethod, Model, PredictionMethod, Tau2Estimator
from analysis.pooling.permutation import PermutationTest, permute_moderators, permute_signs
from analysis.pooling.pool import HeterogeneityIntervals, PooledResult, pool
from analysis.pooling.regression import RegressionResult, meta_regression
from analysis.pooling.selection import Selection, SelectionResult, selection_model
from analysis.pooling.sensitivity import Gosh, cumulative, gosh, gosh_sampled, leave_one_out
from analysis.pooling.small_study import AsymmetryTest, RankTest, begg, egger
from analysis.pooling.stratified import ChiSquare, StratifiedResult
from analysis.pooling.study_intervals import StudyInterval, study_interval
from analysis.pooling.subgroups import (
    CommonTauResult,
    SubgroupResult,
    pool_subgroups,
    pool_subgroups_common_tau2,
)
from analysis.pooling.trimfill import MissingEstimator, Side, TrimFillResult, trim_and_fill

__all__ = [
    "AddTo",
    "Asymmetry",
    "AsymmetryTest",
    "BayesResult",
    "ChangeMeasure",
    "ChiSquare",
    "CommonTauResult",
    "CorrelationMeasure",
    "Design",
    "DidNotConverge",
    "DoiPlot",
    "EffectSizes",
    "Gosh",
    "HenmiCopas",
    "HeterogeneityIntervals",
    "ImpossibleInput",
    "Influence",
    "IntervalMethod",
    "KenwardRoger",
    "LeftOut",
    "LimitResult",
    "MeanComparison",
    "MeanMeasure",
    "MissingEstimator",
    "Model",
    "PermutationTest",
    "PooledBatch",
    "PooledResult",
    "PoolingError",
    "PredictionMethod",
    "ProportionMeasure",
    "RankTest",
    "RateComparison",
    "RateMeasure",
    "RegressionResult",
    "Selection",
    "SelectionResult",
    "Side",
    "StratifiedResult",
    "StudyInterval",
    "SubgroupResult",
    "Tau2Estimator",
    "TauPrior",
    "TooFewStudies",
    "TrimFillResult",
    "TwoByTwoMeasure",
    "VarianceType",
    "back_transform",
    "bayesian_pool",
    "begg",
    "change_effects",
    "correlation_effects",
    "cumulative",
    "design_from",
    "effects_from_intervals",
    "egger",
    "generic_effects",
    "gosh",
    "gosh_sampled",
    "henmi_copas",
    "influence",
    "kenward_roger",
    "leave_one_out",
    "lfk_index",
    "limit_meta_analysis",
    "mantel_haenszel",
    "mantel_haenszel_rates",
    "mean_comparison_effects",
    "mean_effects",
    "meta_regression",
    "permute_moderators",
    "permute_signs",
    "peto",
    "pool",
    "pool_many",
    "pool_subgroups",
    "pool_subgroups_common_tau2",
    "proportion_effects",
    "rate_comparison_effects",
    "rate_effects",
    "selection_model",
    "study_interval",
    "trim_and_fill",
    "two_by_two_effects",
]

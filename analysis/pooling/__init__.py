"""Meta-analysis in numpy and scipy: effect sizes, pooling, heterogeneity.

    from analysis.pooling import ProportionMeasure, pool, proportion_effects

    sizes = proportion_effects([121, 52, 49], [164, 90, 72], measure=ProportionMeasure.LOGIT)
    result = pool(sizes.effects, sizes.variances)

Everything is written from the published methods, which the docstrings cite. Nothing here knows of Django.
"""

from analysis.pooling.batch import PooledBatch, pool_many
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_effects
from analysis.pooling.effect_sizes.records import AddTo, EffectSizes, LeftOut
from analysis.pooling.effect_sizes.scales import back_transform
from analysis.pooling.errors import DidNotConverge, ImpossibleInput, PoolingError, TooFewStudies
from analysis.pooling.options import IntervalMethod, Model, PredictionMethod, Tau2Estimator
from analysis.pooling.pool import HeterogeneityIntervals, PooledResult, pool
from analysis.pooling.study_intervals import StudyInterval, study_interval

__all__ = [
    "AddTo",
    "DidNotConverge",
    "EffectSizes",
    "HeterogeneityIntervals",
    "ImpossibleInput",
    "IntervalMethod",
    "LeftOut",
    "Model",
    "PooledBatch",
    "PooledResult",
    "PoolingError",
    "PredictionMethod",
    "ProportionMeasure",
    "StudyInterval",
    "Tau2Estimator",
    "TooFewStudies",
    "back_transform",
    "pool",
    "pool_many",
    "proportion_effects",
    "study_interval",
]

"""Generalised linear mixed models: counts pooled by their own likelihood, without continuity corrections."""

from analysis.pooling.glmm.models import (
    TwoGroupModel,
    pool_odds_ratios,
    pool_proportions,
    pool_rate_ratios,
    pool_rates,
)
from analysis.pooling.glmm.results import GlmmResult

__all__ = [
    "GlmmResult",
    "TwoGroupModel",
    "pool_odds_ratios",
    "pool_proportions",
    "pool_rate_ratios",
    "pool_rates",
]

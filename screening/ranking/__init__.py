"""Ranked order and when to stop: what to read next, and what can be said of what is left."""

from .batches import batch_size, best_first, with_random_share
from .classifier import relevance_scores
from .errors import NothingToLearn, NothingToRank, RankingRefused
from .features import FEATURES_VERSION, features
from .metrics import OrderQuality, order_quality
from .simulation import Simulation, drawn_start, simulate
from .stopping import FurtherReading, Standing, StoppingRule, audit_bound, further_reading, standing

__all__ = [
    "FEATURES_VERSION",
    "FurtherReading",
    "NothingToLearn",
    "NothingToRank",
    "OrderQuality",
    "RankingRefused",
    "Simulation",
    "Standing",
    "StoppingRule",
    "audit_bound",
    "batch_size",
    "best_first",
    "drawn_start",
    "features",
    "further_reading",
    "order_quality",
    "relevance_scores",
    "simulate",
    "standing",
    "with_random_share",
]

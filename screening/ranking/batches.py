"""Which citations come up next, and how many before the classifier learns again."""

import numpy as np
import numpy.typing as npt

# While little is known every decision teaches much; later one more changes little and only costs time.
GROWTH = 0.05
LARGEST_BATCH = 25


def batch_size(decided: int) -> int:
    """How many citations to read before learning again: one at first, a twentieth of what was read later."""
    return min(max(1, int(GROWTH * decided)), LARGEST_BATCH)


def best_first(scores: npt.NDArray[np.float64], undecided: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Undecided rows, the most relevant looking first; equal scores keep the order of import."""
    return undecided[np.argsort(-scores[undecided], kind="stable")]


def with_random_share(
    ordered: npt.NDArray[np.int64], *, share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The order with randomly drawn rows strewn in, and which of them were drawn.

    share: of the places, 0 to 0.5. Each place is a random one with this probability; whatever is drawn early
    leaves the place it had.
    """
    draw = np.random.default_rng(seed)
    is_random = draw.random(len(ordered)) < share
    drawn = draw.choice(ordered, np.count_nonzero(is_random), replace=False)
    mixed = np.empty_like(ordered)
    mixed[is_random] = drawn
    mixed[~is_random] = ordered[~np.isin(ordered, drawn)]
    return mixed, is_random

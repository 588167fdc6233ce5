"""A root as R's uniroot() leaves it with its default tolerance, to reproduce limits that R prints.

Source: Brent 1973, Algorithms for Minimization without Derivatives, ch. 4. Our own limits are exact
(heterogeneity.py).
"""

from collections.abc import Callable

import numpy as np

MACHINE = float(np.finfo(np.float64).eps)
TOLERANCE = MACHINE**0.25
MOST_STEPS = 1000


def loose_root(function: Callable[[float], float], low: float, high: float) -> float:
    """The root between low and high, at which the function has opposite signs, to about 1e-4."""
    a, b = low, high
    fa, fb = function(a), function(b)
    c, fc = a, fa
    for _ in range(MOST_STEPS):
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        tolerance = 2 * MACHINE * abs(b) + TOLERANCE / 2
        halfway = (c - b) / 2
        if abs(halfway) <= tolerance or fb == 0:
            return b
        step = _step((a, fa), (b, fb), (c, fc), tolerance)
        if abs(step) < tolerance:
            step = tolerance if step > 0 else -tolerance
        a, fa = b, fb
        b += step
        fb = function(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa
    return b


def _step(
    old: tuple[float, float], best: tuple[float, float], other: tuple[float, float], tolerance: float
) -> float:
    """By interpolation where that is safe, else to the middle."""
    (a, fa), (b, fb), (c, fc) = old, best, other
    previous, across = b - a, c - b
    if abs(previous) < tolerance or abs(fa) <= abs(fb):
        return across / 2
    s = fb / fa
    if a == c:
        p, q = across * s, 1 - s
    else:
        q, r = fa / fc, fb / fc
        p = s * (across * q * (q - r) - previous * (r - 1))
        q = (q - 1) * (r - 1) * (s - 1)
    p, q = (p, -q) if p > 0 else (-p, q)
    if p < 0.75 * across * q - abs(tolerance * q) / 2 and p < abs(previous * q / 2):
        return p / q
    return across / 2

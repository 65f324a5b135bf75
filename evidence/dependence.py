"""How much less a series with memory knows than its number of points says."""

from collections.abc import Sequence

import numpy as np

from evidence.series import Floats

# Correlation: at 1 the series is a random walk and worth no point at all; the estimate is cut before that.
LARGEST_LAG = 0.95


def mean_ranks(values: Floats) -> Floats:
    """Ranks from 1, ties at their mean rank."""
    order = values.argsort(kind="stable")
    ordered = values[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))  # of each group of ties
    counts = np.diff(first, append=values.size)
    ranks = np.empty(values.size)
    ranks[order] = np.repeat(first + (counts + 1) / 2.0, counts)
    return ranks


def corrected_lag(parts: Sequence[Floats]) -> float:
    """The lag-1 correlation common to these centred parts, corrected for its bias and cut at 0.95.

    Estimates from short series are too small: by about (1 + 4r)/n for every mean that was fitted (Kendall
    1954), so with m parts of n points in all by m (1 + 4r)/n. At least one part must vary.
    """
    raw = sum(float(part[1:] @ part[:-1]) for part in parts) / sum(float(part @ part) for part in parts)
    n = sum(part.size for part in parts)
    return min(raw + len(parts) * (1.0 + 4.0 * raw) / n, LARGEST_LAG)


def inflation(n: int, lag: float) -> float:
    """How many times the variance of a mean grows when its n points have this lag-1 correlation, AR(1)."""
    if lag == 0:
        return 1.0
    k = np.arange(1, n)
    return float(1.0 + 2.0 * ((1.0 - k / n) * lag**k).sum())

"""How a support metric moves with the outcome: shown to the team, and never part of a gate.

Two series that each remember their last value correlate by chance far more often than their number of points
suggests. So the interval is taken on an effective n (Bartlett 1935, for two AR(1) series: the variance grows
by 1 + 2 sum (1 - k/n) (r_x r_y)^k), on ranks, and shared out over the lags that were looked at. A correlation
that survives is still no cause: both may follow a third thing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence.dependence import corrected_lag, inflation, mean_ranks
from evidence.series import BadSeries, Floats, NotEnoughPoints, finite_array

# Pairs: with fewer, an interval shared over five lags reaches from -0.6 to 0.6 even without any memory.
MINIMUM_PAIRS = 20
# Effective pairs: Fisher's interval divides by n - 3.
_FEWEST_EFFECTIVE = 4.0
# Variance of Fisher's z for rank correlations, times n - 3 (Fieller, Hartley and Pearson 1957).
_RANK_VARIANCE = 1.06


@dataclass(frozen=True, slots=True)
class Association:
    """The rank correlation of the support metric with the outcome `lag` periods later, and its interval.

    `low` and `high` hold for all lags looked at together. `evidence` says whether they leave zero out;
    `effective` is the number of independent pairs that the `pairs` are worth.
    """

    lag: int
    correlation: float
    low: float
    high: float
    pairs: int
    effective: float
    evidence: bool


def contribution(
    support: Sequence[float], outcome: Sequence[float], *, largest_lag: int = 4, level: float = 0.05
) -> tuple[Association, ...]:
    """One association per lag from 0 to `largest_lag` periods, the strongest first by its nearer bound.

    Both series are consecutive values of the same periods. `level` is the chance of any evidence over all
    lags when there is none.

    Raises:
        NotEnoughPoints: under 20 pairs at the largest lag.
        BadSeries: a value that is not finite, lengths that differ, a series that never varies.
        ValueError: a negative lag, a level outside 0 .. 0.5.
    """
    if largest_lag < 0 or not 0 < level < 0.5:  # noqa: PLR2004 - at a half every correlation would be evidence
        raise ValueError(
            f"Lags count from 0 and levels lie in 0 .. 0.5; asked for {largest_lag} and {level}."
        )
    x, y = finite_array(support, "the support metric"), finite_array(outcome, "the outcome")
    if x.size != y.size:
        raise BadSeries(f"There are {x.size} values of the support metric and {y.size} of the outcome.")
    if x.size - largest_lag < MINIMUM_PAIRS:
        raise NotEnoughPoints(
            f"A contribution needs {MINIMUM_PAIRS} pairs at a lag of {largest_lag}; there are "
            f"{max(x.size - largest_lag, 0)}."
        )
    each = level / (largest_lag + 1)
    found = [_association(x[: x.size - lag], y[lag:], lag, each) for lag in range(largest_lag + 1)]
    return tuple(sorted(found, key=lambda a: -max(a.low, -a.high)))


def _association(x: Floats, y: Floats, lag: int, level: float) -> Association:
    from scipy.special import ndtri

    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise BadSeries("A series that never varies moves with nothing.")
    a, b = (ranks - ranks.mean() for ranks in (mean_ranks(x), mean_ranks(y)))
    correlation = float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))
    memory = max(corrected_lag([a]), 0.0) * max(corrected_lag([b]), 0.0)
    effective = max(x.size / inflation(x.size, memory), _FEWEST_EFFECTIVE)
    half = float(ndtri(1.0 - level / 2.0)) * math.sqrt(_RANK_VARIANCE / (effective - 3.0))
    # A perfect correlation has no finite z; the bound then comes from the next number below 1.
    z = math.atanh(min(max(correlation, -1.0 + 1e-12), 1.0 - 1e-12))
    low, high = math.tanh(z - half), math.tanh(z + half)
    return Association(lag, correlation, low, high, x.size, effective, low > 0 or high < 0)

"""Where a series may have changed its level: proposals for people, never a rebase.

Limits that rebase themselves hide every slow decline (Wheeler's four questions belong to the team), so this
only says where to look. Optimal partitioning (Jackson et al. 2005): of all ways to cut the series into
stretches of at least 6 points, the one with the least squared distance from the stretches' means plus a price
for each cut. The price follows the long-run variance, taken from steps of one and two points, which a few
jumps of level hardly touch, so that a series with memory is not cut wherever it wanders.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evidence.dependence import LARGEST_LAG
from evidence.series import Bools, Floats, NotEnoughPoints, finite_array

# Points on either side of a proposed change: what limits need, so that a team could rebase there.
SHORTEST_STRETCH = 6

# Price of a cut in long-run variances, per natural logarithm of n. Measured (`benchmarks/changes_size.py`):
# of unchanged series of 30 to 104 points 1 in 100 gets a proposal, 1 in 10 at lag-1 correlation 0.6; a shift
# of two standard deviations in the middle is found within two points in 7 of 10 series of 30, 9 of 10 of 104.
_PRICE = 3.0


@dataclass(frozen=True, slots=True)
class Change:
    """A proposed change: index of the first point at the new level, and the mean level on either side."""

    at: int
    level_before: float
    level_after: float


def propose_changes(values: Sequence[float]) -> tuple[Change, ...]:
    """The changes of level that are worth a question, in order of time; empty when there are none.

    Values come on their chart's scale (durations as logarithms).

    Raises:
        NotEnoughPoints: under 12 points, in which no change has 6 points on either side.
        BadSeries: a value that is not finite.
    """
    array = finite_array(values, "values")
    if array.size < 2 * SHORTEST_STRETCH:
        raise NotEnoughPoints(
            f"A change needs {SHORTEST_STRETCH} points on either side; there are {array.size} in all."
        )
    span = float(np.ptp(array))
    if span == 0:
        return ()
    scaled = (array - array.mean()) / span
    cuts = _best_cuts(scaled, _PRICE * math.log(array.size) * _long_run_variance(scaled))
    edges = [0, *cuts, array.size]
    means = [float(array[a:b].mean()) for a, b in pairwise(edges)]
    return tuple(Change(at, means[i], means[i + 1]) for i, at in enumerate(cuts))


def _long_run_variance(array: Floats) -> float:
    """Of an AR(1) series with jumps: steps of one point have variance 2 (1 - r), of two 2 (1 - r^2)."""
    one, two = (float(np.abs(array[k:] - array[:-k]).mean()) ** 2 for k in (1, 2))
    lag = min(max(two / one - 1.0, 0.0), LARGEST_LAG)
    point = one * math.pi / 4.0 / (1.0 - lag)  # the squared mean of a normal step is 2/pi of its variance
    return point * (1.0 + lag) / (1.0 - lag)


def _best_cuts(array: Floats, price: float) -> list[int]:
    n, shortest = array.size, SHORTEST_STRETCH
    gains = _gains(array)
    best = np.full(n + 1, math.inf)  # least cost of the first i points
    best[0] = -price  # the first stretch costs no cut
    last = np.zeros(n + 1, dtype=np.intp)
    # As many ends at a time as the shortest stretch has points: none of them depends on another of them.
    for begin in range(shortest, n + 1, shortest):
        ends = slice(begin, min(begin + shortest, n + 1))
        costs = best[:begin] - gains[ends, :begin] + price
        last[ends] = costs.argmin(axis=1)
        best[ends] = costs.min(axis=1)
    cuts: list[int] = []
    at = int(last[n])
    while at > 0:
        cuts.append(at)
        at = int(last[at])
    return cuts[::-1]


def _gains(array: Floats) -> Floats:
    """What the mean of the points from the column on and before the row explains; too short ones cost all.

    The squares themselves are in every partition, so only what the means explain counts.
    """
    sums = np.concatenate([[0.0], np.cumsum(array)])
    lengths, short = _lengths(sums.size)
    gains: Floats = np.subtract.outer(sums, sums) ** 2 / lengths
    gains[short] = -math.inf
    return gains


@lru_cache(maxsize=128)  # of at most 121 edges each, as long as a journey carries 120 periods: 200 KB
def _lengths(edges: int) -> tuple[npt.NDArray[np.intp], Bools]:
    """The points from each edge (column) to each other one (row), and which are too few for a stretch."""
    lengths = np.subtract.outer(np.arange(edges), np.arange(edges))
    short = lengths < SHORTEST_STRETCH
    lengths[short] = 1
    for array in (lengths, short):
        array.flags.writeable = False
    return lengths, short

"""Whether a later window scatters more than the baseline did, or only seems to.

Two moving-range sigmas of the same process differ a lot: with 20 points before and 12 after, the later one
is over 1.25 times the earlier in 25 of 100 cases without any change (22 with 24 points after). A fixed factor
would refuse those teams. The ratio is compared with an F quantile instead, on 0.62 (n - 1) degrees of
freedom: about as many as a mean moving range of n independent points is worth.

Measured (`benchmarks/scatter_size.py`), at the level of 5 %: false refusals 5 % at 20 + 12, 20 + 24 and
60 + 52 points, 6 % at 20 + 6; with lag-1 correlation 0.6 they are 3 %, with heavy tails (t, 4 degrees of
freedom) 9 %. A doubled scatter is seen in 66 % at 20 + 12 points, in 77 % at 20 + 24. What lost: a level of
10 %, which sees a doubled scatter in 78 % at 20 + 12, and refuses one healthy team in ten at each look.
"""

import math

from evidence.limits import Limits

# The share of unchanged processes that are refused, by design.
LEVEL = 0.05
# Degrees of freedom per moving range, for independent normal points.
_DEGREES_PER_RANGE = 0.62


def widest_ratio(n_before: int, n_after: int, level: float = LEVEL) -> float:
    """The ratio of sigmas, later to earlier, that chance exceeds with probability `level`."""
    from scipy.special import fdtri

    degrees_after, degrees_before = (_DEGREES_PER_RANGE * (n - 1) for n in (n_after, n_before))
    return math.sqrt(float(fdtri(degrees_after, degrees_before, 1.0 - level)))


def no_wider(before: Limits, after: Limits) -> bool:
    """Whether the points behind `after` scatter no more than those behind `before` (same chart).

    Shares are compared with the same number of cases in mind, durations as logarithms.
    """
    old, new = (limits.sigma * limits.sigma_z for limits in (before, after))
    return new <= old * widest_ratio(before.n, after.n)

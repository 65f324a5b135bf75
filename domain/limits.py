"""The control limits of one point, from the frozen ones: for pages and charts, where numpy is not at hand.

What decides is computed by `evidence.limits`; a test holds the two together.
"""

import math
from typing import Final

from domain.charter import Measure
from domain.charting import BY_CASES, OF_DURATIONS, Chart, in_unit
from domain.measurement import FrozenLimits

# Standard deviations on either side of the centre, by Shewhart's convention, as in `evidence.limits`.
_WIDTH: Final = 3.0
_SHARES: Final[frozenset[Chart]] = frozenset({"p", "p_prime"})
_COUNTED: Final[frozenset[Chart]] = frozenset({"p", "p_prime", "c", "u", "u_prime", "g", "t"})
_FROM_ZERO: Final[frozenset[Chart]] = _COUNTED | OF_DURATIONS


def limits_at(limits: FrozenLimits, denominator: float | None) -> tuple[float, float, float] | None:
    """Return lower limit, centre and upper limit of one point, as `evidence.limits.limits_at` does.

    None where a point has no limits: one that rests on cases, without a positive number of them.
    """
    half = _WIDTH * limits.sigma
    if limits.chart in BY_CASES:
        if denominator is None or denominator <= 0:
            return None
        half = _WIDTH * (limits.sigma * limits.sigma_z / math.sqrt(denominator))
    low, centre, high = (in_unit(limits.chart, limits.centre + side * half) for side in (-1, 0, 1))
    floor = 0.0 if limits.chart in _FROM_ZERO else -math.inf
    return max(low, floor), centre, min(high, 1.0) if limits.chart in _SHARES else high


def lowest(measure: Measure) -> float:
    """Return the smallest value that can be: nobody should be shown a limit of -3 incidents.

    For showing only: a limit that nothing can cross judges nothing either way.
    """
    return -math.inf if measure == "amount" else 0.0

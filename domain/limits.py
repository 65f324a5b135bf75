"""The control limits of one point, from the frozen ones: for pages and charts, where numpy is not at hand.

What decides is computed by `evidence.limits`; a test holds the two together.
"""

import math
from typing import Final, assert_never

from domain.charter import Measure
from domain.measurement import FrozenLimits

# Standard deviations on either side of the centre, by Shewhart's convention, as in `evidence.limits`.
_WIDTH: Final = 3.0
# The natural logarithm of the largest double: a limit beyond it is drawn there.
_LARGEST_LOG: Final = math.log(1.7976931348623157e308)


def limits_at(limits: FrozenLimits, denominator: float | None) -> tuple[float, float, float] | None:
    """Return lower limit, centre and upper limit of one point, as `evidence.limits.limits_at` does.

    None where a point has no limits: a share without a positive number of cases.
    """
    match limits.chart:
        case "individuals":
            half = _WIDTH * limits.sigma
            return limits.centre - half, limits.centre, limits.centre + half
        case "log_individuals":
            half = _WIDTH * limits.sigma
            low, centre, high = (limits.centre + side * half for side in (-1, 0, 1))
            return _exp(low), _exp(centre), _exp(high)
        case "p_prime":
            if denominator is None or denominator <= 0:
                return None
            half = _WIDTH * (limits.sigma * limits.sigma_z / math.sqrt(denominator))
            return max(limits.centre - half, 0.0), limits.centre, min(limits.centre + half, 1.0)
        case _:
            assert_never(limits.chart)


def lowest(measure: Measure) -> float:
    """Return the smallest value that can be: nobody should be shown a limit of -3 incidents.

    For showing only: a limit that nothing can cross judges nothing either way.
    """
    return -math.inf if measure == "amount" else 0.0


def _exp(x: float) -> float:
    return math.exp(min(x, _LARGEST_LOG))

"""Control limits, frozen on a baseline and then applied to later points.

Freezing (phase I, then phase II) is the point: limits recomputed over new data absorb the very change they
should show. Definitions: Wheeler, Understanding Statistical Process Control (individuals); Laney, Improved
control charts for attributes, Quality Engineering 14(4), 2002 (P').
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np

from evidence.series import BadSeries, Floats, NotEnoughPoints, finite_array

__all__ = [
    "D2",
    "MINIMUM_POINTS",
    "BadSeries",
    "Chart",
    "Limits",
    "NotEnoughPoints",
    "freeze_limits",
    "limits_at",
]

Chart = Literal["individuals", "log_individuals", "p_prime"]

# No unit: the mean range of two independent normal values in standard deviations, 2/sqrt(pi) = 1.128379...
# Tables print 1.128 (Montgomery, Introduction to Statistical Quality Control, appendix VI); 3/1.128 is the
# familiar 2.66. Engines that round it earlier (2.66, 1.128) differ from us by less than 1 in 1000.
D2 = 2.0 / math.sqrt(math.pi)

# Standard deviations on either side, by Shewhart's convention.
WIDTH = 3.0

# Points: under 5 to 6 Wheeler calls limits not yet useful, and one moving range decides half of them.
MINIMUM_POINTS = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What a baseline leaves behind: enough to draw and to judge every later point, and nothing else.

    `centre` is in the unit of the values (for `log_individuals`: the natural logarithm of it). `sigma` is the
    short-term standard deviation of one point on that scale; for `p_prime` that of one single case, so a
    point's is `sigma * sigma_z / sqrt(denominator)`. `sigma_z` is Laney's factor for variation between
    periods beyond the binomial, 1.0 where it is not used. `n` is the number of points they were frozen on.
    """

    chart: Chart
    centre: float
    sigma: float
    sigma_z: float
    n: int


def freeze_limits(values: Sequence[float], denominators: Sequence[float] | None, chart: Chart) -> Limits:
    """Limits of these points: mean and mean moving range on the chart's scale.

    `values` are shares between 0 and 1 for `p_prime`, with `denominators` the number of cases behind each;
    positive for `log_individuals`; any unit for `individuals`, which ignores denominators. A series that
    never varies gets sigma 0: its limits equal its centre, and anything else is outside.

    Raises:
        NotEnoughPoints: under 6 points.
        BadSeries: a value that is not finite or does not fit the chart, a denominator that is not positive.
    """
    array = finite_array(values, "values")
    if array.size < MINIMUM_POINTS:
        raise NotEnoughPoints(f"Limits need at least {MINIMUM_POINTS} points; there are {array.size}.")
    match chart:
        case "individuals":
            return _individuals(array, chart)
        case "log_individuals":
            if (array <= 0).any():
                raise BadSeries(f"A log scale needs values above 0; the smallest is {array.min():g}.")
            return _individuals(np.log(array), chart)
        case "p_prime":
            return _p_prime(array, denominators)
        case _:
            assert_never(chart)


def limits_at(limits: Limits, denominator: float | None) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit of one point, in the unit of the values.

    Log limits come transformed back (so the centre is a geometric mean); shares are cut to 0..1.

    Raises:
        BadSeries: a `p_prime` point without a positive denominator has no limits.
    """
    half = WIDTH * spread_at(limits, denominator)
    low, high = limits.centre - half, limits.centre + half
    match limits.chart:
        case "individuals":
            return low, limits.centre, high
        case "log_individuals":
            return _exp(low), _exp(limits.centre), _exp(high)
        case "p_prime":
            return max(low, 0.0), limits.centre, min(high, 1.0)
        case _:
            assert_never(limits.chart)


def spread_at(limits: Limits, denominator: float | None) -> float:
    """The standard deviation of one point on the chart's own scale (logarithms for `log_individuals`)."""
    if limits.chart != "p_prime":
        return limits.sigma
    if denominator is None or not math.isfinite(denominator) or denominator <= 0:
        raise BadSeries(f"A share needs the number of cases behind it, above 0; it is {denominator}.")
    return limits.sigma * limits.sigma_z / math.sqrt(denominator)


def mean_moving_range(array: Floats) -> float:
    """The mean absolute step from one point to the next, in the unit of the array (2 points or more)."""
    return float(np.abs(np.diff(array)).mean())


def _individuals(array: Floats, chart: Chart) -> Limits:
    if np.ptp(array) == 0:  # the mean of equal numbers need not be that number in floating point
        return Limits(chart, float(array[0]), 0.0, 1.0, array.size)
    return Limits(chart, float(array.mean()), mean_moving_range(array) / D2, 1.0, array.size)


def _p_prime(shares: Floats, denominators: Sequence[float] | None) -> Limits:
    if denominators is None:
        raise BadSeries("Shares need the number of cases behind each; there are no denominators.")
    cases = finite_array(denominators, "denominators")
    if cases.size != shares.size:
        raise BadSeries(
            f"There are {shares.size} shares and {cases.size} denominators; each share needs its own."
        )
    if (cases <= 0).any():
        raise BadSeries(f"Every denominator must be above 0; the smallest is {cases.min():g}.")
    if (shares < 0).any() or (shares > 1).any():
        raise BadSeries(f"Shares lie between 0 and 1; these reach from {shares.min():g} to {shares.max():g}.")
    if np.ptp(shares) == 0:
        return Limits("p_prime", float(shares[0]), 0.0, 1.0, shares.size)
    centre = float((shares * cases).sum() / cases.sum())
    sigma = math.sqrt(max(centre * (1.0 - centre), 0.0))
    if sigma == 0:
        raise BadSeries("The shares differ, but so few cases stand behind the differences that they vanish.")
    z = (shares - centre) / (sigma / np.sqrt(cases))
    return Limits("p_prime", centre, sigma, mean_moving_range(z) / D2, shares.size)


def _exp(x: float) -> float:
    return math.exp(min(x, math.log(np.finfo(np.float64).max)))  # a limit too high for a double stays finite

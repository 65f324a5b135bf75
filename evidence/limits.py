"""Control limits, frozen once on a baseline and then applied to later points.

Freezing (phase I, then phase II) is the point: limits recomputed over new data absorb the very change they
should show. Sources: Wheeler, Understanding Statistical Process Control (individuals); Montgomery,
Introduction to Statistical Quality Control (p, c, u); Laney, Improved control charts for attributes, Quality
Engineering 14(4), 2002 (P', U'); Taylor, Normalized individuals chart, 2017 (weighted); Benneyan, Number-
between g-type control charts, Health Care Management Science 4, 2001 (g); Nelson, A control chart for
parts-per-million nonconforming items, Journal of Quality Technology 26(3), 1994 (t).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from evidence.charts import BY_CASES, POSITIVE, Chart, all_to_scale, check_range, ends_at, from_scale
from evidence.ranges import D2, MovingRange, short_term_sigma
from evidence.series import LARGEST_MAGNITUDE, BadSeries, Bools, Floats, NotEnoughPoints, finite_array

__all__ = [
    "D2",
    "MINIMUM_POINTS",
    "WIDTH",
    "BadSeries",
    "Chart",
    "Limits",
    "NotEnoughPoints",
    "distances",
    "freeze_limits",
    "limits_at",
    "spread_at",
]

# Standard deviations on either side, by Shewhart's convention.
WIDTH = 3.0

# Points: under 5 to 6 Wheeler calls limits not yet useful, and one moving range decides half of them.
MINIMUM_POINTS = 6

# Relative: centre and value come out of different sums, so equality must forgive the last bits of a double.
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Limits:
    """What a baseline leaves behind: enough to draw and to judge every later point, and nothing else.

    `centre` is on the chart's scale (for `log_individuals` a natural logarithm, for `t` the 3.6th root, else
    the unit of the values). `sigma` is the standard deviation of one point on that scale; where points rest
    on cases (shares, rates, `weighted`) that of one single case, so a point's is
    `sigma * sigma_z / sqrt(denominator)`. `sigma_z` is Laney's factor for variation between periods beyond
    chance, 1.0 where it is not used. `n` is the number of points they were frozen on, `moving_range` and
    `screened` say how sigma came about and how many moving ranges were left out as beyond chance.
    """

    chart: Chart
    centre: float
    sigma: float
    sigma_z: float
    n: int
    moving_range: MovingRange = "mean"
    screened: int = 0


def freeze_limits(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    chart: Chart,
    *,
    moving_range: MovingRange = "mean",
    screen: bool = False,
    explained: frozenset[int] = frozenset(),
) -> Limits:
    """Limits of these points.

    `values` are shares between 0 and 1 for `p` and `p_prime`, events per unit for `u` and `u_prime`, counts
    from 0 for `c` and `g`, positive for `log_individuals` and `t`; `denominators` are the cases or units
    behind each where the chart rests on them, and are ignored where it does not. Explained points are left
    out, with the steps to and from them. `moving_range` and `screen` (see `ranges`) matter where sigma comes
    from steps: everywhere but `p`, `c`, `u` and `g`, which take it from the centre alone.

    A series that never varies gets sigma 0 where sigma comes from steps: its limits equal its centre, and
    anything else is outside.

    Raises:
        NotEnoughPoints: under 6 points that are not explained.
        BadSeries: a value that is not finite or does not fit the chart, a denominator that is not positive.
    """
    kept = np.ones(len(values), dtype=bool)
    if explained:
        kept = np.array([i not in explained for i in range(len(values))], dtype=bool)
        values = [v if k else 0.0 for v, k in zip(values, kept, strict=True)]
    array = finite_array(values, "values")
    if kept.sum() < MINIMUM_POINTS:
        raise NotEnoughPoints(f"Limits need at least {MINIMUM_POINTS} points; there are {kept.sum()}.")
    check_range(chart, float(array[kept].min()), float(array[kept].max()))
    cases = _cases(denominators, kept) if chart in BY_CASES else np.ones(array.size)
    match chart:
        case "individuals" | "log_individuals" | "root_individuals" | "t" | "weighted":
            scaled = np.where(kept, all_to_scale(chart, np.where(kept, array, 1.0)), 0.0)
            return _from_steps(chart, scaled, cases, kept, moving_range, screen=screen)
        case "p_prime" | "u_prime":
            return _laney(chart, array, cases, kept, moving_range, screen=screen)
        case "p" | "u" | "c" | "g":
            return _from_centre(chart, array[kept], cases[kept])
        case _:
            assert_never(chart)


def limits_at(limits: Limits, denominator: float | None) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit of one point, in the unit of the values.

    Transformed scales come transformed back (so a log chart's centre is a geometric mean); limits beyond what
    a value can be (below 0, above 1) are cut to it.

    Raises:
        BadSeries: a point without a positive denominator on a chart that rests on cases has no limits.
    """
    half = WIDTH * spread_at(limits, denominator)
    low, centre, high = (from_scale(limits.chart, limits.centre + side * half) for side in (-1, 0, 1))
    floor, ceiling = ends_at(limits.chart)
    return max(low, floor), centre, min(high, ceiling)


def spread_at(limits: Limits, denominator: float | None) -> float:
    """The standard deviation of one point on the chart's scale; BadSeries as for `limits_at`."""
    if limits.chart not in BY_CASES:
        return limits.sigma
    if denominator is None or not math.isfinite(denominator) or denominator <= 0:
        raise BadSeries(
            f"A point of this chart needs the number of cases behind it, above 0; it is {denominator}."
        )
    return limits.sigma * limits.sigma_z / math.sqrt(denominator)


def distances(values: Sequence[float], denominators: Sequence[float] | None, limits: Limits) -> Floats:
    """How far above the centre each point lies, in its own standard deviations; NaN if it has no place.

    It has none when it is not finite, cannot occur on this chart or has no positive denominator where it
    needs one. Where nothing ever varied, any other value is infinitely far away.

    Raises:
        BadSeries: denominators of another length than the values.
    """
    if denominators is not None and len(denominators) != len(values):
        raise BadSeries(f"There are {len(values)} values and {len(denominators)} denominators.")
    array = np.asarray(values, dtype=np.float64)
    placed = _placed(array, limits.chart)
    spread: float | Floats = limits.sigma * limits.sigma_z
    if limits.chart in BY_CASES:
        cases = np.full(array.shape, math.nan) if denominators is None else np.asarray(denominators, float)
        placed &= np.isfinite(cases) & (cases > 0)
        spread = spread / np.sqrt(np.where(placed, cases, 1.0))
    scaled = all_to_scale(limits.chart, np.where(placed, array, 1.0))
    away = scaled - limits.centre
    away[np.abs(away) <= _SAME * np.maximum(np.abs(scaled), abs(limits.centre))] = 0.0
    sound = spread > np.abs(away) / LARGEST_MAGNITUDE
    if sound.all():
        result = away / spread
    else:
        result = np.where(away == 0, 0.0, np.copysign(math.inf, away))
        np.divide(away, spread, out=result, where=sound)
    result[~placed] = math.nan
    return result


def _placed(array: Floats, chart: Chart) -> Bools:
    """Whether each value is a finite number that can occur on the chart."""
    low, high = ends_at(chart)
    with np.errstate(invalid="ignore"):
        placed: Bools = np.abs(array) <= LARGEST_MAGNITUDE
        if low > -math.inf:
            placed &= array > low if chart in POSITIVE else array >= low
        if high < math.inf:
            placed &= array <= high
    return placed


def _cases(denominators: Sequence[float] | None, kept: Bools) -> Floats:
    if denominators is None:
        raise BadSeries("This chart needs the number of cases behind each value; there are no denominators.")
    if len(denominators) != kept.size:
        raise BadSeries(
            f"There are {kept.size} values and {len(denominators)} denominators; each needs its own."
        )
    cases = finite_array([d if k else 1.0 for d, k in zip(denominators, kept, strict=True)], "denominators")
    if (cases < 1.0 / LARGEST_MAGNITUDE).any():
        raise BadSeries(f"Every denominator must be above 0; the smallest is {cases.min():g}.")
    return cases


def _centre(array: Floats, cases: Floats) -> float:
    if np.ptp(array) == 0:  # the mean of equal numbers need not be that number in floating point
        return float(array[0])
    return float((array * (cases / cases.sum())).sum())


def _from_steps(
    chart: Chart, scaled: Floats, cases: Floats, kept: Bools, moving_range: MovingRange, *, screen: bool
) -> Limits:
    # A step between means of n and m cases has 1/n + 1/m times the variance of a case: 2 where both are 1.
    steps = np.abs(np.diff(scaled)) / np.sqrt((1.0 / cases[1:] + 1.0 / cases[:-1]) / 2.0)
    sigma, dropped = short_term_sigma(steps[kept[1:] & kept[:-1]], moving_range, screen=screen)
    centre = _centre(scaled[kept], cases[kept])
    return Limits(chart, centre, sigma, 1.0, int(kept.sum()), moving_range, dropped)


def _laney(
    chart: Chart, array: Floats, cases: Floats, kept: Bools, moving_range: MovingRange, *, screen: bool
) -> Limits:
    n = int(kept.sum())
    centre = _centre(array[kept], cases[kept])
    sigma = _sigma_of_centre(chart, centre)
    if np.ptp(array[kept]) == 0:
        return Limits(chart, centre, 0.0, 1.0, n, moving_range)
    if sigma == 0:
        raise BadSeries("The values differ, but so few cases stand behind the differences that they vanish.")
    z = (array - centre) / (sigma / np.sqrt(cases))
    steps = np.abs(np.diff(z))[kept[1:] & kept[:-1]]
    sigma_z, dropped = short_term_sigma(steps, moving_range, screen=screen)
    return Limits(chart, centre, sigma, sigma_z, n, moving_range, dropped)


def _from_centre(chart: Chart, array: Floats, cases: Floats) -> Limits:
    mean = _centre(array, cases)
    sigma = _sigma_of_centre(chart, mean)
    if chart == "g":
        # The mean of a geometric count lies far above its middle, so runs are counted from the median; sigma
        # is then a third of the way from there to mean + 3 sqrt(mean (mean + 1)).
        median = float(np.median(array))
        return Limits(chart, median, (mean + WIDTH * sigma - median) / WIDTH, 1.0, array.size)
    return Limits(chart, mean, sigma, 1.0, array.size)


def _sigma_of_centre(chart: Chart, centre: float) -> float:
    if chart in ("p", "p_prime"):
        return math.sqrt(max(centre * (1.0 - centre), 0.0))
    if chart == "g":
        return math.sqrt(centre * (centre + 1.0))
    return math.sqrt(centre)

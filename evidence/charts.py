"""The kinds of control chart: which one fits what is measured, its scale, and which values it can hold.

The scale is where its points are roughly normal: logarithms or the 3.6th root for durations, the same root
for times between rare events, the values themselves for the rest.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from evidence.diagnostics import skew
from evidence.series import BadSeries, Floats, finite_array

Chart = Literal[
    "individuals",
    "log_individuals",
    "root_individuals",
    "p",
    "p_prime",
    "c",
    "u",
    "u_prime",
    "weighted",
    "g",
    "t",
]
Measure = Literal["share", "duration", "count", "rate", "amount", "rare"]

# What a charter's kind of measure is judged by unless it names a chart. Laney's charts for shares and rates,
# because with many cases plain p and u charts call ordinary weeks signals (16 of 20 points of a stable series
# of 270,000 cases a week); individuals for counts, because weekly counts vary more than Poisson's law lets a
# c chart allow; times between events for rare ones, because a weekly count of 0, 0, 1, 0 has no limits.
CHART_FOR: dict[Measure, Chart] = {
    "share": "p_prime",
    "duration": "log_individuals",
    "count": "individuals",
    "rate": "u_prime",
    "amount": "individuals",
    "rare": "g",
}

# Charts whose points rest on a number of cases or units each, and have limits of their own by it.
BY_CASES: frozenset[Chart] = frozenset({"p", "p_prime", "u", "u_prime", "weighted"})

_SHARES: frozenset[Chart] = frozenset({"p", "p_prime"})
# Charts of times, which are above 0.
POSITIVE: frozenset[Chart] = frozenset({"log_individuals", "root_individuals", "t"})
_ROOTS: frozenset[Chart] = frozenset({"root_individuals", "t"})
_FROM_ZERO: frozenset[Chart] = frozenset({"p", "p_prime", "c", "u", "u_prime", "g"})

# The power that makes exponential times symmetric, a Weibull of shape 3.6 (Nelson 1994).
_T_POWER = 3.6

# Skewness: two values in turn lean the same on any scale, and the last bits of a double shall not choose.
_SAME_SKEW = 1e-9

_LARGEST_LOG = math.log(np.finfo(np.float64).max)


def chart_for_durations(baseline: Sequence[float]) -> Chart:
    """The chart on whose scale these durations lean less: `log_individuals` or `root_individuals`.

    Logarithms make lognormal durations symmetric and overdo it for shapes with a thinner tail (gamma,
    Weibull): of those, stable ones pass the gate of stability in 78 to 82 % on logarithms, in 85 to 88 % on
    the scale chosen here, as lognormal ones do (`benchmarks/stability_gate.py`). To be asked once, of the
    points that limits are frozen on. Logarithms where nothing varies.

    Raises:
        BadSeries: a duration that is not finite or not above 0.
    """
    array = finite_array(baseline, "durations")
    if array.size:
        check_range("log_individuals", float(array.min()), float(array.max()))
    logs, roots = skew(np.log(array).tolist()), skew(all_to_scale("root_individuals", array).tolist())
    if logs is None or roots is None or abs(roots) >= abs(logs) - _SAME_SKEW:
        return "log_individuals"
    return "root_individuals"


def check_range(chart: Chart, low: float, high: float) -> None:
    """Pass when values from `low` to `high` can occur on this chart; BadSeries says why not."""
    if chart in _SHARES and (low < 0 or high > 1):
        raise BadSeries(f"Shares lie between 0 and 1; these reach from {low:g} to {high:g}.")
    if chart in POSITIVE and low <= 0:
        raise BadSeries(f"A chart of times needs values above 0; the smallest is {low:g}.")
    if chart in _FROM_ZERO and low < 0:
        raise BadSeries(f"Counts and rates start at 0; the smallest is {low:g}.")


def to_scale(chart: Chart, value: float) -> float:
    """The value where its chart is roughly normal; NaN where it cannot occur on it."""
    if chart in POSITIVE and not value > 0:
        return math.nan
    if chart == "log_individuals":
        return math.log(value)
    return float(value ** (1.0 / _T_POWER)) if chart in _ROOTS else value


def all_to_scale(chart: Chart, values: Floats) -> Floats:
    """The same for many values, all of which can occur on the chart."""
    if chart == "log_individuals":
        return np.log(values)
    if chart in _ROOTS:
        return np.power(values, 1.0 / _T_POWER)
    return values


def from_scale(chart: Chart, x: float) -> float:
    """The value that lies at this place of its chart's scale, finite."""
    if chart == "log_individuals":
        return math.exp(min(x, _LARGEST_LOG))
    if chart in _ROOTS:
        return float(max(x, 0.0) ** _T_POWER)
    return x


def ends_at(chart: Chart) -> tuple[float, float]:
    """The smallest and the largest value that the chart can hold, infinite where there is none."""
    low = 0.0 if chart in _FROM_ZERO | POSITIVE else -math.inf
    return low, 1.0 if chart in _SHARES else math.inf

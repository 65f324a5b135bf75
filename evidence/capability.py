"""What a stable process promises: the share of periods kept, and Cpk and Ppk where they mean something.

Source of the indices: Montgomery, Introduction to Statistical Quality Control, chapter 8 (as in qcc).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence.charts import to_scale
from evidence.diagnostics import skew
from evidence.limits import Chart, freeze_limits
from evidence.series import BadSeries, NotEnoughPoints
from evidence.signals import Direction, judge

# Points: with 20 the 95 % interval of a Cpk of 1 is about 0.7 to 1.3 already; with fewer it says nothing.
MINIMUM_POINTS = 20

# Skewness: normal samples of 20 points exceed it in 3 of 100 cases, and beyond it the index is off by half.
_LARGEST_SKEW = 1.0

# Standard normal quantile of a two-sided 95 % interval.
_Z95 = 1.959963984540054

_MEASURED: frozenset[Chart] = frozenset({"individuals", "log_individuals", "root_individuals"})


class NotStable(ValueError):
    """The process has signals within these points, so its past says nothing about what it will do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """In how many of the periods the promise was kept, with Wilson's 95 % interval of that share."""

    kept: int
    periods: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Capability:
    """How many times three standard deviations fit between the centre and the nearer specification limit.

    `cpk` takes the short-term variation (moving ranges), `ppk` the variation of all points; `cp` and `pp` are
    the same for the whole width, None with a limit on one side only. At 1 the control limit touches the
    specification; 1.33 is the usual wish.
    """

    points: int
    cp: float | None
    cpk: float
    pp: float | None
    ppk: float


def promise_kept(values: Sequence[float], target: float, direction: Direction) -> Kept:
    """The periods at the target or on its good side; a value that is not finite did not keep it.

    Raises:
        NotEnoughPoints: no period at all.
        BadSeries: a target that is not finite.
    """
    if not math.isfinite(target):
        raise BadSeries(f"A promise needs a finite target; it is {target}.")
    n = len(values)
    if not n:
        raise NotEnoughPoints("There are no periods in which a promise could have been kept.")
    kept = sum(math.isfinite(v) and (v >= target if direction == "up" else v <= target) for v in values)
    share = kept / n
    middle = (share + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + _Z95**2 / (4 * n**2)) / (1 + _Z95**2 / n)
    return Kept(kept, n, share, max(middle - half, 0.0), min(middle + half, 1.0))


def capability(
    values: Sequence[float], *, lower: float | None, upper: float | None, chart: Chart = "individuals"
) -> Capability:
    """Cp, Cpk, Pp and Ppk against specification limits in the unit of the values, one of them at least.

    Durations (`log_individuals`) are judged as logarithms. Shares, counts and rates are refused: their limits
    move with the cases behind them, and `icons.assurance` answers the question for them.

    Raises:
        NotEnoughPoints: under 20 points.
        NotStable: a signal of the gate's two rules within these points.
        BadSeries: another chart, no specification, a series that never varies or is strongly skewed.
    """
    if chart not in _MEASURED:
        raise BadSeries(f"Cpk needs measured values, not a {chart} chart; ask for the assurance instead.")
    if len(values) < MINIMUM_POINTS:
        raise NotEnoughPoints(f"Cpk needs at least {MINIMUM_POINTS} points; there are {len(values)}.")
    limits = freeze_limits(values, None, chart)
    low, high = _specification(lower, upper, chart)
    signals = judge(values, None, limits, direction="up")
    if signals.outside or signals.runs:
        at = min((*signals.outside, *signals.runs)) + 1
        raise NotStable(
            f"The process is not stable (first signal at point {at}), so Cpk would predict nothing."
        )
    scaled = np.array(values if chart == "individuals" else [to_scale(chart, v) for v in values])
    lean, overall = skew(scaled.tolist()), float(scaled.std(ddof=1))
    # So small a spread that its square is 0 in a double is none either.
    if limits.sigma == 0 or overall == 0 or lean is None:
        raise BadSeries(f"All {len(values)} points are the same: there is no variation to measure by.")
    if abs(lean) > _LARGEST_SKEW:
        raise BadSeries(
            f"The values are too skewed ({lean:.1f}) for Cpk; use the share of periods kept instead."
        )
    return Capability(
        points=len(values),
        cp=_width(low, high, limits.sigma),
        cpk=min(limits.centre - low, high - limits.centre) / (3 * limits.sigma),
        pp=_width(low, high, overall),
        ppk=min(limits.centre - low, high - limits.centre) / (3 * overall),
    )


def _specification(lower: float | None, upper: float | None, chart: Chart) -> tuple[float, float]:
    low = -math.inf if lower is None else to_scale(chart, lower)
    high = math.inf if upper is None else to_scale(chart, upper)
    given = [edge for edge, asked in ((low, lower), (high, upper)) if asked is not None]
    if not given or not all(math.isfinite(edge) for edge in given) or low >= high:
        raise BadSeries(
            f"Cpk needs a finite lower or upper limit, in this order, that can occur on the chart; "
            f"they are {lower} and {upper}."
        )
    return low, high


def _width(low: float, high: float, sigma: float) -> float | None:
    return (high - low) / (6 * sigma) if math.isfinite(high - low) else None

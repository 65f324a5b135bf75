"""What a reader must know about a series before trusting a verdict on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evidence.series import BadSeries, finite_array


@dataclass(frozen=True, slots=True)
class Description:
    """A series in the numbers that a verdict should be read with.

    `missing` counts the periods without a value between the first and the last, `longest_gap` those in a row.
    `lag1` and `skew` are None where they say nothing. `fewest_cases` and `most_cases` are None where points
    do not rest on cases.
    """

    points: int
    missing: int
    longest_gap: int
    lag1: float | None
    skew: float | None
    tied_share: float
    fewest_cases: float | None
    most_cases: float | None


def describe(
    values: Sequence[float], denominators: Sequence[float] | None, periods: Sequence[int]
) -> Description:
    """Describe a series given in time order, with the number of each value's period.

    Raises:
        BadSeries: a number that is not finite, or lists of different lengths.
    """
    if len(values) != len(periods) or (denominators is not None and len(denominators) != len(values)):
        raise BadSeries("Values, denominators and periods must be equally many.")
    cases = finite_array(denominators or [], "denominators")
    known = set(periods)
    return Description(
        points=len(values),
        missing=max(periods) - min(periods) + 1 - len(known) if known else 0,
        longest_gap=longest_gap(periods),
        lag1=lag1(values),
        skew=skew(values),
        tied_share=tied_share(values),
        fewest_cases=float(cases.min()) if cases.size else None,
        most_cases=float(cases.max()) if cases.size else None,
    )


def lag1(values: Sequence[float]) -> float | None:
    """Lag-1 autocorrelation, -1 to 1, around the mean; None under 3 points or without variation.

    The usual estimate (Box and Jenkins), which is biased low by about (1 + 4r)/n: at 20 points a true 0.5
    shows as about 0.35 on average.
    """
    array = finite_array(values, "values")
    if array.size < 3 or np.ptp(array) == 0:  # noqa: PLR2004 - two points always have -0.5
        return None
    unit = (array - array.mean()) / np.ptp(array)
    return float((unit[1:] * unit[:-1]).sum() / (unit**2).sum())


def skew(values: Sequence[float]) -> float | None:
    """Sample skewness g1: 0 when symmetric, 1.75 for a lognormal with sigma 0.5; None as for `lag1`."""
    array = finite_array(values, "values")
    if array.size < 3 or np.ptp(array) == 0:  # noqa: PLR2004 - two points are always symmetric
        return None
    unit = (array - array.mean()) / np.ptp(array)
    return float((unit**3).mean() / (unit**2).mean() ** 1.5)


def tied_share(values: Sequence[float]) -> float:
    """The share of points, 0 to 1, that equal at least one other point; 0.0 for no points."""
    array = finite_array(values, "values")
    if not array.size:
        return 0.0
    _, counts = np.unique(array, return_counts=True)
    return float(counts[counts > 1].sum() / array.size)


def longest_gap(periods: Sequence[int]) -> int:
    """The largest number of periods missing in a row between the first and the last of these period numbers.

    Periods count 0, 1, 2, ... in the cadence's order; repetitions and any order are fine. 0 when none is
    missing, and for fewer than two periods.
    """
    ordered = sorted(set(periods))
    return max((later - earlier - 1 for earlier, later in pairwise(ordered)), default=0)

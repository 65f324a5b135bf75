"""The moving-range chart, which stands below an individuals chart: how large the steps were."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence.charts import BY_CASES, all_to_scale, check_range
from evidence.limits import Limits
from evidence.ranges import D2, D2_MEDIAN, RANGE_LIMIT
from evidence.series import BadSeries, NotEnoughPoints, finite_array


@dataclass(frozen=True, slots=True)
class RangeChart:
    """Steps from one point to the next on the chart's scale, their frozen centre and their upper limit.

    `ranges[i]` leads to point i + 1; `beyond` holds the points whose step is larger than chance explains.
    """

    ranges: tuple[float, ...]
    centre: float
    upper: float
    beyond: tuple[int, ...]


def range_chart(values: Sequence[float], limits: Limits) -> RangeChart:
    """The moving ranges of these points by the limits of their chart; there is no lower limit above 0.

    Raises:
        NotEnoughPoints: fewer than two points.
        BadSeries: a value that is not finite or cannot occur on the chart; a chart whose points rest on
            cases or take sigma from their centre, which has no such chart.
    """
    if limits.chart in BY_CASES or limits.chart in ("c", "g"):
        raise BadSeries(
            f"A moving-range chart stands below an individuals chart, not below a {limits.chart} chart."
        )
    array = finite_array(values, "values")
    if array.size < 2:  # noqa: PLR2004 - a step needs two points
        raise NotEnoughPoints(f"A moving range needs two points; there are {array.size}.")
    check_range(limits.chart, float(array.min()), float(array.max()))
    ranges = np.abs(np.diff(all_to_scale(limits.chart, array)))
    upper = RANGE_LIMIT * limits.sigma
    return RangeChart(
        ranges=tuple(ranges.tolist()),
        centre=(D2_MEDIAN if limits.moving_range == "median" else D2) * limits.sigma,
        upper=upper,
        beyond=tuple((np.flatnonzero(ranges > upper) + 1).tolist()),
    )

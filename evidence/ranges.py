"""Short-term variation from moving ranges: the steps from one point to the next.

A standard deviation over all points would swallow the very shifts that a chart should show; steps between
neighbours do not (Wheeler, Understanding Statistical Process Control; Nelson, Control charts for individual
measurements, Journal of Quality Technology 14(3), 1982, for screening).
"""

import math
from typing import Literal

import numpy as np

from evidence.series import Floats, NotEnoughPoints

MovingRange = Literal["mean", "median"]

# No unit: the mean range of two independent normal values in standard deviations, 2/sqrt(pi) = 1.128379...
# Tables print 1.128 (Montgomery, Introduction to Statistical Quality Control, appendix VI); 3/1.128 is the
# familiar 2.66. Engines that round it earlier (2.66, 1.128) differ from us by less than 1 in 1000.
D2 = 2.0 / math.sqrt(math.pi)
# The same for the median range: sqrt(2) times the upper quartile of the normal, printed as 0.954
# (3.145 = 3/0.954). One published tool divides the median by the mean's constant: limits 15 % too narrow.
D2_MEDIAN = 0.9538725524
# The standard deviation of that range, printed as 0.853.
D3 = math.sqrt(2.0 - 4.0 / math.pi)
# The largest range that chance explains, in standard deviations of a point: 3.686, that is 3.267 mean ranges.
RANGE_LIMIT = D2 + 3.0 * D3


def short_term_sigma(ranges: Floats, moving_range: MovingRange, *, screen: bool) -> tuple[float, int]:
    """The standard deviation of one point that these moving ranges imply, and how many ranges were left out.

    `screen` drops once the ranges beyond the largest that chance explains, so that a single jump does not
    widen the limits it should be judged by. The median needs no screening but twice the points.

    Raises:
        NotEnoughPoints: no range at all.
    """
    if not ranges.size:
        raise NotEnoughPoints("No two points in a row are left, so there is no step to take the limits from.")
    sigma = _sigma(ranges, moving_range)
    if not screen:
        return sigma, 0
    kept = ranges[ranges <= RANGE_LIMIT * sigma]  # the smallest is always kept: it is below any average
    return _sigma(kept, moving_range), ranges.size - kept.size


def _sigma(ranges: Floats, moving_range: MovingRange) -> float:
    if moving_range == "median":
        return float(np.median(ranges)) / D2_MEDIAN
    return float(ranges.mean()) / D2

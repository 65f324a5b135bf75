"""The run chart with Anhoej's two rules: the chart that needs no assumption about the distribution.

Sources: Anhoej and Olesen, Run charts revisited, PLoS ONE 2014, doi 10.1371/journal.pone.0113825; Anhoej,
Diagnostic value of run chart analysis, PLoS ONE 2015, doi 10.1371/journal.pone.0121349.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from evidence.series import NotEnoughPoints, finite_array

# Points off the centre: with fewer the two rules can hardly fire at all (Anhoej recommends 10 and more).
MINIMUM_USEFUL = 5

# Probability below which there are too few crossings of the centre, in both papers.
_FEW_CROSSINGS = 0.05


@dataclass(frozen=True, slots=True)
class RunChart:
    """What the points do around their centre; `signal` when the longest run is too long or crossings too few.

    `useful` counts the points off the centre. `longest_run` signals when above `longest_run_max`, `crossings`
    when below `crossings_min`.
    """

    centre: float
    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int
    signal: bool


def run_chart(values: Sequence[float], centre: float | None = None) -> RunChart:
    """Anhoej's rules around `centre` (a frozen one) or else the median of the values.

    Raises:
        BadSeries: a value or the centre that is not finite.
        NotEnoughPoints: fewer than 5 points off the centre.
    """
    array = finite_array(values, "values")
    if centre is None:
        if not array.size:
            raise NotEnoughPoints(f"A run chart needs at least {MINIMUM_USEFUL} points; there are none.")
        centre = float(np.median(array))
    finite_array([centre], "the centre")
    above = (array > centre)[array != centre]
    if above.size < MINIMUM_USEFUL:
        raise NotEnoughPoints(
            f"A run chart needs at least {MINIMUM_USEFUL} points off its centre; there are {above.size}."
        )
    runs = [len(list(group)) for _, group in groupby(above.tolist())]
    longest_max, crossings_min = anhoej_bounds(above.size)
    return RunChart(
        centre=centre,
        useful=above.size,
        longest_run=max(runs),
        longest_run_max=longest_max,
        crossings=len(runs) - 1,
        crossings_min=crossings_min,
        signal=max(runs) > longest_max or len(runs) - 1 < crossings_min,
    )


def anhoej_bounds(useful: int) -> tuple[int, int]:
    """The longest run and the fewest crossings that chance explains in so many useful points (1 or more)."""
    from scipy.special import bdtr

    # The 5 % quantile of Binomial(useful - 1, 1/2): the first count that reaches it. The search starts 4
    # standard deviations below the mean, where the distribution function is still under 5 %.
    tosses = useful - 1
    fewest = max(0, math.floor(tosses / 2 - 2 * math.sqrt(tosses)))
    while bdtr(fewest, tosses, 0.5) < _FEW_CROSSINGS:
        fewest += 1
    return round(math.log2(useful)) + 3, fewest

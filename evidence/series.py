"""What counts as a series of measurements, and the two ways of refusing one.

Every public function of this package passes its input through `finite_array`, so that NaN, infinities and
absurd magnitudes are refused in one place with a sentence, and no comparison with NaN ever decides a gate.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# No unit: beyond this a square or a difference of two values leaves the range of a double (1.8e308), and no
# business measurement comes near it. A value like this is an error of the source.
LARGEST_MAGNITUDE = 1e100


class BadSeries(ValueError):
    """The numbers are no measurements: not finite, or not positive or varying where they must be."""


class NotEnoughPoints(ValueError):
    """There are too few points to say anything; waiting helps."""


def finite_array(values: Sequence[float], what: str) -> Floats:
    """The values as a one-dimensional array of finite numbers, or BadSeries naming the first that is not.

    `what` names the series in the refusal ("values", "denominators", "the points before").
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise BadSeries(f"{what} must be a plain list of numbers, not {array.ndim}-dimensional.")
    wrong = np.flatnonzero(~(np.abs(array) <= LARGEST_MAGNITUDE))
    if wrong.size:
        at = int(wrong[0])
        raise BadSeries(
            f"{what}: point {at + 1} of {array.size} is {array[at]}; every point must be a finite number "
            f"no larger than {LARGEST_MAGNITUDE:g}."
        )
    return array

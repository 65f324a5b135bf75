"""What the simulations share: series that remember their past, and how a result is printed."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BURN_IN = 60  # periods until an AR(1) series has forgotten its start
_Z95 = 1.959964  # standard normal quantile of a two-sided 95 % interval


def autoregressive(random: np.random.Generator, lag: float, runs: int, length: int) -> Floats:
    """AR(1) series in rows, normal, each with mean 0 and standard deviation 1."""
    steps = random.standard_normal((runs, BURN_IN + length)) * math.sqrt(1 - lag**2)
    for i in range(1, steps.shape[1]):
        steps[:, i] += lag * steps[:, i - 1]
    return steps[:, BURN_IN:]


def interval(share: float, runs: int, digits: int = 3) -> str:
    """Wilson's 95 % interval of a share of the runs, in words."""
    middle = (share + _Z95**2 / (2 * runs)) / (1 + _Z95**2 / runs)
    half = _Z95 * math.sqrt(share * (1 - share) / runs + _Z95**2 / (4 * runs**2)) / (1 + _Z95**2 / runs)
    return f"{max(middle - half, 0.0):.{digits}f} to {middle + half:.{digits}f}"


def quantile(times: Sequence[float], part: float) -> str:
    """The time by which this part of all runs is there; those that never are count as infinite."""
    at = sorted(times)[max(math.ceil(part * len(times)) - 1, 0)]
    return "never" if math.isinf(at) else f"{at:.0f}"

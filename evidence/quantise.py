"""Numbers cut to significant digits, so that records never depend on the last bits.

Another CPU or another release of numpy may differ in the last bits of a sum. What enters history and the
journal is cut first, so that recomputing it elsewhere gives the same text and the same digest.
"""

import math


def quantise(x: float, digits: int = 6) -> float:
    """The finite number nearest to `x` with this many significant decimal digits; never -0.0.

    Raises:
        ValueError: `x` is not finite (or stops being so when rounded), or `digits` is not 1 to 17.
    """
    if not 1 <= digits <= 17:  # noqa: PLR2004 - 17 decimal digits tell any two doubles apart
        raise ValueError(f"Significant digits go from 1 to 17; asked for {digits}.")
    cut = float(f"{x:.{digits - 1}e}")
    if not math.isfinite(cut):
        raise ValueError(f"Only finite numbers enter a record; this one is {x}.")
    return cut + 0.0

"""How evenly people take part: a prompt for a talk, and in no gate."""

from collections.abc import Sequence
from typing import Final

# A ratio of counts of at most some dozen has no more (decimals).
_DECIMALS: Final = 2


def corrected_gini(counts: Sequence[int]) -> float | None:
    """Return the Gini coefficient times n/(n-1): 0 is everybody alike, 1 is one person alone.

    Uncorrected it cannot pass 1 - 1/n: one talker of five would be 0.80. Source of the correction: Deltas,
    The small-sample bias of the Gini coefficient, Review of Economics and Statistics 85 (2003) 226-234.

    Args:
        counts: one number per person, none negative.

    Returns:
        The coefficient to two decimals, or None for fewer than two people or where nobody did anything.
    """
    n, total = len(counts), sum(counts)
    if n < 2 or total == 0:  # noqa: PLR2004 - one person is neither even nor uneven
        return None
    weighted = sum(place * count for place, count in enumerate(sorted(counts), start=1))
    gini = (2 * weighted - (n + 1) * total) / (n * total)
    return round(gini * n / (n - 1), _DECIMALS)

"""How a metric is charted, as a charter may say it: the chart, its limits, and the rules that read it.

`evidence.charts`, `evidence.ranges` and `evidence.rules` know what the names mean; a test holds the names
here and there together.
"""

import math
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.model import Sent

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
MovingRange = Literal["mean", "median"]
RuleSet = Literal["gate", "wheeler", "western_electric", "nelson", "nhs"]
Flag = Annotated[bool, Field(strict=True)]

# Charts whose points rest on a number of cases or units each, and have limits of their own by it.
BY_CASES: frozenset[Chart] = frozenset({"p", "p_prime", "u", "u_prime", "weighted"})
# Charts of durations, on the scale where these are roughly normal.
OF_DURATIONS: frozenset[Chart] = frozenset({"log_individuals", "root_individuals"})
# Charts of the time between rare events; their points are events, not periods.
BETWEEN_EVENTS: frozenset[Chart] = frozenset({"g", "t"})


# The power that makes exponential times symmetric, as in `evidence.charts`.
T_POWER: Final = 3.6
# The natural logarithm of the largest double: what lies beyond is drawn there.
_LARGEST_LOG: Final = math.log(1.7976931348623157e308)


def in_unit(chart: Chart, x: float) -> float:
    """Return the value that lies at this place of its chart's scale, as `evidence.charts` does."""
    match chart:
        case "log_individuals":
            return math.exp(min(x, _LARGEST_LOG))
        case "t" | "root_individuals":
            return float(max(x, 0.0) ** T_POWER)
        case _:
            return x


class ChartChoice(Sent):
    """How a metric is charted, where that is not to follow from its measure.

    The rules say what a signal is: `gate` (outside the limits, 8 on one side) gives the fewest false alarms
    of those that see a lasting shift; the others are the published sets.
    """

    kind: Chart | None = Field(
        default=None,
        description="The control chart; the one that fits the measure when left out.",
        examples=["weighted"],
    )
    moving_range: MovingRange = Field(
        default="mean", description="Limits from the mean moving range, or from the median one."
    )
    screen: Flag = Field(
        default=False,
        description="Leave moving ranges beyond the largest that chance explains out of the limits, once.",
    )
    rules: RuleSet = Field(default="gate", description="The rules that say which points are signals.")

    @property
    def drawing(self) -> tuple[Chart | None, MovingRange, bool]:
        """What the limits follow from; the rules only read them."""
        return self.kind, self.moving_range, self.screen

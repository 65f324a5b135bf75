"""What a source says differently about a period that was recorded before."""

from pydantic import Field

from domain.model import Carried, Finite


class Restatement(Carried):
    """One recorded period with the value it had and the value it has now; None is a gap.

    `before_of` and `after_of` are the denominators, where there are any.
    """

    period: int
    before: Finite | None
    after: Finite | None
    before_of: Finite | None = None
    after_of: Finite | None = None


class Restated(Carried):
    """What was restated of one metric lately, short enough for a state."""

    periods: tuple[int, ...] = Field(description="The newest of them.")
    count: int
    frozen: int = Field(default=0, description="How many of them are points that limits are frozen on.")


class Doubt(Carried):
    """Why a gate that was passed would not have opened on the numbers as they are now."""

    reason: str
    restated: dict[str, tuple[int, ...]] = Field(description="Metric: periods of the gate that changed.")

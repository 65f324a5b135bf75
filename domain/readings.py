"""What is known about a metric's numbers beyond its limits: signals, diagnostics, capability, readings.

Every field that was added after the first version is left out of JSON while it says nothing, so that the
digest of evidence that was recorded before is the same as ever, and a journey carries no empty words.
"""

from typing import Annotated, Literal

from pydantic import Field

from domain.model import Carried, Finite, silent
from domain.series import TAIL_PERIODS

Meaning = Literal["improvement", "concern", "neutral"]
Variation = Literal[
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]


# As many as a series has at most: a process that moved may have nothing but signals.
Few = Annotated[tuple[int, ...], Field(max_length=TAIL_PERIODS)]


class SignalFound(Carried):
    """All points, by period, that one rule calls a signal on one side."""

    rule: str = Field(description="The rule's name, such as `8 on one side`.")
    periods: Few
    meaning: Meaning


class Diagnostics(Carried):
    """What a reader must know about a series before trusting a verdict on it."""

    points: int = Field(description="Unexplained points since the frozen ones began.")
    missing: int = Field(default=0, description="Periods without a value among them.", exclude_if=silent)
    skew: Finite | None = Field(default=None, description="On the chart's scale.", exclude_if=silent)
    tied: Finite = Field(
        default=0.0, description="Share of points that equal another one.", exclude_if=silent
    )
    fewest_cases: Finite | None = Field(default=None, exclude_if=silent)
    most_cases: Finite | None = Field(default=None, exclude_if=silent)
    explained: int = Field(
        default=0, description="Explained points, shown and not counted.", exclude_if=silent
    )


class CapabilityFound(Carried):
    """Cpk and Ppk against the outcome's promise, or its target; or why they would mean nothing."""

    cpk: Finite | None = None
    ppk: Finite | None = None
    points: int = 0
    refusal: str = Field(default="", exclude_if=silent)


class KeptFound(Carried):
    """In how many of the judged periods the promise was kept, with Wilson's 95 % interval of that share."""

    kept: int
    of: int
    low: Finite
    high: Finite


class ChangeProposed(Carried):
    """Where the level may have changed: a question for the team, never a rebase. Levels in the unit."""

    period: int = Field(description="First period at the new level.")
    before: Finite
    after: Finite


class Association(Carried):
    """How a support metric moves with the outcome `lag` periods later; or why nothing can be said.

    The interval holds for all lags looked at, and respects that both series remember their past.
    """

    lag: int = 0
    correlation: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    pairs: int = 0
    found: bool = Field(default=False, description="Whether the interval leaves zero out.")
    refusal: str = Field(default="", exclude_if=silent)


class Reading(Carried):
    """What a criterion of the team's own asked of one metric: counts and a number, no verdict.

    `key` is the digest of the criterion, so that a changed one never finds the reading of its old self.
    """

    key: str
    seen: int = Field(description="Points or periods looked at.")
    misses: Few = Field(default=(), description="Periods that count against it.", exclude_if=silent)
    in_a_row: int = Field(default=0, description="The most of those in a row.", exclude_if=silent)
    newest: int = Field(default=0, description="Newest points in a row that are good.", exclude_if=silent)
    number: Finite | None = Field(default=None, description="The deciding number.", exclude_if=silent)
    word: str = Field(default="", description="The deciding word, such as an assurance.", exclude_if=silent)
    obstacle: str = Field(default="", description="Why it cannot be said.", exclude_if=silent)

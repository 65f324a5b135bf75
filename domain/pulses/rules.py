"""What a charter says of pulses."""

from datetime import timedelta
from typing import Final, Literal

from pydantic import Field, model_validator

from domain.charting import Flag
from domain.model import Sent
from domain.values import Number, Span, Whole

# Fewer than three answers are two people who know each other's; every tool that was looked at stops there.
FEWEST_ANSWERS: Final = 3
# What the field asks for by default: with five, a band leaves room for doubt about each single answer.
USUAL_ANSWERS: Final = 5


class PulseRules(Sent):
    """A short anonymous survey on trust and equality, at a rhythm of its own."""

    every: Span = Field(default=timedelta(days=91), description="How often one opens by itself: a quarter.")
    open_for: Span = Field(default=timedelta(days=7), description="How long its answers are taken.")
    k: Whole = Field(
        default=USUAL_ANSWERS,
        ge=FEWEST_ANSWERS,
        le=50,
        description="Answers without which nothing is shown and all are destroyed; fixed when a pulse opens.",
    )
    response: Number = Field(
        default=0.7, gt=0, le=1, description="Share of the invited members who must have answered."
    )
    at_least: Literal["mixed", "high"] = Field(
        default="high", description="Band of the items on equality from which a gate takes them as met."
    )
    gates: Flag = Field(default=True, description="Whether the gates ask for it; else it is only shown.")

    @model_validator(mode="after")
    def _one_at_a_time(self) -> "PulseRules":
        if self.open_for <= timedelta(0) or self.every < 2 * self.open_for:
            msg = "`every` must be at least twice `open_for`: a pulse rests as long as it is open"
            raise ValueError(msg)
        return self

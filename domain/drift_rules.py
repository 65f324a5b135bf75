"""What a charter says of drift: when the team is told that it stops being one of equals."""

from datetime import timedelta

from pydantic import Field, field_validator

from domain.model import Sent
from domain.values import Number, Span, Whole

# Shorter, and a flag would hold a gate before anybody could have met over it.
SHORTEST_CYCLE = timedelta(days=1)


class DriftRules(Sent):
    """The detectors of drift: dictating, taking orders, and working in one function."""

    cycle: Span = Field(
        description="A flag that is unresolved for two of these holds the next gate.",
        examples=["13 weeks"],
    )
    window: Whole = Field(
        default=10,
        ge=5,
        le=20,
        description="How many of the newest proposals or work items they look at; with fewer they say "
        "nothing.",
    )
    dictating: Number = Field(
        default=0.6,
        gt=0,
        lt=1,
        description="The largest share of adopted proposals that one function may have raised, or of all "
        "proposals that it may have worded first.",
    )
    taking_orders: Number = Field(
        default=0.5,
        gt=0,
        lt=1,
        description="The largest share of work items that others define and IT alone carries out.",
    )
    single_function: Number = Field(
        default=0.5, gt=0, lt=1, description="The largest share of work items of one function alone."
    )

    @field_validator("cycle")
    @classmethod
    def _long_enough(cls, cycle: timedelta) -> timedelta:
        if cycle < SHORTEST_CYCLE:
            msg = "is shorter than a day: write how long the team has to talk about a flag, like `13 weeks`"
            raise ValueError(msg)
        return cycle

"""Pulses: when answers are taken, and what is released. Nothing here is about a person."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.events.shapes import ByMember
from domain.model import Carried, Finite
from domain.pulses.bands import PulseResult


class PulseOpened(ByMember):
    """Everybody on the team is asked."""

    kind: Literal["pulse_opened"] = "pulse_opened"
    number: int
    by: str | None = Field(default=None, description="Who wanted it; None when it was due.")
    at: datetime
    closes_at: datetime
    k: int
    response: Finite
    invited: int
    items: tuple[str, ...]


class PulseReadied(Carried):
    """The answers database takes answers."""

    kind: Literal["pulse_readied"] = "pulse_readied"
    number: int


class PulseHindered(Carried):
    """The answers database could not be asked; it is tried again."""

    kind: Literal["pulse_hindered"] = "pulse_hindered"
    number: int
    reason: str
    retry_at: datetime


class PulseClosed(Carried):
    """No more answers; what may be known is released, all else is destroyed."""

    kind: Literal["pulse_closed"] = "pulse_closed"
    number: int
    at: datetime
    result: PulseResult
    lost: str = Field(default="", description="Why its answers are gone, where they are.")


PulseEvent = PulseOpened | PulseReadied | PulseHindered | PulseClosed

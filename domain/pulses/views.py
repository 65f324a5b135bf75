"""What may be read of a journey's pulses."""

from datetime import datetime

from pydantic import Field

from domain.model import Carried
from domain.pulses.bands import Band
from domain.pulses.cycles import ClosedPulse, OpenPulse, Trend
from domain.pulses.questions import Scale
from domain.pulses.timing import next_pulse_at
from domain.state import State


class OpenPulseView(Carried):
    """The open pulse: nothing about answers is known to a journey."""

    number: int
    opened_at: datetime
    closes_at: datetime
    k: int
    invited: int
    ready: bool = Field(description="Whether answers are taken yet.")


class ClosedPulseView(Carried):
    """The newest closed pulse, with its released bands."""

    number: int
    closed_at: datetime
    k: int
    invited: int
    answered: int
    scales: dict[Scale, Band] = Field(description="Empty when nothing may be shown.")
    items: dict[str, Band]
    alike: bool = Field(description="Many gave the same number to every statement.")
    trend: dict[Scale, Trend] | None = Field(description="None where it cannot be told, or must not.")
    lost: str


class PulseView(Carried):
    """A journey's pulses."""

    open: OpenPulseView | None
    closed: ClosedPulseView | None
    next_at: datetime | None = Field(description="When the next one opens by itself.")


def pulse(state: State) -> PulseView | None:
    """Return a journey's pulses, or None where the charter asks for none and there was none."""
    if state.pulses is None and state.charter.pulse is None:
        return None
    known, closed = (None, None) if state.pulses is None else (state.pulses.open, state.pulses.last)
    return PulseView(
        open=None if known is None or state.over else _open(known),
        closed=None if closed is None else _closed(closed),
        next_at=next_pulse_at(state),
    )


def _open(pulse: OpenPulse) -> OpenPulseView:
    return OpenPulseView.model_validate(pulse.model_dump())


def _closed(pulse: ClosedPulse) -> ClosedPulseView:
    return ClosedPulseView.model_validate(pulse.model_dump() | {"lost": pulse.lost})

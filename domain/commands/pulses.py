"""Pulses: a member opens one; the program reports what the answers database said."""

from typing import Literal

from pydantic import Field

from domain.commands.shapes import Signable, Words
from domain.model import Sent
from domain.pulses.bands import PulseResult
from domain.values import Name


class OpenPulse(Signable):
    """Ask everybody about trust and equality now, before it is due by itself."""

    kind: Literal["open_pulse"] = "open_pulse"
    by: Name


class RecordPulse(Sent):
    """Say what became of opening or closing a pulse in the answers database."""

    kind: Literal["record_pulse"] = "record_pulse"
    number: int
    result: PulseResult | None = Field(default=None, description="Of a close; None when it was opened.")
    lost: Words = Field(default="", description="Why its answers are gone, where they are.")
    trouble: Words = Field(default="", description="Why the database could not be asked, if so.")


OfPulses = OpenPulse

"""What a journey knows of its pulses, and what it asks of the answers database.

Times, counts and released bands: no answer, no code and nothing about who answered ever comes here, because
a journey's history keeps everything, with its time.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from operator import not_
from typing import Literal

from pydantic import Field

from domain.model import Carried, Finite, silent
from domain.pulses.bands import Band, PulseResult
from domain.pulses.questions import Scale

Trend = Literal["up", "down", "same"]
# Signs of a name's hash: two members of a team never share them, and fifty are half a kilobyte.
_MARK = 8


class OpenPulse(Carried):
    """A pulse whose answers are being taken, or will be once the answers database knows of it."""

    number: int
    opened_at: datetime
    closes_at: datetime
    k: int
    response: Finite
    invited: int
    items: tuple[str, ...]
    marks: tuple[str, ...] = Field(description="Who was on the team: shortened hashes, for the trend.")
    ready: bool = Field(default=False, description="Whether the answers database knows of it.")
    trouble: str = Field(default="", description="Why the answers database could not be asked.")
    retry_at: datetime | None = None
    wanted: bool = Field(default=False, description="A member opened it, not the rhythm.", exclude_if=not_)


class ClosedPulse(Carried):
    """The newest closed pulse with its released bands."""

    number: int
    opened_at: datetime
    closed_at: datetime
    k: int
    response: Finite
    invited: int
    answered: int
    scales: dict[Scale, Band] = Field(default_factory=dict)
    items: dict[str, Band] = Field(default_factory=dict)
    alike: bool = False
    lost: str = Field(default="", description="Why its answers are gone, where they are.", exclude_if=silent)
    trend: dict[Scale, Trend] | None = Field(
        default=None, description="Against the one before; None where it cannot be told, or must not."
    )
    marks: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether enough answered for anything to be released."""
        return bool(self.scales)

    @property
    def stands(self) -> bool:
        """Whether as many answered as it needed when it opened."""
        return self.judged and not self.lost and self.answered >= self.response * self.invited


class Pulses(Carried):
    """A journey's pulses."""

    opened: int = Field(default=0, description="How many there were.")
    open: OpenPulse | None = None
    last: ClosedPulse | None = None
    kept: ClosedPulse | None = Field(
        default=None,
        description="What gates go on with while `last`, which a member opened, does not stand.",
        exclude_if=silent,
    )


class OpenPulseTask(Carried):
    """Take answers of these members; asking again changes nothing."""

    team: str
    number: int
    opened_at: datetime
    closes_at: datetime
    k: int
    items: tuple[str, ...]
    members: tuple[str, ...]


class ClosePulseTask(Carried):
    """Take no more answers, release the bands, destroy the rest; asking again gives the same."""

    team: str
    number: int
    opened_at: datetime
    discard: bool = Field(default=False, description="The journey ended: destroy all, release nothing.")


class PulseReport(Carried):
    """What the answers database says when a pulse closes."""

    result: PulseResult | None = Field(description="None when the answers are gone.")


def marks_of(members: Iterable[str]) -> tuple[str, ...]:
    """Return each member's mark, by which only the number of changes can be told."""
    return tuple(sorted(hashlib.sha256(member.encode()).hexdigest()[:_MARK] for member in members))

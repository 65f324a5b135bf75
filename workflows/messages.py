"""The names and shapes by which everybody talks to a journey: explicit, so that a rename is deliberate."""

from datetime import timedelta
from typing import Final, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.charter import Charter
from domain.envelope import Envelope
from domain.model import Carried
from domain.state import State
from domain.views import Receipt

TEAM_JOURNEY: Final = "TeamJourney"
MEASURE: Final = "measure"
APPEND_EVENTS: Final = "append_events"
OPEN_PULSE: Final = "open_pulse"
CLOSE_PULSE: Final = "close_pulse"
OPEN_READ_BACK: Final = "open_read_back"
COUNT_READ_BACK: Final = "count_read_back"


# The ids of journeys that are played over past data begin with it: nobody takes one for a team's own.
REHEARSAL: Final = "rehearsal-"


def journey_id(team: str) -> str:
    """Return the workflow id of a team's journey: there is one per team."""
    return f"journey-{team}"


class CarriedJourney(Carried):
    """What goes from one run to the next when a journey continues as new."""

    state: State
    clock_offset: timedelta
    sequence: int = Field(description="Events so far; the journal's number of the newest one.")
    outbox: tuple[Envelope, ...] = Field(description="Events that the journal does not have yet.")
    receipts: dict[str, Receipt] = Field(description="Update id: its answer, for callers who ask again.")


class JourneyInput(Carried):
    """How a journey starts: with a charter, or with what the run before carried over."""

    charter: Charter | None = Field(default=None, description="None when there is something carried over.")
    as_of: AwareDatetime | None = Field(
        default=None, description="Play the past: the journey's own clock starts here instead of now."
    )
    carried: CarriedJourney | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.charter is None) == (self.carried is None):
            raise ValueError("a journey starts with a charter")
        return self

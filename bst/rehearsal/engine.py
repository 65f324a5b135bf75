"""A journey in process, on a clock of its own: the same rules, evidence and steps as the workflow's.

What `workflows.team_journey` does with timers, activities and updates is done here with a variable that holds
the time, with `activities.measure.measure_from` and with the commands that the members' answers lead to.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from activities.measure import measure_from
from activities.reading import Ask
from domain import commands as c
from domain import schedule
from domain.charter import Charter
from domain.decide import decided
from domain.envelope import GENESIS, Entry
from domain.errors import BstError
from domain.events import Event
from domain.state import State
from signing.ed25519 import verify
from workflows.ledger import enveloped

# What a rehearsed journey is called where a real one has its server's id: so its journal says what it is.
REHEARSAL: Final = "rehearsal"


@dataclass(frozen=True, slots=True)
class Act:
    """What a member does, and when."""

    at: datetime
    command: c.Command
    place: int = 0
    """Where it stands in the record that it was taken from, which orders what happened at one moment."""


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """What somebody wanted to do and the rules did not allow; it leaves no trace in a journal."""

    at: datetime
    what: str
    """The command's kind."""
    why: str

    @property
    def wanted(self) -> str:
        """What it was, as people say it: kinds are verbs with what they are about."""
        return f"to {self.what.replace('_', ' ')}"


class People(Protocol):
    """What the members of one journey will do."""

    def due(self, state: State) -> Act | None:
        """Return what is done next, given where the journey stands; None for nothing more."""

    def did(self, act: Act) -> None:
        """Take note that this was done, or was not allowed: it is not due again."""


@dataclass
class Played:
    """A journey as it was played: every event with its moment, who did what, and where it stands."""

    charter: Charter
    start: datetime
    end: datetime
    state: State
    happened: list[tuple[datetime, Event]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    not_allowed: list[NotAllowed] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """Return the journal of it, chained as a worker would have written it."""
        rows: list[Entry] = []
        previous = GENESIS
        for seq, (at, event) in enumerate(self.happened, 1):
            rows.append(Entry.of(enveloped(self.charter.team, seq, at, event), previous))
            previous = rows[-1].hash
        return rows

    def do(self, command: c.Command, now: datetime) -> None:
        """Decide and fold.

        Raises:
            Refused: the rules do not allow it; nothing has changed.
        """
        events, after = decided(self.state, command, now, verify)
        assert after is not None  # a journey that has started stays started
        self.state = after
        self.happened += [(now, event) for event in events]


def begun(charter: Charter, start: datetime, end: datetime, journey: str = REHEARSAL) -> Played:
    """Return a journey that has just begun; `journey` tells it from any other of the team.

    Raises:
        CharterRefused: the charter does not pass its lint on the day of `start`.
    """
    events, state = decided(None, c.StartJourney(charter=charter, journey=journey), start)
    assert state is not None  # the first event of a journey makes its state
    return Played(charter, start, end, state, [(start, event) for event in events])


def play(
    charter: Charter, ask: Ask, people: People, start: datetime, end: datetime, *, gates_only: bool = False
) -> Played:
    """Play a charter from `start` until just before `end`, or until the journey is over.

    Args:
        charter: what the team promises.
        ask: answers measurements in the sources' place.
        people: what the members do.
        start: when the journey starts.
        end: when the rehearsal ends; nothing happens at that moment any more.
        gates_only: leave out of the evidence what people alone read. The course is the same, its journal
            is not.

    Raises:
        CharterRefused: the charter does not pass its lint on the day of `start`.
    """
    played, now = begun(charter, start, end), start
    while not played.state.over:
        step = schedule.step(played.state, now)
        if step == "measure":
            request = schedule.measure_request(played.state, now)
            result = measure_from(request, ask, gates_only=gates_only)
            played.do(c.RecordMeasurement(result=result), now)
        elif step == "pass_time":
            played.do(c.PassTime(), now)
        else:
            act = people.due(played.state)
            if act is not None and act.at <= now:
                _acted(played, act, now)
                people.did(act)
                continue
            now = min(schedule.next_due(played.state), end if act is None else act.at)
            if now >= end:
                break
    return played


def _acted(played: Played, act: Act, now: datetime) -> None:
    try:
        played.do(act.command, now)
    except BstError as refusal:
        played.not_allowed.append(NotAllowed(now, act.command.kind, str(refusal)))
    else:
        played.acts.append(Act(now, act.command))

"""A journey's whole history, folded from its journal's rows by the rules themselves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from bst.report.tracks import Recordings, Track, record, tracks
from bst.report.turning import Turn, turns_of
from domain import events as e
from domain.charter import Stage
from domain.envelope import Entry, check_chain
from domain.errors import BadInput, DidNotHold
from domain.parsing import parse_event
from domain.policies import POLICIES, Policy
from domain.state import State


@dataclass(frozen=True, slots=True)
class Stay:
    """The time in one stage; `end` is None for the one that the team is in."""

    stage: Stage
    begin: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the report stands on: rows that are whole, the newest at `as_of`."""

    count: int
    last_hash: str
    unknown: int
    held_back: int
    as_of: datetime
    on_their_way: int | None = None
    """How many of the events the journal did not have yet; None where nobody could say."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that a report shows.

    The state has the answers on open ballots in it: only `domain.views` reads them, and seals them.
    """

    state: State
    record: Record
    stays: tuple[Stay, ...]
    open_gates: tuple[tuple[datetime, datetime | None], ...]
    turns: tuple[Turn, ...]
    tracks: tuple[Track, ...]
    rehearsal: bool

    @property
    def begin(self) -> datetime:
        """When the journey began."""
        return self.stays[0].begin

    @property
    def outcome(self) -> Track:
        """The outcome's metric."""
        return self.tracks[0]

    def track(self, name: str) -> Track | None:
        """Return a metric by its name, whatever its case."""
        return next((one for one in self.tracks if one.name.casefold() == name.casefold()), None)


def history(
    team: str,
    rows: Sequence[Entry],
    *,
    rehearsal: bool = False,
    held_back: int = 0,
    on_their_way: int | None = None,
) -> History:
    """Return the history that the rows of one team tell, oldest first.

    `rehearsal` and `held_back` are what a file's manifest says; `on_their_way` is for `Record`.

    Raises:
        DidNotHold: the record is not whole, so nothing that would be shown could be relied on.
        BadInput: the rows hold no journey, or an event that cannot be read.
    """
    chain = check_chain(team, rows)
    if not chain.ok:
        raise DidNotHold(f"{chain.sentence} A report is made of whole records only.")
    state: State | None = None
    turns: list[Turn] = []
    recordings: Recordings = {}
    stays: list[Stay] = []
    gates: list[tuple[datetime, datetime | None]] = []
    unknown = 0
    rules: Policy | None = None
    for row in rows:
        at = datetime.fromisoformat(row.at)
        event = _event(row)
        if event is None:
            unknown += 1
            continue
        rules = rules or _rules(event, row)
        if rules is None:
            continue  # what comes before a journey's start changes nothing
        before, state = state, rules.fold(state, (event,))
        assert state is not None  # it began with the event that chose the rules
        if before is not None:
            turns += turns_of(event, before, at)
        record(recordings, event, before, state, at)
        _stay(stays, state, at)
        _opened(gates, before, state, at)
    if state is None:
        raise BadInput(f"The journal of {team} does not begin with the start of a journey.")
    as_of = datetime.fromisoformat(rows[-1].at)
    return History(
        state=state,
        record=Record(len(rows), chain.last_hash, unknown, held_back, as_of, on_their_way),
        stays=tuple(stays),
        open_gates=tuple(gates),
        turns=tuple(turns),
        tracks=tracks(recordings, state),
        rehearsal=rehearsal,
    )


def _event(row: Entry) -> e.Event | None:
    try:
        return parse_event(json.loads(row.body))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(
            f"Event {row.seq} of {row.team} ({row.kind}) cannot be read: {where}: {first['msg']}. "
            "Use the version of this program that wrote it, or a later one."
        ) from None


def _rules(event: e.Event, row: Entry) -> Policy | None:
    """Return the rules that the journey chose when it started."""
    if not isinstance(event, e.JourneyStarted):
        return None
    if event.policy_version not in POLICIES:
        raise BadInput(
            f"The journey of {row.team} was decided by version {event.policy_version} of the rules, and this "
            f"program knows up to {max(POLICIES)}. Use the version that wrote it, or a later one."
        )
    return POLICIES[event.policy_version]


def _stay(stays: list[Stay], state: State, at: datetime) -> None:
    if stays and stays[-1].stage == state.stage:
        return
    if stays:
        stays[-1] = Stay(stays[-1].stage, stays[-1].begin, at)
    stays.append(Stay(state.stage, at, None))


def _opened(
    gates: list[tuple[datetime, datetime | None]], before: State | None, state: State, at: datetime
) -> None:
    """Keep the spans of time in which the stage's gate stood open."""
    was = before is not None and before.gate is not None and before.gate.open
    now = state.gate is not None and state.gate.open and state.stage != "forming"
    if now and not was:
        gates.append((at, None))
    elif was and not now and gates and gates[-1][1] is None:
        gates[-1] = (gates[-1][0], at)

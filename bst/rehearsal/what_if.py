"""A running team's recorded facts, played anew under another charter: what would have been otherwise?

The sources say what the journal recorded of them, when it did; members act and answer as they did. Where the
other charter asks what was never asked, everybody is taken to consent, as fast as they usually answer.
"""

import sys
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from activities.measure import measure_from
from bst.rehearsal.comparing import Difference, first_difference
from bst.rehearsal.engine import Act, NotAllowed, Played, begun
from bst.rehearsal.people import MOMENT
from bst.rehearsal.preparing import without_keys
from bst.rehearsal.remembering import Answering, Asked, Memory, Remembered, subject, usual_delay
from bst.rehearsal.varying import Setting, amended, refuse_other_numbers
from domain import commands as c
from domain import schedule
from domain.ballots import Ballot
from domain.charter import Charter
from domain.envelope import Entry
from domain.errors import BstError
from domain.state import State

# A measurement that was wanted is the recorded one when that came within the time that one may take; else it
# is one of this play alone, and made at once from what is known.
_SOON: Final = timedelta(minutes=30)
_LAST: Final = sys.maxsize
_NEVER: Final = (datetime.max.replace(tzinfo=UTC), _LAST)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The recorded facts played twice: under the charters of the record, and with some keys set."""

    facts: Remembered
    settings: tuple[Setting, ...]
    charter: Charter
    """The present charter, with the keys set."""
    as_it_was: Played
    otherwise: Played
    strays: Difference | None
    """Where the first of the two differs from the record, up to where that ends; None where it does not."""
    assumed: int
    """How many answers nobody gave."""

    @property
    def digest(self) -> str:
        """What names it: the hash of the last event of the play, so of all of it."""
        return self.otherwise.entries()[-1].hash


def what_if(facts: Remembered, entries: Sequence[Entry], settings: Sequence[Setting]) -> WhatIf:
    """Play the facts under the charters of the record, and under the same with some keys set.

    Deadlines are compared with the day on which the journey began: a team may be late.

    Raises:
        BadInput: a key leads nowhere, or would measure other numbers, of which the journal knows nothing.
        CharterRefused: what comes of it is no sound charter.
    """
    as_it_was, _ = _play(facts, ())
    present = as_it_was.state.charter
    changed = amended(present, settings, facts.start.date())
    refuse_other_numbers(present, changed, "--set", ", ".join(setting.shown for setting in settings))
    otherwise, assumed = _play(facts, settings)
    return WhatIf(
        facts=facts,
        settings=tuple(settings),
        charter=changed,
        as_it_was=as_it_was,
        otherwise=otherwise,
        # What was due in the record's last moment may have happened just after it.
        strays=first_difference(entries, as_it_was.entries()[: len(entries)]),
        assumed=assumed,
    )


def _play(facts: Remembered, settings: Sequence[Setting]) -> tuple[Played, int]:
    """Play the facts; return the play, and how many answers it assumed."""
    charter = facts.charter
    if settings:  # what was signed was signed under the charter as it was: nobody signs in another play
        charter = without_keys(amended(charter, settings, facts.start.date()))
    team = _Team(facts, _with(settings, facts), anew=bool(settings))
    memory, readings = Memory(), deque(facts.readings)
    played, now = begun(charter, facts.start, facts.end, facts.journey), facts.start
    while not played.state.over:
        reading = readings[0][:2] if readings else _NEVER
        wanted = played.state.measures_served < played.state.measures_wanted
        if wanted and now >= facts.end and not readings:
            break  # it was made after the record ends, and nobody knows here what was read
        if wanted and reading[0] > now + _SOON:
            _measure(played, memory, now, now)
            continue
        act, timer = team.due(played.state), _timer(played.state, reading[0])
        doing = _NEVER if act is None else (act.at, act.place)
        first = min(reading, doing, timer)
        if first[0] > facts.end:
            break
        now = max(now, first[0])
        if first == reading:
            _, _, result = readings.popleft()
            memory.learn(result)
            _measure(played, memory, result.as_of, now)
        elif act is not None and first == doing:
            team.do(act, played, now)
        else:
            played.do(c.PassTime(), now)
    return played, team.assumed


def _timer(state: State, reading: datetime) -> tuple[datetime, int]:
    """Return when a timer is due; not while a measurement is under way, which comes first as in a journey."""
    at = schedule.next_timer_at(state)
    if at is None:
        return _NEVER
    if schedule.next_measure_at(state) <= at <= reading <= at + _SOON:
        return (reading, _LAST)
    return (at, -1)


def _measure(played: Played, memory: Memory, as_of: datetime, now: datetime) -> None:
    request = schedule.measure_request(played.state, as_of)
    played.do(c.RecordMeasurement(result=measure_from(request, memory.ask)), now)


def _with(settings: Sequence[Setting], facts: Remembered) -> list[Act]:
    """Return what members did by themselves; the charters that they proposed have the keys set too."""
    today, acts = facts.start.date(), []
    for act in facts.acts:
        command = act.command
        if settings and isinstance(command, c.ProposeAmendment):
            charter = without_keys(amended(command.charter, settings, today))
            command = command.model_copy(update={"charter": charter})
        if settings and "signature" in type(command).model_fields:
            command = command.model_copy(update={"signature": None})
        acts.append(Act(act.at, command, act.place))
    return acts


@dataclass
class _Team:
    """The members as the journal knows them."""

    facts: Remembered
    planned: list[Act]
    anew: bool
    """Whether this is another play than the record: then nobody has signed anything of it."""
    assumed: int = 0
    _keys: dict[str, tuple[tuple[object, ...], int]] = field(default_factory=dict)
    _times: defaultdict[tuple[object, ...], int] = field(default_factory=lambda: defaultdict(int))
    _given: set[tuple[str, int]] = field(default_factory=set)
    _assumed: set[tuple[str, str]] = field(default_factory=set)

    def due(self, state: State) -> Act | None:
        """Return what is done next."""
        first = self.planned[0] if self.planned else None
        for ballot in state.ballots:
            for act in self._answers(ballot):
                if first is None or (act.at, act.place) < (first.at, first.place):
                    first = act
        return first

    def do(self, act: Act, played: Played, now: datetime) -> None:
        """Do it, and take note of what was not allowed."""
        self._did(act)
        try:
            played.do(act.command, now)
        except BstError as refusal:
            played.not_allowed.append(NotAllowed(now, act.command.kind, str(refusal)))

    def _answers(self, ballot: Ballot) -> list[Act]:
        """Return the answers on a ballot that are still to come."""
        asked = self._recorded(ballot)
        acts = []
        for number, (after, command, place) in enumerate(asked.answers if asked else ()):
            if (ballot.id, number) not in self._given and command.by in ballot.voters:
                acts.append(Act(ballot.opened_at + after, self._about(command, ballot), place))
        if asked is not None and asked.timed_out:
            return acts  # who was silent then is silent
        heard = {command.by for _, command, _ in asked.answers} if asked else set()
        for member in ballot.waiting_for:
            if member not in heard and (ballot.id, member) not in self._assumed:
                delay = usual_delay(self.facts, member)
                if asked is not None:  # nobody knows what they would have said later than this
                    delay = max(delay, asked.stood + MOMENT)
                acts.append(Act(ballot.opened_at + delay, c.GiveConsent(by=member, ballot=ballot.id)))
        return acts

    def _about(self, command: Answering, ballot: Ballot) -> Answering:
        """Return a recorded answer on a ballot of this play; as it was signed, where this is the record."""
        if not self.anew:
            return command
        return command.model_copy(update={"ballot": ballot.id, "digest": None, "signature": None})

    def _did(self, act: Act) -> None:
        command = act.command
        if not isinstance(command, c.GiveConsent | c.RaiseObjection):
            self.planned.pop(0)
            return
        ballot = command.ballot or ""
        asked = self.facts.ballots.get(self._keys.get(ballot, ((), 0)))
        for number, (_, recorded, _) in enumerate(asked.answers if asked else ()):
            same = (recorded.by, recorded.kind) == (command.by, command.kind)
            if same and (ballot, number) not in self._given:
                self._given.add((ballot, number))
                return
        self._assumed.add((ballot, command.by))
        self.assumed += 1

    def _recorded(self, ballot: Ballot) -> Asked | None:
        if ballot.id not in self._keys:
            about = subject(ballot.proposal)
            self._times[about] += 1
            self._keys[ballot.id] = (about, self._times[about])
        return self.facts.ballots.get(self._keys[ballot.id])

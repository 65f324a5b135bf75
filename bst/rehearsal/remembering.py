"""What a team's journal says was read, said and done: the facts that a journey is played anew from."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from activities.sources import Window
from bst.rehearsal.answers import USUALLY
from bst.rehearsal.engine import Act
from domain import commands as c
from domain import events as e
from domain.ballots import Advance, Ballot, Explanation, Proposal, Rebase
from domain.charter import Charter
from domain.decide import decide, fold
from domain.envelope import Entry
from domain.errors import BstError, DidNotHold, SourceFailed
from domain.events import Event
from domain.measurement import MeasureRequest, MeasureResult, MetricRequest, Observation, SourceTrouble
from domain.parsing import parse_event
from domain.reconstruction import NoCommand, command_of
from domain.state import State
from signing.ed25519 import verify

Answering = c.GiveConsent | c.RaiseObjection
# What a ballot is about, and the how-manieth on it: its id may be another in another play.
Subject = tuple[object, ...]
# What the program did by itself, which a play does again.
_BY_ITSELF: Final = (c.StartJourney, c.RecordMeasurement, c.PassTime, c.ReportJournal)


@dataclass(frozen=True, slots=True)
class Asked:
    """One recorded ballot: who answered what, how long after it opened, and how long nobody else did."""

    answers: tuple[tuple[timedelta, Answering, int], ...]
    stood: timedelta
    timed_out: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """One journey's facts, in order."""

    charter: Charter
    journey: str
    """What tells it from any other journey of the team."""
    start: datetime
    end: datetime
    readings: tuple[tuple[datetime, int, MeasureResult], ...]
    acts: tuple[Act, ...]
    ballots: dict[tuple[Subject, int], Asked]
    usual: dict[str, timedelta]
    happened: tuple[tuple[datetime, Event], ...]


def subject(proposal: Proposal) -> Subject:
    """Return what a proposal is about."""
    match proposal:
        case Advance():
            return ("advance", proposal.stage, proposal.to)
        case Explanation() | Rebase():
            return (proposal.kind, proposal.metric, proposal.period)
    return (proposal.kind,)


def remembered(entries: Sequence[Entry]) -> Remembered:
    """Return the facts of a whole journal.

    Raises:
        DidNotHold: it does not follow from the rules of this program.
    """
    happened = [(datetime.fromisoformat(row.at), _event(row)) for row in entries]
    readings: list[tuple[datetime, int, MeasureResult]] = []
    acts: list[Act] = []
    answers: defaultdict[str, list[Act]] = defaultdict(list)
    for at, place, command in _commands(happened):
        if isinstance(command, c.RecordMeasurement):
            readings.append((at, place, command.result))
        elif isinstance(command, c.GiveConsent | c.RaiseObjection):
            answers[command.ballot or ""].append(Act(at, command, place))
        elif not isinstance(command, _BY_ITSELF):
            acts.append(Act(at, command, place))
    start, end = happened[0][0], happened[-1][0]
    first = happened[0][1]
    assert isinstance(first, e.JourneyStarted)  # `_commands` refuses any other
    ballots = dict(_ballots(happened, answers, end))
    return Remembered(
        charter=first.charter,
        journey=first.journey,
        start=start,
        end=end,
        readings=tuple(readings),
        acts=tuple(acts),
        ballots=ballots,
        usual=_usual(ballots.values()),
        happened=tuple(happened),
    )


def _commands(happened: Sequence[tuple[datetime, Event]]) -> Iterator[tuple[datetime, int, c.Command]]:
    """Yield what was asked and done, with its moment and its place."""
    state: State | None = None
    at, rest = 0, [event for _, event in happened]
    while at < len(rest):
        moment = happened[at][0]
        try:
            command = command_of(state, rest[at:])
            events = decide(state, command, moment, verify)
        except (NoCommand, BstError) as error:
            raise _other_rules(at + 1, str(error)) from None
        if tuple(rest[at : at + len(events)]) != events or not events:
            raise _other_rules(at + 1, "it was decided otherwise")
        yield moment, at, command
        state = fold(state, events)
        at += len(events)


def _other_rules(seq: int, why: str) -> DidNotHold:
    return DidNotHold(
        f"Event {seq} of the journal does not follow from the rules of this program ({why}): look at it with "
        "bst verify. What would have been otherwise cannot be told from it."
    )


def _event(row: Entry) -> Event:
    try:
        event = parse_event(json.loads(row.body))
    except ValueError as error:
        raise DidNotHold(f"Event {row.seq} of the journal is damaged ({error}): see bst verify.") from None
    if event is None:
        raise DidNotHold(f"Event {row.seq} is of a kind that this version does not know: {row.kind}.")
    return event


def _ballots(
    happened: Sequence[tuple[datetime, Event]],
    answers: dict[str, list[Act]],
    end: datetime,
) -> Iterator[tuple[tuple[Subject, int], Asked]]:
    opened: dict[str, Ballot] = {}
    closed: dict[str, tuple[datetime, bool]] = {}
    for at, event in happened:
        if isinstance(event, e.BallotOpened):
            opened[event.ballot.id] = event.ballot
        elif isinstance(event, e.BallotClosed):
            closed[event.ballot] = (at, event.outcome == "no_decision")
    times: defaultdict[Subject, int] = defaultdict(int)
    for ballot in opened.values():
        about = subject(ballot.proposal)
        times[about] += 1
        until, timed_out = closed.get(ballot.id, (end, False))
        given = tuple(
            (act.at - ballot.opened_at, act.command, act.place)
            for act in answers.get(ballot.id, ())
            if isinstance(act.command, c.GiveConsent | c.RaiseObjection)
        )
        yield (about, times[about]), Asked(given, until - ballot.opened_at, timed_out)


def _usual(ballots: Iterable[Asked]) -> dict[str, timedelta]:
    """Return how long each member takes to answer, as a rule."""
    taken: defaultdict[str, list[timedelta]] = defaultdict(list)
    for asked in ballots:
        for after, command, _ in asked.answers:
            taken[command.by].append(after)
    return {member: sorted(delays)[len(delays) // 2] for member, delays in taken.items()}


@dataclass
class Memory:
    """The sources as the journal knew them at each moment; made anew for each play."""

    _known: dict[str, dict[int, Observation]] = field(default_factory=lambda: defaultdict(dict))
    _trouble: dict[str, SourceTrouble | None] = field(default_factory=dict)

    def learn(self, result: MeasureResult) -> None:
        """Take in what was read at a moment."""
        for metric in result.results:
            known = self._known[metric.name]
            for change in metric.restated:
                if change.after is None:
                    known.pop(change.period, None)
                else:
                    known[change.period] = Observation(
                        period=change.period, value=change.after, denominator=change.after_of
                    )
            known.update({point.period: point for point in metric.observations})
            self._trouble[metric.name] = metric.trouble

    def ask(self, metric: MetricRequest, request: MeasureRequest, window: Window) -> tuple[Observation, ...]:
        """Answer as the source did; see `activities.reading.Ask`."""
        del request  # what is known is what was learnt until now
        trouble = self._trouble.get(metric.name)
        if trouble is not None:
            raise SourceFailed(trouble.code, trouble.message)  # type: ignore[arg-type]  # as it was recorded
        known = self._known[metric.name]
        return tuple(known[period] for period in sorted(known) if window.holds(period))


def usual_delay(facts: Remembered, member: str) -> timedelta:
    """Return how long a member would take to answer what was never asked."""
    return facts.usual.get(member, USUALLY)

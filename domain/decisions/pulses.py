"""Pulses: when one opens, and what the journey makes of what the answers database said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain import events as e
from domain.charter import GATED_STAGES, Charter
from domain.commands import OpenPulse, RecordPulse
from domain.decisions.people import member
from domain.errors import NotUnderstood, WrongStage
from domain.pulses.bands import PulseResult
from domain.pulses.cycles import Pulses
from domain.pulses.questions import newest
from domain.pulses.rules import PulseRules
from domain.pulses.timing import next_pulse_at
from domain.state import State
from domain.wording import moment

# A database that is down is asked again after this time: soon enough for a pulse of days, seldom enough that
# a journey's history does not fill with it.
RETRY_AFTER: Final = timedelta(hours=1)


def open_(state: State, command: OpenPulse, now: datetime) -> tuple[e.Event, ...]:
    """Ask everybody at once; not soon after the last time, or two pulses could be compared."""
    by = member(state, command.by)
    rules, pulses = state.charter.pulse, state.pulses or Pulses()
    if rules is None:
        raise NotUnderstood(
            "The charter asks for no pulse: add `pulse: {}` to it, and propose that with `bst amend`."
        )
    if state.stage not in GATED_STAGES:
        raise WrongStage(f"The team is {state.stage}: a pulse asks a team that has formed.")
    if pulses.open is not None:
        raise WrongStage(
            f"Pulse p{pulses.open.number} is open until {moment(pulses.open.closes_at)}: one at a time."
        )
    if len(state.charter.members) < rules.k:
        raise WrongStage(_too_few(state.charter, rules))
    last = pulses.last
    if last is not None and now < last.closed_at + rules.open_for:
        raise WrongStage(
            f"Pulse p{last.number} closed on {moment(last.closed_at)}: the next may open from "
            f"{moment(last.closed_at + rules.open_for)} on, so that nobody compares one with the other "
            "person by person."
        )
    return (_opened(state, rules, pulses, by, now),)


def due(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield the pulse that is due by now."""
    at, rules = next_pulse_at(state), state.charter.pulse
    if at is not None and rules is not None and now >= at:
        yield _opened(state, rules, state.pulses or Pulses(), None, now)


def record(state: State, command: RecordPulse, now: datetime) -> tuple[e.Event, ...]:
    """Take in what the answers database said."""
    pulse = None if state.pulses is None else state.pulses.open
    if pulse is None or pulse.number != command.number:
        return ()
    if command.trouble:
        retry = now + RETRY_AFTER
        return (e.PulseHindered(number=pulse.number, reason=command.trouble, retry_at=retry),)
    if command.lost or command.result is not None:
        result = command.result or PulseResult(answered=0)
        return (e.PulseClosed(number=pulse.number, at=now, result=result, lost=command.lost),)
    return (e.PulseReadied(number=pulse.number),)


def _too_few(charter: Charter, rules: PulseRules) -> str:
    return (
        f"{charter.team} has {len(charter.members)} members, and a pulse needs {rules.k} answers before "
        "anything is shown: it could never be judged."
    )


def _opened(state: State, rules: PulseRules, pulses: Pulses, by: str | None, now: datetime) -> e.PulseOpened:
    return e.PulseOpened(
        number=pulses.opened + 1,
        by=by,
        at=now,
        closes_at=now + rules.open_for,
        k=rules.k,
        response=rules.response,
        invited=len(state.charter.members),
        items=tuple(item.id for item in newest()),
    )

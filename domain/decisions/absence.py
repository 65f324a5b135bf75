"""Members who are away for a time: who answers for them, given and taken back by the absent member alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from domain import events as e
from domain.commands import DelegateVoice, TakeBackVoice
from domain.decisions.people import member
from domain.errors import NotUnderstood, WrongStage
from domain.state import Delegation, State
from domain.wording import moment

# Who is away for longer has another task now: the team may say so by an amendment.
ABSENT_AT_MOST: Final = timedelta(days=90)


def delegate(state: State, command: DelegateVoice, now: datetime) -> tuple[e.Event, ...]:
    """Let another member answer ballots, until the end of a day. Nobody gets more than one other voice."""
    by, to = member(state, command.by), member(state, command.to)
    until = end_of_day(command.until)
    if by == to:
        raise NotUnderstood(f"{by} has this voice already: name another member.")
    _refuse_wrong_end(command.until, until, now)
    there = running(state, now)
    mine = next((absent for absent, given in there.items() if given.to == by), None)
    if mine is not None:
        raise WrongStage(
            f"{by} answers for {mine} until {moment(there[mine].until)}, and a voice is not passed on: "
            f"{mine} takes it back first (bst delegate {state.charter.team} --by {mine} --back)."
        )
    if to in there:
        raise WrongStage(
            f"{to} is absent too ({there[to].to} answers for {to}), and a voice is not passed on: "
            "name somebody who is there."
        )
    other = next((absent for absent, given in there.items() if given.to == to and absent != by), None)
    if other is not None:
        raise WrongStage(
            f"{to} answers for {other} already, and nobody answers for two: name another member."
        )
    if there.get(by) == Delegation(to=to, until=until):
        return ()
    return (e.VoiceDelegated(by=by, to=to, until=until),)


def take_back(state: State, command: TakeBackVoice, now: datetime) -> tuple[e.Event, ...]:
    """End one's own absence."""
    by = member(state, command.by)
    if by not in running(state, now):
        raise WrongStage(f"Nobody answers for {by}: there is nothing to take back.")
    return (e.VoiceTakenBack(by=by),)


def ended(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield the absences that are over."""
    for absent, given in state.delegations.items():
        if now >= given.until:
            yield e.DelegationEnded(by=absent, to=given.to)


def running(state: State, now: datetime) -> dict[str, Delegation]:
    """Return the delegations that have not ended."""
    return {absent: given for absent, given in state.delegations.items() if now < given.until}


def end_of_day(day: date) -> datetime:
    """Return when a day is over in UTC: zones change their rules, and a timer must not."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def _refuse_wrong_end(day: date, until: datetime, now: datetime) -> None:
    if until <= now:
        raise NotUnderstood(f"{day} is over: name the last day of the absence.")
    if until > now + ABSENT_AT_MOST:
        last = (now + ABSENT_AT_MOST).date() - timedelta(days=1)
        raise NotUnderstood(
            f"{day} is more than {ABSENT_AT_MOST.days} days ahead: name {last} at the latest, and give the "
            "voice again then."
        )

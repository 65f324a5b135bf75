"""The decider: what a command leads to, as events. Pure: time and names enter as arguments.

`decide` raises a `Refused` when the rules do not allow the command, and then
nothing has changed. An Update's validator runs it for exactly that.
"""

from datetime import datetime
from typing import NamedTuple, assert_never

from domain import commands as c
from domain import events as e
from domain.charter import Charter
from domain.decisions import (
    absence,
    asking,
    clock,
    counting,
    exempting,
    leaving,
    measuring,
    people,
    proposals,
    pulses,
    readback,
    rebasing,
    signing,
    together,
)
from domain.decisions.reactions import reaction
from domain.errors import CharterRefused, JourneyOver, WrongStage
from domain.evolve import evolve, fold
from domain.lint import lint
from domain.signatures import Verify, nobody
from domain.state import POLICY_VERSION, State

# Far more than any command can cause; a bound, so that a mistake in a rule cannot hang a journey.
REACTIONS_AT_MOST = 50


class Decision(NamedTuple):
    """The events of one decision, and the state after them."""

    events: tuple[e.Event, ...]
    after: State | None


def decide(
    state: State | None, command: c.Command, now: datetime, verify: Verify = nobody
) -> tuple[e.Event, ...]:
    """Return the events that the command leads to, all that follows by itself included.

    `verify` tells whether a signature is good: without one, none is.

    Raises:
        Refused: the rules do not allow it now; the sentence says what would be right.
        CharterRefused: the charter that was sent does not pass its lint.
    """
    return decided(state, command, now, verify).events


def decided(state: State | None, command: c.Command, now: datetime, verify: Verify = nobody) -> Decision:
    """Return what `decide` does, and the state that the events fold to."""
    events = _events(state, command, now, verify)
    current, judged = fold(state, events), None
    for _ in range(REACTIONS_AT_MOST):
        following = reaction(current, now, judged) if current is not None else ()
        if not following:
            break
        current = fold(current, following)
        events = (*events, *following)
        # A gate that was judged a moment ago is judged again only after something else has happened.
        judged = following[0].gate if isinstance(following[0], e.GateEvaluated) else None
    return Decision(events, current)


def _events(state: State | None, command: c.Command, now: datetime, verify: Verify) -> tuple[e.Event, ...]:
    if isinstance(command, c.StartJourney):
        return _started(state, command, now)
    if state is None:
        raise WrongStage("There is no journey yet: start it with a charter.")
    if state.over and not isinstance(command, c.RefuseMessage):
        if isinstance(
            command, c.RecordMeasurement | c.RecordPulse | c.RecordReadBack | c.ReportJournal | c.PassTime
        ):
            return ()  # they were under way when the journey ended, and nobody is there to be told
        ending = state.ending.reason if state.ending else ""
        raise JourneyOver(f"The journey of {state.charter.team} is {state.stage}: {ending}")
    return signing.signed(state, command, _handled(state, command, now), verify)


def _handled(  # noqa: C901, PLR0911, PLR0912 - one case per command
    state: State, command: c.Handled, now: datetime
) -> tuple[e.Event, ...]:
    if isinstance(command, c.OfTogether):
        return together.decided(state, command, now)
    if isinstance(command, c.OfAsking | c.OfMembership | c.OfExempting):
        return _of_members(state, command, now)
    match command:
        case c.ConfirmOutcome():
            return people.confirm(state, command)
        case c.GiveConsent():
            return people.consent(state, command, now)
        case c.RaiseObjection():
            return people.object_(state, command, now)
        case c.HoldJourney():
            return people.hold(state, command, now)
        case c.ResumeJourney():
            return people.resume(state, command)
        case c.MeasureNow():
            return people.measure(state, command, now)
        case c.ReachMilestone():
            return people.milestone(state, command, now)
        case c.ExplainSignal():
            return proposals.explain(state, command, now)
        case c.RecordValue():
            return counting.record(state, command, now)
        case c.ProposeRebase():
            return rebasing.rebase(state, command, now)
        case c.ProposeAmendment():
            _linted(command.charter, now)
            return proposals.amend(state, command, now)
        case c.DissolveTeam():
            return proposals.dissolve(state, command, now)
        case c.RefuseMessage():
            return (e.MessageRefused(message=command.message, reason=command.reason[:500], at=now),)
        case c.RecordMeasurement():
            return measuring.record(state, command, now)
        case c.ReportJournal():
            return measuring.journal(state, command, now)
        case c.PassTime():
            return (*clock.due(state, now), *pulses.due(state, now))
        case c.OpenPulse():
            return pulses.open_(state, command, now)
        case c.RecordPulse():
            return pulses.record(state, command, now)
        case c.OpenReadBack():
            return readback.open_(state, command, now)
        case c.CloseReadBack():
            return readback.close(state, command, now)
        case c.RecordReadBack():
            return readback.record(state, command, now)
        case _:
            assert_never(command)


def _of_members(  # noqa: PLR0911 - one case per command
    state: State, command: c.OfAsking | c.OfMembership | c.OfExempting, now: datetime
) -> tuple[e.Event, ...]:
    match command:
        case c.AskQuestion():
            return asking.ask(state, command, now)
        case c.AnswerQuestion():
            return asking.answer(state, command, now)
        case c.WithdrawQuestion():
            return asking.withdraw(state, command, now)
        case c.DelegateVoice():
            return absence.delegate(state, command, now)
        case c.TakeBackVoice():
            return absence.take_back(state, command, now)
        case c.LeaveTeam():
            return leaving.leave(state, command, now)
        case c.ProposeExemption():
            return exempting.propose(state, command, now)
        case c.RevokeExemption():
            return exempting.revoke(state, command, now)
        case _:
            assert_never(command)


def _started(state: State | None, command: c.StartJourney, now: datetime) -> tuple[e.Event, ...]:
    if state is not None:
        raise WrongStage(f"The journey of {state.charter.team} has started already: a team has one.")
    warnings = _linted(command.charter, now)
    return (
        e.JourneyStarted(
            charter=command.charter,
            at=now,
            warnings=warnings,
            policy_version=POLICY_VERSION,
            journey=command.journey,
        ),
    )


def _linted(charter: Charter, now: datetime) -> tuple[str, ...]:
    """Return the lint's warnings.

    Raises:
        CharterRefused: the lint found errors; the message lists all of them.
    """
    findings = lint(charter, now.date())
    errors = [
        f"{f.code} {'.'.join(map(str, f.where))}: {f.message}" for f in findings if f.severity == "error"
    ]
    if errors:
        raise CharterRefused("\n".join(errors))
    return tuple(f"{f.code}: {f.message}" for f in findings)


__all__ = ["Decision", "decide", "decided", "evolve", "fold"]

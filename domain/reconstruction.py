"""Which command led to stored events: what somebody asked, told from what happened first.

The journal has no commands. But the first event of a decision is the fact that
somebody brought, with all that they said, and everything else follows from it. So
the command can be made again, and deciding it again gives every event of the
decision, or another one than is stored. What no event depends on is not known any
more, such as who amended a charter while the team was forming: any member stands
for it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from domain import commands as c
from domain import events as e
from domain.ballots import Advance, Amendment, Ballot, Dissolution, Exemption, Explanation, Rebase
from domain.events.shapes import ByMember
from domain.periods import label
from domain.pulses import reconstruction as pulses
from domain.readback import reconstruction as readback
from domain.series import Observation, share_of
from domain.signatures import Signature
from domain.state import State
from domain.together.asked import asked


class NoCommand(ValueError):
    """No command can have led to this event at this place; the sentence says why."""


def command_of(state: State | None, events: Sequence[e.Event]) -> c.Command:
    """Return the command that led to the first of `events`, which happened in `state`.

    `events` may go on with what other commands led to.

    Raises:
        NoCommand: none can have led there.
    """
    first = events[0]
    if state is None:
        if not isinstance(first, e.JourneyStarted):
            raise NoCommand(f"a journey begins with journey_started, not with {first.kind}")
        return c.StartJourney(charter=first.charter, journey=first.journey)
    command = _command(state, first, events)
    signed = next((event.signed for event in events if isinstance(event, ByMember) and event.signed), None)
    if signed is None or not isinstance(command, c.Signable):
        return command
    said = {name: value for name, value in signed.words.items() if name in type(command).model_fields}
    signature = Signature(number=signed.number, ed25519=signed.ed25519)
    return type(command).model_validate(dict(command) | said | {"by": signed.by, "signature": signature})


def _command(state: State, first: e.Event, events: Sequence[e.Event]) -> c.Command:  # noqa: C901, PLR0911, PLR0912 - one case per event
    if isinstance(first, e.TogetherEvent):
        return _together(first)
    if isinstance(first, e.PulseEvent):
        return pulses.command(first)
    if isinstance(first, e.ReadBackEvent):
        return readback.command(first, state.charter)
    match first:
        case e.JourneyStarted():
            raise NoCommand("the journey has begun already")
        case e.OutcomeConfirmed():
            return c.ConfirmOutcome(by=first.by, version=first.version)
        case e.ConsentGiven():
            return c.GiveConsent(
                by=first.by,
                ballot=first.ballot,
                digest=_digest(state, first.ballot),
                note=first.note,
                on_behalf_of=first.on_behalf_of or None,
            )
        case e.ObjectionRaised():
            return c.RaiseObjection(
                by=first.by,
                ballot=first.ballot,
                digest=_digest(state, first.ballot),
                objection=first.objection,
                reason=first.reason,
                fix=first.fix,
                on_behalf_of=first.on_behalf_of or None,
            )
        case e.BallotOpened():
            return _proposal(state, first.ballot)
        case e.BallotClosed():
            return _closing(state, first, events)
        case e.CharterAmended():
            return c.ProposeAmendment(by=_anybody(state), reason=first.reason, charter=first.charter)
        case e.TeamDissolved():
            return c.DissolveTeam(by=first.by, reason=first.reason, lesson=first.lesson)
        case e.MembersReminded() | e.StageEntered() | e.DelegationEnded() | e.ExemptionExpired():
            return c.PassTime()
        case e.JourneyResumed():
            return c.ResumeJourney(by=first.by)
        case e.ProposalBroughtBack():
            return c.ResumeJourney(by=first.by, parked=first.ballot or None)
        case e.JourneyHeld():
            return c.HoldJourney(by=first.by, reason=first.reason)
        case e.Measured():
            return c.RecordMeasurement(result=first.result)
        case e.MeasurementWanted():
            return c.MeasureNow(by=first.by)
        case e.ValueRecorded():
            return _counted(state, first)
        case e.MilestoneReached():
            return c.ReachMilestone(name=first.name, by=first.by, note=first.note)
        case e.MessageRefused():
            return c.RefuseMessage(message=first.message, reason=first.reason)
        case e.JournalFailed():
            return c.ReportJournal(trouble=first.reason)
        case e.JournalRecovered():
            return c.ReportJournal(trouble=None)
        case (
            e.QuestionAsked()
            | e.QuestionAnswered()
            | e.QuestionWithdrawn()
            | e.VoiceDelegated()
            | e.VoiceTakenBack()
            | e.MemberLeft()
            | e.ExemptionRevoked()
        ):
            return _of_members(first)
        case (
            e.LimitsFrozen()
            | e.GateEvaluated()
            | e.GateDoubted()
            | e.GateAffirmed()
            | e.ProposalParked()
            | e.SignalExplained()
            | e.LimitsRebased()
            | e.RegressionFeared()
            | e.RegressionAverted()
            | e.ExemptionGranted()
        ):
            raise NoCommand(f"{first.kind} follows from other events, and nothing before it leads to it")
        case _:
            assert_never(first)


def _together(first: e.TogetherEvent) -> c.Command:
    found = asked(first)
    if found is None:
        raise NoCommand(f"{first.kind} follows from other events, and nothing before it leads to it")
    return found


def _of_members(  # noqa: PLR0911 - one case per event
    first: e.QuestionAsked
    | e.QuestionAnswered
    | e.QuestionWithdrawn
    | e.VoiceDelegated
    | e.VoiceTakenBack
    | e.MemberLeft
    | e.ExemptionRevoked,
) -> c.Command:
    match first:
        case e.QuestionAsked():
            return c.AskQuestion(by=first.by, ballot=first.ballot, question=first.text)
        case e.QuestionAnswered():
            return c.AnswerQuestion(
                by=first.by, ballot=first.ballot, question=first.question, answer=first.text
            )
        case e.QuestionWithdrawn():
            return c.WithdrawQuestion(by=first.by, ballot=first.ballot, question=first.question)
        case e.VoiceDelegated():
            return c.DelegateVoice(by=first.by, to=first.to, until=_last_day(first.until))
        case e.VoiceTakenBack():
            return c.TakeBackVoice(by=first.by)
        case e.MemberLeft():
            return c.LeaveTeam(by=first.by, reason=first.reason)
        case e.ExemptionRevoked():
            return c.RevokeExemption(by=first.by, reason=first.reason)
        case _:
            assert_never(first)


def _last_day(until: datetime) -> date:
    """Return the last whole day, by the days of UTC, before a moment at which one ends."""
    return (until - timedelta(days=1)).date()


def _digest(state: State, ballot_id: str) -> str | None:
    """Return what the open ballot is bound to: an answer is about that evidence or about none."""
    return next((ballot.digest for ballot in state.ballots if ballot.id == ballot_id), None)


def _anybody(state: State) -> str:
    return next(iter(state.charter.members))


def _proposal(state: State, ballot: Ballot) -> c.Command:
    """Return how a member put something to everybody."""
    calendar, proposal, revises = state.charter.calendar, ballot.proposal, ballot.revises or None
    match proposal:
        case Explanation():
            period = label(proposal.period, calendar)
            return c.ExplainSignal(
                by=proposal.by,
                metric=proposal.metric,
                period=period,
                cause=proposal.cause,
                revises=revises,
            )
        case Rebase():
            return c.ProposeRebase(
                by=proposal.by,
                metric=proposal.metric,
                since=label(proposal.period, calendar),
                cause=proposal.cause,
                different=True,
                known=True,
                desirable=True,
                lasting=True,
                revises=revises,
            )
        case Amendment():
            if proposal.charter is None:
                raise NoCommand("the amendment that is put to everybody has no charter")
            return c.ProposeAmendment(
                by=proposal.by, reason=proposal.reason, charter=proposal.charter, revises=revises
            )
        case Dissolution():
            return c.DissolveTeam(
                by=proposal.by, reason=proposal.reason, lesson=proposal.lesson, revises=revises
            )
        case Exemption():
            day = _last_day(proposal.until)
            return c.ProposeExemption(by=proposal.by, reason=proposal.reason, until=day, revises=revises)
        case Advance():
            raise NoCommand("a ballot on the next stage opens with a gate, and none was judged before it")
        case _:
            assert_never(proposal)


def _closing(state: State, first: e.BallotClosed, events: Sequence[e.Event]) -> c.Command:
    """Return what closed a ballot though nobody answered: time, or what a forming team did besides."""
    closed = [event for event in events if isinstance(event, e.BallotClosed)]
    if state.stage == "forming" and all(event.outcome == "withdrawn" for event in closed):
        after = next((event for event in events if not isinstance(event, e.BallotClosed)), first)
        if isinstance(after, e.CharterAmended | e.TeamDissolved):
            return _command(state, after, events)
    return c.PassTime()


def _counted(state: State, event: e.ValueRecorded) -> c.RecordValue:
    """Return what a member counted; of so many of so many the numerator comes back from the share."""
    found, period = event.observation, label(event.observation.period, state.charter.calendar)
    if found.denominator is None:
        return c.RecordValue(
            by=event.by, metric=event.metric, period=period, value=found.value, note=event.note
        )
    return c.RecordValue(
        by=event.by,
        metric=event.metric,
        period=period,
        numerator=_numerator(found, found.denominator),
        denominator=found.denominator,
        note=event.note,
    )


def _numerator(found: Observation, denominator: float) -> float:
    """Return a count that gives the recorded share: the whole number where there is one."""
    exact = found.value * denominator
    whole = float(round(exact))
    return whole if share_of(whole, denominator) == found.value else exact

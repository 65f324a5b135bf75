"""The turning points of a journey, each as a sentence without a person in it.

Outcomes have no person next to them. Where it matters from whom something came, it is said of the function.
Answers are told only of ballots that were decided, so nothing here can open a sealed one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from domain import events as e
from domain.ballots import (
    Advance,
    Amendment,
    Answer,
    Ballot,
    BallotOutcome,
    Dissolution,
    Exemption,
    Explanation,
    ObjectionKind,
    Proposal,
    Rebase,
)  # fmt: skip
from domain.charter import Stage
from domain.periods import Calendar, label
from domain.sentences import doubtful
from domain.state import State
from domain.wording import counted, moment

# What a lane of the picture shows, and the shape of each mark in it.
Lane = Literal["stage", "gate", "ballot", "signal", "milestone", "regression", "charter"]
Shape = Literal[
    "entered",
    "back",
    "opened",
    "shut",
    "consented",
    "objected",
    "no_decision",
    "withdrawn",
    "explained",
    "rebased",
    "reached",
    "feared",
    "averted",
    "amended",
    "left",
    "exempt",
    "held",
    "resumed",
    "ended",
    "doubted",
    "affirmed",
]
_OUTCOMES: dict[BallotOutcome, Shape] = {
    "consented": "consented",
    "objected": "objected",
    "no_decision": "no_decision",
    "withdrawn": "withdrawn",
}
_OBJECTIONS: dict[ObjectionKind, str] = {
    "harms_outcome": "it harms the outcome",
    "stops_my_work": "it stops my work",
    "irreversible": "it cannot be undone",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that turned the journey: when, in which lane, with which shape, in words."""

    at: datetime
    lane: Lane
    shape: Shape
    sentence: str


def turns_of(event: e.Event, before: State, at: datetime) -> tuple[Turn, ...]:  # noqa: C901, PLR0911, PLR0912 - one case per event
    """Return what an event turned, if anything; `before` is the state that it met."""
    calendar = before.charter.calendar
    match event:
        case e.StageEntered():
            if event.stage == "stability" and event.previous not in {"forming", "stability"}:
                return (Turn(at, "regression", "back", f"Back in stability: {event.reason}."),)
            return (Turn(at, "stage", "entered", f"Entered {event.stage}: {event.reason}."),)
        case e.GateEvaluated(gate=gate):
            return _gate(gate.open, gate.stage, len(gate.counting), before, at)
        case e.GateDoubted():
            why = doubtful(event.doubt, calendar)
            return (
                Turn(at, "gate", "doubted", f"The gate of {event.stage}, passed before, is in doubt: {why}."),
            )
        case e.GateAffirmed():
            said = f"The gate of {event.stage} is in doubt no longer: it would open on the numbers of now."
            return (Turn(at, "gate", "affirmed", said),)
        case e.BallotClosed():
            ballot = next((b for b in before.ballots if b.id == event.ballot), None)
            return () if ballot is None else (_closed(ballot, event, before, at),)
        case e.ProposalParked():
            said = f"The proposal rests after {event.rounds} rounds, until a member brings it back."
            return (Turn(at, "ballot", "no_decision", said),)
        case e.ProposalBroughtBack():
            return (Turn(at, "ballot", "resumed", "The proposal that rested was brought back."),)
        case e.SignalExplained():
            said = f"{event.metric}, {label(event.period, calendar)}, is explained: {event.cause}."
            return (Turn(at, "signal", "explained", _capital(said)),)
        case e.LimitsRebased():
            first = label(event.first, calendar)
            said = f"Limits of {event.metric} are frozen anew from {first} on: {event.cause}."
            return (Turn(at, "signal", "rebased", said),)
        case e.MilestoneReached():
            return (Turn(at, "milestone", "reached", f"Milestone reached: {event.name}."),)
        case e.RegressionFeared():
            streak = counted(event.streak, before.charter.cadence)
            until = moment(event.until)
            said = f"Stability in doubt, {streak} in a row for the worse: time to recover until {until}."
            return (Turn(at, "regression", "feared", said),)
        case e.RegressionAverted():
            return (Turn(at, "regression", "averted", "Stability is back within the time to recover."),)
        case e.CharterAmended():
            said = f"The charter was amended, outcome version {event.version}: {event.reason}."
            return (Turn(at, "charter", "amended", said),)
        case e.ExemptionGranted():
            said = f"Exempt from regression until {moment(event.until)}: {event.reason}."
            return (Turn(at, "regression", "exempt", said),)
        case e.ExemptionExpired():
            return (Turn(at, "regression", "resumed", "The exemption from regression has ended."),)
        case e.ExemptionRevoked():
            return (Turn(at, "regression", "resumed", "The exemption from regression was given back."),)
        case e.MemberLeft():
            return (Turn(at, "charter", "left", f"A member of {event.function} left: {event.reason}."),)
        case e.JourneyHeld():
            return (Turn(at, "charter", "held", f"The journey was held: {event.reason}."),)
        case e.JourneyResumed():
            return (Turn(at, "charter", "resumed", "The journey went on."),) if before.hold else ()
        case e.TeamDissolved():
            said = f"The team was dissolved: {event.reason}. Learned: {event.lesson}."
            return (Turn(at, "stage", "ended", said),)
        case _:
            return ()


def asked(proposal: Proposal, calendar: Calendar) -> str:
    """Return what a ballot asks, without who proposed it."""
    match proposal:
        case Advance():
            return f"go on from {proposal.stage} to {proposal.to}"
        case Explanation():
            return (
                f"take {proposal.metric} of {label(proposal.period, calendar)} as explained: {proposal.cause}"
            )
        case Rebase():
            since = label(proposal.period, calendar)
            return f"freeze limits of {proposal.metric} anew from {since} on: {proposal.cause}"
        case Amendment():
            return f"amend the charter: {proposal.reason}"
        case Dissolution():
            return f"dissolve the team: {proposal.reason}"
        case Exemption():
            return f"exempt the team from regression until {moment(proposal.until)}: {proposal.reason}"
        case _:
            assert_never(proposal)


def _gate(opens: bool, stage: Stage, criteria: int, before: State, at: datetime) -> tuple[Turn, ...]:
    was = before.gate is not None and before.gate.open and before.gate.stage == stage
    if opens == was or stage == "forming":
        return ()
    if opens:
        many = f"all {criteria} criteria" if criteria > 1 else "its criterion"
        return (Turn(at, "gate", "opened", f"The gate of {stage} opened: {many} met."),)
    return (Turn(at, "gate", "shut", f"The gate of {stage} shut again: not all of its criteria are met."),)


def _closed(ballot: Ballot, event: e.BallotClosed, before: State, at: datetime) -> Turn:
    outcome = event.outcome.replace("_", " ")
    round_ = f", round {ballot.round}" if ballot.proposal.kind == "advance" else ""
    what = asked(ballot.proposal, before.charter.calendar)
    if event.outcome == "withdrawn":  # the same may be asked again: nobody is told what was answered
        words = f"Ballot {ballot.id}{round_}: {outcome} ({event.reason}). Asked: {what}."
        return Turn(at, "ballot", _OUTCOMES[event.outcome], words)
    consents = sum(answer.choice == "consent" for answer in ballot.answers.values())
    counts = f"{consents} of {len(ballot.voters)} consented"
    objections = "".join(
        f" {before.charter.members.get(member, 'A member')} objected, {_objection(answer)}"
        for member, answer in ballot.answers.items()
        if answer.choice == "objection"
    )
    words = f"Ballot {ballot.id}{round_}: {outcome}, {counts}. Asked: {what}."
    return Turn(at, "ballot", _OUTCOMES[event.outcome], words + objections)


def _objection(answer: Answer) -> str:
    kind = "" if answer.objection is None else _OBJECTIONS[answer.objection]
    return f"{kind}: {answer.words}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

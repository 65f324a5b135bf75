"""How each event changes the state. Total: it never fails, and ignores what it does not know."""

from typing import Any

from domain import events as e
from domain import facts, rounds, voices
from domain.ballots import Amendment, Answer, Ballot, ClosedBallot
from domain.events.shapes import ByMember
from domain.pulses.evolving import evolved
from domain.readback.evolving import evolved as read_back_evolved
from domain.state import Ending, Grace, Hold, Phase, Reached, Refusal, State, Unwritten, gauges
from domain.together.folding import folded

# Enough to show what went wrong lately, bounded because anybody can send a signal.
REFUSALS_KEPT = 5
# A chart of two years hardly shows more; the journal has them all.
PHASES_KEPT = 4


def evolve(state: State | None, event: e.Event) -> State | None:
    """Return the state after the event. Before `JourneyStarted` there is none."""
    if isinstance(event, e.JourneyStarted):
        if state is not None:
            return state
        return State(
            charter=event.charter,
            entered_at=event.at,
            policy_version=event.policy_version,
            journey=event.journey,
        )
    if state is None:
        return None
    if isinstance(event, ByMember) and event.signed is not None:
        signed = {**state.signed, event.signed.by: event.signed.number}
        state = state.model_copy(update={"signed": signed})
    return folded(state, _evolved(state, event), event)


def fold(state: State | None, events: tuple[e.Event, ...]) -> State | None:
    """Return the state after all the events."""
    for event in events:
        state = evolve(state, event)
    return state


def _evolved(state: State, event: e.Event) -> State:  # noqa: C901, PLR0911, PLR0912 - one case per event
    if isinstance(event, e.AskingEvent | e.MembershipEvent | e.ExemptingEvent):
        return voices.voiced(state, event)
    if isinstance(event, e.PulseEvent):
        return _with(state, pulses=evolved(state.pulses, event, state.charter.members))
    if isinstance(event, e.ReadBackEvent):
        return _with(state, read_backs=read_back_evolved(state.read_backs, event))
    match event:
        case e.OutcomeConfirmed():
            return _with(state, confirmations={**state.confirmations, event.by: event.version})
        case e.Measured():
            return facts.measured(state, event.result)
        case e.MeasurementWanted():
            return _with(state, measures_wanted=state.measures_wanted + 1)
        case e.LimitsFrozen():
            return _with(state, limits={**state.limits, event.metric: event.limits})
        case e.GateEvaluated():
            shut = not event.gate.open
            return _with(
                state,
                gate=event.gate,
                round=0 if shut else state.round,
                parked=False if shut else state.parked,
            )
        case e.GateDoubted():
            return _with(state, doubts={**state.doubts, event.stage: event.doubt})
        case e.GateAffirmed():
            return _with(state, doubts={s: d for s, d in state.doubts.items() if s != event.stage})
        case e.ValueRecorded():
            return facts.recorded(state, event)
        case e.StageEntered():
            return _entered(state, event)
        case e.BallotOpened():
            is_advance = event.ballot.proposal.kind == "advance"
            return _with(
                state,
                ballots=(*state.ballots, event.ballot),
                ballots_opened=state.ballots_opened + 1,
                round=event.ballot.round if is_advance else state.round,
            )
        case e.ConsentGiven():
            return _answered(state, event, {"choice": "consent", "words": event.note})
        case e.ObjectionRaised():
            said = {"choice": "objection", "objection": event.objection, "words": event.reason}
            return _answered(state, event, {**said, "fix": event.fix})
        case e.MembersReminded():
            return _with_ballot(state, event.ballot, lambda b: {"reminders": b.reminders + 1})
        case e.BallotClosed():
            return _closed(state, event)
        case e.ProposalParked():
            return _with(state, parked=True)
        case e.ProposalBroughtBack() if event.ballot:
            again = {"rounds": 0}
            return _with(
                state,
                attempts={
                    name: one.model_copy(update=again) if one.ballot == event.ballot else one
                    for name, one in state.attempts.items()
                },
            )
        case e.ProposalBroughtBack():
            return _with(state, parked=False, round=0, cooling=False)
        case e.SignalExplained():
            causes = {**state.explained.get(event.metric, {}), event.period: event.cause}
            return _with(
                state,
                explained={**state.explained, event.metric: causes},
                cooling=False,
                measures_wanted=state.measures_wanted + 1,
            )
        case e.LimitsRebased():
            return _rebased(state, event)
        case e.CharterAmended():
            return _amended(state, event)
        case e.MilestoneReached():
            reached = Reached(by=event.by, at=event.at, note=event.note)
            return _with(state, milestones={**state.milestones, event.name: reached})
        case e.MessageRefused():
            refusal = Refusal(message=event.message, reason=event.reason, at=event.at)
            return _with(state, refusals=(*state.refusals, refusal)[-REFUSALS_KEPT:])
        case e.RegressionFeared():
            return _with(state, grace=Grace(streak=event.streak, until=event.until))
        case e.RegressionAverted():
            return _with(state, grace=None)
        case e.JourneyHeld():
            return _with(state, hold=Hold(by=event.by, reason=event.reason, at=event.at))
        case e.JourneyResumed():
            return _with(state, hold=None, measures_wanted=state.measures_wanted + 1)
        case e.JournalFailed():
            return _with(state, unwritten=Unwritten(reason=event.reason, at=event.at))
        case e.JournalRecovered():
            return _with(state, unwritten=None)
        case e.TeamDissolved():
            ending = Ending(at=event.at, reason=event.reason, lesson=event.lesson)
            return _with(
                state,
                stage="dissolved",
                entered_at=event.at,
                ending=ending,
                ballots=(),
                grace=None,
                gate=None,
            )
        case _:
            return state


def _with(state: State, **changes: Any) -> State:
    return state.model_copy(update=changes)


def _with_ballot(state: State, ballot_id: str, change: Any) -> State:
    ballots = tuple(b.model_copy(update=change(b)) if b.id == ballot_id else b for b in state.ballots)
    return _with(state, ballots=ballots)


def _answered(state: State, event: e.ConsentGiven | e.ObjectionRaised, said: dict[str, Any]) -> State:
    """Keep the answer of one voice: the member's own, or what was answered for them."""
    voice, given_by = (event.on_behalf_of, event.by) if event.on_behalf_of else (event.by, "")

    def change(ballot: Ballot) -> dict[str, Any]:
        before = ballot.answers.get(voice)
        revision = 1 if before is None else before.revision + 1
        return {"answers": {**ballot.answers, voice: Answer(**said, given_by=given_by, revision=revision)}}

    return _with_ballot(state, event.ballot, change)


def _closed(state: State, event: e.BallotClosed) -> State:
    ballot = next((b for b in state.ballots if b.id == event.ballot), None)
    if ballot is None:
        return state
    advance = ballot.proposal.kind == "advance"
    failed = event.outcome in {"objected", "no_decision"}
    if isinstance(ballot.proposal, Amendment):
        light = ballot.proposal.model_copy(update={"charter": None})
        ballot = ballot.model_copy(update={"proposal": light})
    return _with(
        state,
        ballots=tuple(b for b in state.ballots if b.id != event.ballot),
        last_closed=ClosedBallot(
            ballot=ballot, outcome=event.outcome, reason=event.reason, closed_at=event.at
        ),
        round=ballot.round - 1 if advance and event.outcome == "withdrawn" else state.round,
        cooling=(advance and failed) or state.cooling,
        attempts=_attempts(state, event),
    )


def _attempts(state: State, event: e.BallotClosed) -> dict[str, rounds.Attempt]:
    """Count the failed rounds of members' proposals; one that was withdrawn is no round."""
    ballot = next(b for b in state.ballots if b.id == event.ballot)
    if ballot.proposal.kind == "advance" or event.outcome == "withdrawn":
        return state.attempts
    if event.outcome == "consented":
        done = rounds.line_of(ballot)
        return {name: one for name, one in state.attempts.items() if name != done}
    return rounds.failed(state.attempts, ballot, event.outcome, state.charter)


def _entered(state: State, event: e.StageEntered) -> State:
    ending = state.ending
    if event.stage == "completed":
        ending = Ending(at=event.at, reason=event.reason)
    return _with(
        state,
        stage=event.stage,
        entered_at=event.at,
        since=event.since,
        limits={**state.limits, **event.limits},
        baselines=event.baselines,
        gate=None,
        round=0,
        parked=False,
        cooling=False,
        grace=None,
        ballots=() if event.stage == "completed" else state.ballots,
        ending=ending,
        measures_wanted=state.measures_wanted + 1,
        **facts.passed(state, event),
    )


def _of_a_period(closed: ClosedBallot | None) -> bool:
    return closed is not None and closed.ballot.proposal.kind == "explain"


def _rebased(state: State, event: e.LimitsRebased) -> State:
    """Drop the limits, so that they are frozen anew from there, and keep what was for the chart."""
    phase = Phase(
        first=event.first,
        at=event.at,
        by=event.by,
        cause=event.cause,
        before=state.limits.get(event.metric),
    )
    phases = (*state.phases.get(event.metric, ()), phase)[-PHASES_KEPT:]
    return _with(
        state,
        limits={name: frozen for name, frozen in state.limits.items() if name != event.metric},
        phases={**state.phases, event.metric: phases},
        frozen_from={**state.frozen_from, event.metric: event.first},
        cooling=False,
        measures_wanted=state.measures_wanted + 1,
    )


def _amended(state: State, event: e.CharterAmended) -> State:
    """Keep what still means the same; a metric that changed starts anew."""
    kept = {gauge.name for gauge in gauges(event.charter)} - set(event.changed)

    def only_kept(table: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in table.items() if name in kept}

    limits = {name: frozen for name, frozen in only_kept(state.limits).items() if name not in event.rebased}
    # Drawn in another way, limits stay those of the same time: moving them asks for a rebase.
    same = event.charter.stages.stability.baseline_from == state.charter.stages.stability.baseline_from
    begins = {name: frozen.first for name, frozen in state.limits.items() if same and name in event.rebased}
    members, same_calendar = event.charter.members, event.charter.calendar == state.charter.calendar
    confirmations = {member: v for member, v in state.confirmations.items() if member in members}
    return _with(
        state,
        charter=event.charter,
        outcome_version=event.version,
        # A period's number means another time in another cadence or zone.
        since=state.since if same_calendar else None,
        through=state.through if same_calendar else None,
        last_closed=state.last_closed if same_calendar or not _of_a_period(state.last_closed) else None,
        gate=None,
        cooling=False,
        milestones={name: at for name, at in state.milestones.items() if name in event.charter.milestones},
        confirmations=confirmations | dict.fromkeys(event.confirmed, event.version),
        series=only_kept(state.series),
        limits=limits,
        baselines=only_kept(state.baselines),
        evidence=only_kept(state.evidence),
        trouble=only_kept(state.trouble),
        explained=only_kept(state.explained),
        **facts.after_amendment(state, event),
        attempts={} if not same_calendar else state.attempts,
        delegations=voices.still_given(state.delegations, event.charter),
        missing_since={f: at for f, at in state.missing_since.items() if f not in members.values()},
        phases=only_kept(state.phases),
        frozen_from=only_kept(state.frozen_from | begins),
        measures_wanted=state.measures_wanted + 1,
    )

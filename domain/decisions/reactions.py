"""What follows by itself from what happened: rounds that are complete, gates that open or shut."""

from datetime import datetime

from domain import events as e
from domain.ballots import Advance, Ballot
from domain.decisions.proposals import close, opening
from domain.gates import NEXT, evaluate
from domain.state import State, gating
from domain.together import drift
from domain.verdicts import GateEvaluation
from domain.wording import listed


def reaction(state: State, now: datetime, judged: GateEvaluation | None = None) -> tuple[e.Event, ...]:
    """Return what happens next by itself, or nothing when all is settled.

    `judged` is the gate's evaluation where that is the newest thing that happened; what it says of itself
    changes nothing that it depends on.

    A ballot on the next stage is counted only against a gate that is judged on present evidence: what
    came in between, such as a hold or an explained point, may have shut it.
    """
    if state.over:
        return ()
    if drifted := tuple(drift.due(state, now)):
        return drifted
    proposals = (ballot for ballot in state.ballots if ballot.proposal.kind != "advance")
    complete = next((ballot for ballot in proposals if ballot.complete), None)
    if complete is not None:
        return _counted(state, complete, now)
    if state.measures_served < state.measures_wanted and state.stage != "forming":
        return ()  # what there is was computed for another stage, charter or set of explanations
    gate = evaluate(state) if judged is None else judged
    if gate != state.gate:
        return (e.GateEvaluated(gate=gate),)
    return _opened(state, gate, now) if gate.open else _shut(state, now)


def _counted(state: State, ballot: Ballot, now: datetime) -> tuple[e.Event, ...]:
    objections = sum(answer.choice == "objection" for answer in ballot.answers.values())
    reason = "every member consented" if not objections else f"everybody answered, {objections} objected"
    return close(state, ballot, ballot.verdict, reason, now)


def _opened(state: State, gate: GateEvaluation, now: datetime) -> tuple[e.Event, ...]:
    if state.stage == "forming":
        return (
            e.StageEntered(
                stage="stability",
                previous="forming",
                at=now,
                since=None,
                reason="every function is there and every member confirmed the outcome",
            ),
        )
    ballot = state.advance_ballot
    if ballot is not None:
        return _counted(state, ballot, now) if ballot.complete else ()
    if state.parked or state.cooling:
        return ()
    if state.round >= state.charter.ballots.rounds:
        return (e.ProposalParked(rounds=state.round),)
    assert state.stage in NEXT  # the other stages have no gate that opens
    proposal = Advance(stage=state.stage, to=NEXT[state.stage])
    return (opening(state, proposal, gate.digest, now, {"round": state.round + 1}),)


def _shut(state: State, now: datetime) -> tuple[e.Event, ...]:
    ballot, calendar = state.advance_ballot, state.charter.calendar
    if ballot is None or state.gate is None:
        return ()
    why = "; ".join(f"{v.title}: {v.actual}" for v in state.gate.held_by)
    restated = "; ".join(
        f"{gauge.name} was restated for the {listed(state.restated[gauge.name].periods, calendar)}"
        for gauge in gating(state.charter)
        if gauge.name in state.restated
    )
    reason = f"the gate is no longer met ({why})" + (f"; {restated}" if restated else "")
    return (e.BallotClosed(ballot=ballot.id, outcome="withdrawn", reason=reason, at=now),)

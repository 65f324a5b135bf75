"""What time brings: reminders, closes, and the end of a grace period."""

from collections.abc import Iterator
from datetime import datetime

from domain import events as e
from domain.ballots import reminders_at
from domain.decisions.proposals import close
from domain.state import State
from domain.wording import named


def due(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield what is due. Nothing here ever counts as consent."""
    for ballot in state.ballots:
        if now >= ballot.closes_at:
            reason = (
                f"time is up, without an answer of {named(ballot.waiting_for)}"
                if ballot.verdict == "no_decision"
                else "time is up, with an objection"
            )
            yield from close(state, ballot, ballot.verdict, reason, now)
        elif any(now >= at for at in reminders_at(ballot)[ballot.reminders :]):
            yield e.MembersReminded(
                ballot=ballot.id, waiting_for=ballot.waiting_for, closes_at=ballot.closes_at
            )
    if state.grace is not None and state.hold is None and now >= state.grace.until:
        if state.advance_ballot is not None:
            yield e.BallotClosed(
                ballot=state.advance_ballot.id, outcome="withdrawn", reason="stability was lost", at=now
            )
        yield e.StageEntered(
            stage="stability",
            previous=state.stage,
            at=now,
            since=None,
            reason="stability was lost and not recovered within the grace period",
        )

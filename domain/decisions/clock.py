"""What time brings: reminders, closes, promises that were missed, and the end of a grace period."""

from collections.abc import Iterator
from datetime import datetime

from domain import events as e
from domain.ballots import reminders_at
from domain.decisions.committing import overdue
from domain.decisions.proposals import close
from domain.state import State
from domain.wording import named


def due(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield what is due. Nothing here ever counts as consent."""
    lost = state.grace is not None and state.hold is None and now >= state.grace.until
    for ballot in state.ballots:
        if lost and ballot.proposal.kind == "advance":
            yield from close(state, ballot, "withdrawn", "stability was lost", now)
        elif not ballot.waiting_for:
            continue  # everybody answered in time: it is counted as soon as the evidence is up to date
        elif now >= ballot.closes_at:
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
    yield from overdue(state, now)
    if lost:
        yield e.StageEntered(
            stage="stability",
            previous=state.stage,
            at=now,
            since=None,
            reason="stability was lost and not recovered within the grace period",
        )

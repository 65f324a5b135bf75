"""What time brings: reminders, closes, promises that were missed, and the end of a grace period."""

from collections.abc import Iterator
from datetime import datetime

from domain import events as e
from domain.ballots import Ballot, reminders_at
from domain.decisions import absence, committing, exempting
from domain.decisions.proposals import close
from domain.state import State
from domain.wording import named


def due(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield what is due. Nothing here ever counts as consent."""
    yield from absence.ended(state, now)
    yield from exempting.expired(state, now)
    decided = next((ballot for ballot in state.ballots if _decided(ballot, now)), None)
    if decided is not None:  # alone, because it may take the others along
        yield from close(state, decided, "consented", _time_is_up(decided), now)
        return
    lost = grace_is_over(state, now)
    for ballot in state.ballots:
        if lost and ballot.proposal.kind in {"advance", "exempt"}:
            yield from close(state, ballot, "withdrawn", "stability was lost", now)
        elif ballot.complete:
            continue  # everybody answered in time: it is counted as soon as the evidence is up to date
        elif now >= ballot.closes_at:
            yield from close(state, ballot, ballot.verdict, _time_is_up(ballot), now)
        elif any(now >= at for at in reminders_at(ballot)[ballot.reminders :]):
            yield e.MembersReminded(
                ballot=ballot.id, waiting_for=_reminded(ballot), closes_at=ballot.closes_at
            )
    yield from committing.overdue(state, now)
    if lost:
        yield e.StageEntered(
            stage="stability",
            previous=state.stage,
            at=now,
            since=None,
            reason="stability was lost and not recovered within the grace period",
        )


def grace_is_over(state: State, now: datetime) -> bool:
    """Whether a grace period has run out; a hold and an exemption stop it."""
    stopped = state.hold is not None or state.exempt is not None
    return state.grace is not None and not stopped and now >= state.grace.until


def _decided(ballot: Ballot, now: datetime) -> bool:
    """Whether all who had to consented in time, and only those have said nothing who need not."""
    return not ballot.complete and now >= ballot.closes_at and ballot.verdict == "consented"


def _reminded(ballot: Ballot) -> tuple[str, ...]:
    """Return who is reminded: who has not answered, or, of a question alone, those who can answer it."""
    asked = {question.by for question in ballot.unanswered}
    return ballot.waiting_for or tuple(voter for voter in ballot.voters if {voter} != asked)


def _time_is_up(ballot: Ballot) -> str:
    if ballot.verdict == "objected":
        return "time is up, with an objection"
    if ballot.verdict == "consented":
        return (
            f"time is up: all whose consent is needed gave it, and {named(ballot.waiting_for)} did not object"
        )
    lacking = [f"without an answer of {named(ballot.missing)}"] if ballot.missing else []
    lacking += [f"with the question {q.id} of {q.by} unanswered" for q in ballot.unanswered]
    return f"time is up, {' and '.join(lacking)}"

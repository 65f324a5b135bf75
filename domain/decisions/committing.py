"""What one member promises by a day. Members promise for themselves, and say themselves what came of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from domain import events as e
from domain.commands import CloseCommitment, MakeCommitment
from domain.decisions.people import member
from domain.errors import NotUnderstood, WrongStage
from domain.state import State
from domain.together.records import Commitment
from domain.wording import named
from domain.words import folded

# More than anybody keeps, and the state stays small (open ones of a whole team).
OPEN_AT_MOST = 20
# The last place on Earth where a day ends is twelve hours behind UTC. The zone of a charter is not asked,
# because its rules may be others when a history is replayed.
LAST_PLACE = timedelta(hours=12)


def make(state: State, command: MakeCommitment, now: datetime) -> tuple[e.Event, ...]:
    """Promise something by a day that is still to come. The same promise again is one promise."""
    by, still = member(state, command.by), state.together.commitments.open
    until = datetime.combine(command.due + timedelta(days=1), time(), UTC) + LAST_PLACE
    if until <= now:
        raise NotUnderstood(f"{command.due} is over: promise something by a day that is still to come.")
    if any(
        (one.owner, one.due, folded(one.what)) == (by, command.due, folded(command.what)) for one in still
    ):
        return ()
    if len(still) >= OPEN_AT_MOST:
        raise WrongStage(f"{OPEN_AT_MOST} commitments are open already: keep one of them first.")
    number = state.together.commitments.made + 1
    return (e.CommitmentMade(id=f"c{number}", by=by, what=command.what, due=command.due, until=until),)


def close(state: State, command: CloseCommitment, now: datetime) -> tuple[e.Event, ...]:
    """Say that it is done, or will not be; what was missed may still be done, and is late after its day."""
    by = member(state, command.by)
    found = _meant(state, by, command.commitment)
    missed = found.standing == "missed"
    if missed and command.how == "missed":
        return ()
    return (
        e.CommitmentClosed(
            id=found.id,
            owner=by,
            what=found.what,
            how=command.how,
            late=missed and now >= found.until,
            by=by,
            note=command.note,
        ),
    )


def overdue(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield the promises whose day is over."""
    for one in state.together.commitments.open:
        if now >= one.until:
            yield e.CommitmentClosed(id=one.id, owner=one.owner, what=one.what, how="missed")


def _meant(state: State, by: str, name: str | None) -> Commitment:
    kept = state.together.commitments
    own = [one for one in kept.open if one.owner == by]
    missed = [one for one in kept.closed if one.standing == "missed"]
    there = _closable(by, own, [one for one in missed if one.owner == by])
    if name is None:
        if len(own) == 1:
            return own[0]
        raise NotUnderstood(f"Say which commitment: {there}.")
    found = next((one for one in (*kept.open, *missed) if one.id == folded(name)), None)
    if found is None:
        raise NotUnderstood(f"No commitment that is open or missed is called {name!r}: {there}.")
    if found.owner != by:
        raise NotUnderstood(
            f"{found.id} is a promise of {found.owner}, and members say themselves what came of theirs."
        )
    return found


def _closable(by: str, own: Sequence[Commitment], missed: Sequence[Commitment]) -> str:
    """Return what a member may say something of: what is open, and what was missed and may still be done."""
    groups = {"open": own, "missed": missed}
    said = [
        f"{word} of {by}: {named(f'{one.id} ({one.what})' for one in ones)}"
        for word, ones in groups.items()
        if ones
    ]
    return "; ".join(said) or f"{by} has no commitment that is open or missed"

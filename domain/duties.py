"""What each member has yet to do: never what a sealed answer says, only that it is not there."""

from collections.abc import Iterator

from domain.criteria.exchange import unposted, unread
from domain.state import State
from domain.wording import moment, named


def duties(state: State) -> dict[str, tuple[str, ...]]:
    """Return what each member has yet to do, a few words each; who has nothing to do is left out."""
    if state.over:
        return {}
    found = {member: tuple(_of(state, member)) for member in state.charter.members}
    return {member: told for member, told in found.items() if told}


def _of(state: State, member: str) -> Iterator[str]:
    if state.confirmations.get(member) != state.outcome_version:
        yield f"confirm version {state.outcome_version} of the outcome"
    if state.charter.forming.exchange:
        yield from _exchange(state, member)
    for ballot in state.ballots:
        if member in ballot.waiting_for:
            yield f"answer {ballot.id} by {moment(ballot.closes_at)}"
    for name, owner in state.charter.milestones.items():
        if owner == member and name not in state.milestones and name in _asked(state):
            yield f"reach the milestone {name}"
    for one in state.together.commitments.open:
        if one.owner == member:
            yield f"keep {one.id}, {one.what}, by {one.due.isoformat()}"
    if state.together.facilitation.current == member:
        yield "facilitate"


def _exchange(state: State, member: str) -> Iterator[str]:
    kinds = unposted(state).get(state.charter.members[member])
    if kinds:
        yield f"post a {named(kinds)} of {state.charter.members[member]}"
    whose = unread(state).get(member)
    if whose:
        yield f"acknowledge what {named(whose)} posted"


def _asked(state: State) -> tuple[str, ...]:
    """Return the milestones that the present stage asks for."""
    gates = state.charter.stages
    match state.stage:
        case "stability" | "optimization" | "innovation":
            return tuple(getattr(gates, state.stage).milestones)
        case _:
            return ()

"""What each member has yet to do: a list per person, and never what a sealed answer says."""

from collections.abc import Iterator

from domain.ballots import Ballot
from domain.criteria.exchange import unposted, unread
from domain.gates import NEXT
from domain.state import State
from domain.wording import moment, named


def duties(state: State) -> dict[str, tuple[str, ...]]:
    """Return each member with what waits for them, the most urgent first; nobody who has nothing to do."""
    if state.over:
        return {}
    found = {member: tuple(_of(state, member)) for member in state.charter.members}
    return {member: list_ for member, list_ in found.items() if list_}


def _of(state: State, member: str) -> Iterator[str]:
    if state.confirmations.get(member) != state.outcome_version:
        yield f"confirm version {state.outcome_version} of the outcome"
    if state.charter.forming.exchange:
        yield from _exchange(state, member)
    for ballot in state.ballots:
        yield from _on(state, ballot, member)
    if state.stage in NEXT:
        for name in state.charter.gate_of(state.stage).milestones:
            if name not in state.milestones and state.charter.milestones.get(name) == member:
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


def _on(state: State, ballot: Ballot, member: str) -> Iterator[str]:
    by = moment(ballot.closes_at)
    if member in ballot.waiting_for:
        given = state.delegations.get(member)
        absent = "" if given is None else f" (absent: {given.to} may)"
        yield f"answer {ballot.id} by {by}{absent}"
    for absent_one, given in state.delegations.items():
        answer = ballot.answers.get(absent_one)
        if given.to == member and absent_one in ballot.voters and answer is None:
            yield f"answer {ballot.id} for {absent_one}, who is absent, by {by}"
    for question in ballot.unanswered:
        if question.by != member:
            yield f"answer {question.by}'s question {question.id} on {ballot.id}, if you can"

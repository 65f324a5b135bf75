"""Which round of what a proposal is: the first, or the next of one that failed."""

from domain.ballots import Amendment, Proposal
from domain.errors import NoSuchBallot, NotUnderstood, WrongStage
from domain.rounds import Attempt, former, revised, subject, terms
from domain.state import State
from domain.wording import named


def round_of(state: State, proposal: Proposal, revises: str | None) -> dict[str, object]:
    """Return what a ballot says of its round: its number, which round it mends, and how it differs.

    Raises:
        NoSuchBallot: `revises` is no failed round.
        NotUnderstood: it was about something else.
        WrongStage: its rounds are used up.
    """
    found = former(state.attempts, proposal, state.charter)
    if revises is not None:
        found = _named(state, proposal, revises)
    if found is None:
        return {"round": 1}
    line, before = found
    if before.parked(state.charter):
        raise WrongStage(
            f"This is parked since ballot {before.ballot}, after {before.rounds} rounds without consent: "
            f"a member brings it back first (bst resume {state.charter.team} --ballot {before.ballot})."
        )
    return {
        "round": before.rounds + 1,
        "revises": before.ballot,
        "first": line.removeprefix("amend:") if isinstance(proposal, Amendment) else "",
        "revised": revised(before.terms, terms(proposal, state.charter)),
    }


def _named(state: State, proposal: Proposal, revises: str) -> tuple[str, Attempt]:
    found = next(((line, one) for line, one in state.attempts.items() if one.ballot == revises), None)
    if found is None:
        if any(ballot.id == revises for ballot in state.ballots):
            raise NoSuchBallot(f"Ballot {revises} is open: answer it, and mend it when it has failed.")
        there = named(one.ballot for one in state.attempts.values()) if state.attempts else "none"
        raise NoSuchBallot(f"No failed round is called {revises!r}: what can be mended is {there}.")
    line, before = found
    same = before.kind == proposal.kind if isinstance(proposal, Amendment) else line == subject(proposal)
    if not same:
        raise NotUnderstood(
            f"Ballot {revises} was about something else ({before.kind}): propose this without `revises`."
        )
    return found

"""What may be read of ballots: answers on an open one are sealed here, so nothing can show them."""

from datetime import datetime

from pydantic import Field

from domain.ballots import Amendment, Answer, Ballot, BallotOutcome, Question
from domain.differences import differences
from domain.model import Carried
from domain.sentences import proposed
from domain.state import State


class BallotView(Carried):
    """One ballot, with who has answered; what they said only when it is closed."""

    id: str
    kind: str
    proposal: str
    digest: str
    round: int
    opened_at: datetime
    closes_at: datetime
    answered: tuple[str, ...]
    waiting_for: tuple[str, ...]
    changes: tuple[str, ...] = Field(default=(), description="What an amendment changes, a line per key.")
    revises: str = Field(default="", description="The failed round that this one mends.")
    revised: tuple[str, ...] = Field(default=(), description="How it differs from that one, a line per key.")
    excused: tuple[str, ...] = Field(
        default=(), description="Members whose silence does not count when time is up."
    )
    answered_for: dict[str, str] = Field(
        default_factory=dict, description="Absent member whose answer is there: who gave it."
    )
    questions: tuple[Question, ...] = Field(default=(), description="Open to all, with their answers.")
    revisions: dict[str, int] = Field(description="How often each member has answered.")
    outcome: BallotOutcome | None = Field(default=None, description="None while it is open.")
    reason: str = ""
    answers: dict[str, Answer] | None = Field(default=None, description="Sealed while open or if withdrawn.")


class Ballots(Carried):
    """The open ballots, and the last one that closed."""

    team: str
    open: tuple[BallotView, ...]
    last: BallotView | None


def ballots(state: State) -> Ballots:
    """Return the open ballots, sealed, and the last closed one with its answers unless it was withdrawn."""
    closed = state.last_closed
    last = None
    if closed is not None:
        # What was withdrawn may be asked again: its answers stay sealed for good.
        answers = None if closed.outcome == "withdrawn" else closed.ballot.answers
        update = {"outcome": closed.outcome, "reason": closed.reason, "answers": answers}
        last = open_view(state, closed.ballot).model_copy(update=update)
    return Ballots(
        team=state.charter.team, open=tuple(open_view(state, ballot) for ballot in state.ballots), last=last
    )


def open_view(state: State, ballot: Ballot) -> BallotView:
    """Return a ballot with who has answered, and nothing of what they said."""
    proposal, changes = ballot.proposal, tuple[str, ...]()
    if isinstance(proposal, Amendment) and proposal.charter is not None:
        changes = differences(state.charter, proposal.charter)
    return BallotView(
        id=ballot.id,
        kind=ballot.proposal.kind,
        proposal=proposed(ballot.proposal, state.charter.calendar),
        digest=ballot.digest,
        round=ballot.round,
        opened_at=ballot.opened_at,
        closes_at=ballot.closes_at,
        answered=tuple(member for member in ballot.voters if member in ballot.answers),
        waiting_for=ballot.waiting_for,
        changes=changes,
        revises=ballot.revises,
        revised=ballot.revised,
        excused=ballot.excused,
        answered_for={absent: said.given_by for absent, said in ballot.answers.items() if said.given_by},
        questions=ballot.questions,
        revisions={member: answer.revision for member, answer in ballot.answers.items()},
    )

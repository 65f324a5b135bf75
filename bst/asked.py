"""What a caller gave, checked before it is sent: which ballot, whose voice; and why a signal did nothing."""

from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain.ballot_views import Ballots, BallotView
from domain.charter import Charter
from domain.errors import CharterRefused, NotUnderstood
from domain.finding import Problem, dotted
from domain.lint import lint
from domain.views import Status

_Sent = TypeVar("_Sent", bound=BaseModel)


def sent(kind: type[_Sent], **values: object) -> _Sent:
    """Build a command from what a person gave.

    Raises:
        NotUnderstood: a value cannot be one, such as an empty reason.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        from bst.charter_misfits import limit_words  # YAML takes 50 ms to import, and only a refusal needs it

        told = "; ".join(
            f"{dotted(e['loc']) or 'it'}: {limit_words(e, str(e['loc'][-1]) if e['loc'] else '')}"
            for e in error.errors()
        )
        raise NotUnderstood(f"This cannot be sent: {told}.") from None


def linted(charter: Charter, today: date) -> None:
    """Refuse a charter that does not pass its lint.

    Raises:
        CharterRefused: with all of its errors.
    """
    problems = tuple(
        Problem(found.severity, found.code, 0, 0, dotted(found.where), found.message)
        for found in lint(charter, today)
        if found.severity == "error"
    )
    if problems:
        raise CharterRefused("\n".join(problem.printed("charter") for problem in problems), problems)


def why_refused(status: Status) -> str:
    """Return why a signal did not do what it should: what the journey noted last of all."""
    if "refused" in status.attention:
        return status.notes[status.attention.index("refused")]
    return f"The journey of {status.team} did not take the milestone; `bst events {status.team}` shows why."


def chosen(ballots: Ballots, ballot: str | None) -> BallotView | None:
    """Return the open ballot of this id, or the only open one without an id."""
    if ballot is None:
        return ballots.open[0] if len(ballots.open) == 1 else None
    return next((view for view in ballots.open if view.id == ballot), None)


def voice(ballot: BallotView, by: str) -> str:
    """Return the voter's name as the ballot has it, or what was given when nobody has this name."""
    voters = {voter.casefold(): voter for voter in (*ballot.answered, *ballot.waiting_for)}
    return voters.get(by.casefold(), by)

"""Who goes: a member leaves, at once and alone, and what was open is withdrawn."""

from datetime import datetime
from typing import Final

from domain import events as e
from domain.ballots import Ballot
from domain.commands import LeaveTeam
from domain.decisions.people import member
from domain.decisions.proposals import withdrawn
from domain.errors import WrongStage
from domain.state import State

# As the charter's model has it: one person alone is no team, and could consent to anything.
MEMBERS_AT_LEAST: Final = 2


def leave(state: State, command: LeaveTeam, now: datetime) -> tuple[e.Event, ...]:
    """Leave at once, and withdraw what is open, whatever was answered.

    The next stage is asked anew by itself, of who is on the team then; a member's proposal is not, because
    who proposed it may not want it any more.
    """
    by, team = member(state, command.by), state.charter.team
    if len(state.charter.members) <= MEMBERS_AT_LEAST:
        raise WrongStage(
            f"{team} has {MEMBERS_AT_LEAST} members, and no team has fewer: let somebody join first "
            f"(bst amend {team}), or propose to end it (bst dissolve {team})."
        )
    left = e.MemberLeft(by=by, function=state.charter.members[by], reason=command.reason, at=now)
    gone = f"{by} left the team"
    return (
        left,
        *(
            closed
            for ballot in state.ballots
            for closed in withdrawn((ballot,), f"{gone}, {_next(ballot)}", now)
        ),
    )


def _next(ballot: Ballot) -> str:
    """Say what becomes of a ballot that is withdrawn because somebody left."""
    again = "and everybody is asked anew while the gate is met"
    return again if ballot.proposal.kind == "advance" else "so propose it again if it is still wanted"

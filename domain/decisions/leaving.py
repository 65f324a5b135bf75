"""Who goes: a member leaves, at once and alone, and the others are asked anew."""

from datetime import datetime
from typing import Final

from domain import events as e
from domain.commands import LeaveTeam
from domain.decisions.people import member
from domain.decisions.proposals import withdrawn
from domain.errors import WrongStage
from domain.state import State

# As the charter's model has it: one person alone is no team, and could consent to anything.
MEMBERS_AT_LEAST: Final = 2


def leave(state: State, command: LeaveTeam, now: datetime) -> tuple[e.Event, ...]:
    """Leave at once. Who is on the team now is asked anew, whatever they and the leaver had answered."""
    by, team = member(state, command.by), state.charter.team
    if len(state.charter.members) <= MEMBERS_AT_LEAST:
        raise WrongStage(
            f"{team} has {MEMBERS_AT_LEAST} members, and no team has fewer: let somebody join first "
            f"(bst amend {team}), or propose to end it (bst dissolve {team})."
        )
    left = e.MemberLeft(by=by, function=state.charter.members[by], reason=command.reason, at=now)
    return (left, *withdrawn(state.ballots, f"{by} left the team, and everybody is asked anew", now))

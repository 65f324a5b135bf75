"""What members tell one another, by topic."""

from datetime import datetime
from typing import assert_never

from domain import commands as c
from domain import events as e
from domain.decisions import committing, exchanging, facilitating, working
from domain.state import State


def decided(  # noqa: PLR0911 - one case per command
    state: State, command: c.OfTogether, now: datetime
) -> tuple[e.Event, ...]:
    """Return what the command leads to; `Refused` where the rules do not allow it."""
    match command:
        case c.PostToExchange():
            return exchanging.post(state, command)
        case c.WithdrawPost():
            return exchanging.withdraw(state, command)
        case c.AcknowledgePosts():
            return exchanging.acknowledge(state, command)
        case c.AddWorkItem():
            return working.add(state, command, now)
        case c.CloseWorkItem():
            return working.close(state, command)
        case c.RecordRetrospective():
            return working.look_back(state, command, now)
        case c.MakeCommitment():
            return committing.make(state, command, now)
        case c.CloseCommitment():
            return committing.close(state, command, now)
        case c.PassFacilitation():
            return facilitating.hand_on(state, command)
        case _:
            assert_never(command)

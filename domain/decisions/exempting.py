"""Exemptions from regression: for a time, by consent of every other function, and ended by anybody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain import events as e
from domain.ballots import Exemption
from domain.commands import ProposeExemption, RevokeExemption
from domain.decisions.absence import end_of_day
from domain.decisions.people import member
from domain.decisions.proposals import open_by
from domain.errors import NotUnderstood, WrongStage
from domain.state import State
from domain.wording import moment

# A quarter: what lasts longer is no exception any more, and the charter should say it.
EXEMPT_AT_MOST: Final = timedelta(days=90)


def propose(state: State, command: ProposeExemption, now: datetime) -> tuple[e.Event, ...]:
    """Ask everybody. Members of the proposer's own function may object, and need not answer."""
    by, until = member(state, command.by), end_of_day(command.until)
    if state.stage not in {"optimization", "innovation"}:
        raise WrongStage(f"In {state.stage} there is no way back: there is nothing to be exempt from.")
    if state.exempt is not None:
        raise WrongStage(
            f"The team is exempt until {moment(state.exempt.until)} already: revoke that first "
            f"(bst exempt {state.charter.team} --revoke)."
        )
    if until <= now:
        raise NotUnderstood(f"{command.until} is over: name the last day of the exemption.")
    if until > now + EXEMPT_AT_MOST:
        last = (now + EXEMPT_AT_MOST).date() - timedelta(days=1)
        raise NotUnderstood(
            f"{command.until} is more than {EXEMPT_AT_MOST.days} days ahead: name {last} at the latest."
        )
    members = state.charter.members
    excused = tuple(name for name, job in members.items() if job == members[by] and name != by)
    proposal = Exemption(by=by, reason=command.reason, until=until)
    return open_by(state, proposal, by, now, revises=command.revises, excused=excused)


def revoke(state: State, command: RevokeExemption, now: datetime) -> tuple[e.Event, ...]:
    """End it now. Any member may, as with a hold: the ordinary rule protects, the exception does not."""
    by = member(state, command.by)
    if state.exempt is None:
        raise WrongStage("The team is not exempt: there is nothing to revoke.")
    return (e.ExemptionRevoked(by=by, reason=command.reason, grace_until=_grace_until(state, now)),)


def expired(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield the end of an exemption whose day is over."""
    if state.exempt is not None and now >= state.exempt.until:
        yield e.ExemptionExpired(grace_until=_grace_until(state, now))


def _grace_until(state: State, now: datetime) -> datetime | None:
    """Return when a grace period ends that was running before: it stood still meanwhile."""
    left = None if state.exempt is None else state.exempt.grace_left
    return None if state.grace is None or left is None else now + left

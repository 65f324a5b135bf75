"""Which read-back of a journey counts, and when the answers database has to be asked."""

from datetime import datetime

from domain.readback.records import OpenReadBack, about
from domain.readback.rules import ReadBack
from domain.state import State
from domain.wording import share


def current(state: State) -> OpenReadBack | None:
    """Return the open read-back of what the charter says now; one of an older outcome counts no more."""
    found = None if state.read_backs is None else state.read_backs.open
    if found is None or state.charter.forming.read_back is None or found.about != about(state.charter):
        return None
    return found


def next_task_at(state: State) -> datetime | None:
    """Return when the answers database has to be asked next, if it has."""
    found = None if state.stage != "forming" else current(state)
    if found is None or (found.ready and not found.closing):
        return None
    return found.opened_at if found.retry_at is None else max(found.opened_at, found.retry_at)


def needed(rules: ReadBack) -> str:
    """Return what a read-back needs, in words."""
    return f"{share(rules.agreement)} of {rules.people} people or more, from {rules.functions} functions"

"""The read-back: opened and counted by members, bound to what was read."""

from datetime import datetime, timedelta
from typing import Final

from domain import events as e
from domain.commands import CloseReadBack, OpenReadBack, RecordReadBack
from domain.decisions.people import member
from domain.errors import NotUnderstood, WrongStage
from domain.readback.records import OpenReadBack as Open
from domain.readback.records import ReadBackCount, ReadBacks, about
from domain.readback.rules import ReadBack
from domain.readback.standing import current
from domain.state import State

# As for pulses: a database that is down is asked again after an hour, and meanwhile the journey goes on.
RETRY_AFTER: Final = timedelta(hours=1)


def open_(state: State, command: OpenReadBack, now: datetime) -> tuple[e.Event, ...]:
    """Ask people outside; after a failed one only about another outcome, or one would ask until it passes."""
    by, known = member(state, command.by), state.read_backs or ReadBacks()
    if state.charter.forming.read_back is None:
        raise NotUnderstood(
            "The charter asks for no read-back: add `forming: {read_back: ...}` with three situations, and "
            "propose that with `bst amend`."
        )
    if state.stage != "forming":
        raise WrongStage(f"The team is in the stage {state.stage}: the outcome is read back while it forms.")
    what, last = about(state.charter), known.last
    if known.open is not None and known.open.about == what:
        raise WrongStage(f"Read-back r{known.open.number} is open already: one at a time.")
    if last is not None and last.about == what:
        if last.passed:
            raise WrongStage(f"Read-back r{last.number} has passed, and the outcome is the same.")
        raise WrongStage(
            f"Read-back r{last.number} failed on this outcome, and is not repeated until it passes: write "
            "the outcome so that others see what is meant (`bst amend`), then open another."
        )
    number, version = known.opened + 1, state.outcome_version
    return (e.ReadBackOpened(by=by, number=number, at=now, version=version, about=what),)


def close(state: State, command: CloseReadBack, now: datetime) -> tuple[e.Event, ...]:
    """Have it counted. A second wish before the first is served is the same wish."""
    by = member(state, command.by)
    found = current(state)
    if found is None:
        raise WrongStage("No read-back of the present outcome is open: open one first.")
    if not found.ready:
        raise WrongStage(
            f"Read-back r{found.number} takes no answers yet: {found.trouble.rstrip('.') or 'wait a moment'}."
        )
    if found.closing:
        return ()
    return (e.ReadBackCloseWanted(by=by, number=found.number, at=now),)


def record(state: State, command: RecordReadBack, now: datetime) -> tuple[e.Event, ...]:
    """Take in what the answers database said."""
    found, rules = current(state), state.charter.forming.read_back
    if found is None or rules is None or found.number != command.number:
        return ()
    if command.trouble:
        retry = now + RETRY_AFTER
        return (e.ReadBackHindered(number=found.number, reason=command.trouble, retry_at=retry),)
    if command.count is None:
        return (e.ReadBackReadied(number=found.number),)
    if command.count.lost:
        return (e.ReadBackLost(number=found.number),)
    return (_counted(state, found, command.count, rules, now),)


def _counted(state: State, found: Open, count: ReadBackCount, rules: ReadBack, now: datetime) -> e.Event:
    enough = count.people >= rules.people and count.functions >= rules.functions
    if count.choices is None or not enough:
        return e.ReadBackContinued(
            number=found.number,
            people=count.people,
            functions=count.functions,
            reason=f"{count.people} people from {count.functions} functions have answered, {rules.people} "
            f"from {rules.functions} are needed",
        )
    right = count.choices[rules.met - 1]
    return e.ReadBackCounted(
        number=found.number,
        at=now,
        version=state.outcome_version,
        people=count.people,
        functions=count.functions,
        right=right,
        passed=right >= rules.agreement * count.people,
    )

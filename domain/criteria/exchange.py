"""The criterion of the exchange: everybody's needs, limitations and capabilities are said, and read."""

from collections.abc import Iterator
from typing import Final

from domain.state import State
from domain.together.records import POST_KINDS, Sheet
from domain.verdicts import Verdict
from domain.wording import named

# What is missing is listed so far; who has to do what is in the status of everybody.
_LISTED: Final = 4


def complete(state: State) -> Iterator[Verdict]:
    """Every function has posted all three, and every member has acknowledged the others'."""
    if not state.charter.forming.exchange:
        return
    missing = [
        *(f"{function} has posted no {named(kinds, 'or')}" for function, kinds in unposted(state).items()),
        *(f"{who} has not acknowledged {named(functions)}" for who, functions in unread(state).items()),
    ]
    told = "; ".join(missing[:_LISTED]) + (
        f"; and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
    )
    yield Verdict(
        criterion="exchange",
        status="not_met" if missing else "met",
        title="Every function's needs, limitations and capabilities are known to all",
        actual=told or "all posted, all acknowledged",
        needed="each posted by every function, and acknowledged by every member of the others",
        number=len(missing),
    )


def functions(state: State) -> tuple[str, ...]:
    """Return the functions that take part in the exchange: those required, and those that are there."""
    return tuple(dict.fromkeys([*state.charter.required_functions, *state.charter.members.values()]))


def unposted(state: State) -> dict[str, tuple[str, ...]]:
    """Return what each function has yet to post; functions that have said all are left out."""
    found = {}
    for function in functions(state):
        said = {post.kind for post in _sheet(state, function).posts}
        found[function] = tuple(kind for kind in POST_KINDS if kind not in said)
    return {function: kinds for function, kinds in found.items() if kinds}


def unread(state: State) -> dict[str, tuple[str, ...]]:
    """Return whose posts each member has yet to acknowledge, of those that are there."""
    found = {
        member: tuple(
            function
            for function in functions(state)
            if function != own
            and _sheet(state, function).posts
            and member not in _sheet(state, function).acknowledged
        )
        for member, own in state.charter.members.items()
    }
    return {member: whose for member, whose in found.items() if whose}


def _sheet(state: State, function: str) -> Sheet:
    return state.together.exchange.sheets.get(function, Sheet(version=0))

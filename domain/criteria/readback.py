"""The criterion of forming where the charter asks for it: people outside recognise the outcome."""

from collections.abc import Iterator
from typing import Final

from domain.readback.records import about
from domain.readback.standing import current, needed
from domain.state import State
from domain.verdicts import Verdict

# What there is before anybody was asked.
NOBODY_ASKED: Final = "nobody outside was asked about this outcome yet"
_TITLE = "People outside the team recognise the outcome"


def recognised(state: State) -> Iterator[Verdict]:
    """A read-back of the outcome as it is now has passed; one of an earlier wording says nothing."""
    rules = state.charter.forming.read_back
    if rules is None:
        return
    last = None if state.read_backs is None else state.read_backs.last
    found = current(state)
    if last is not None and last.about == about(state.charter):
        actual = f"{last.right} of {last.people} people from {last.functions} functions picked what is meant"
        status, number = ("met" if last.passed else "not_met"), float(last.right)
        actual += "" if last.passed else ": amend the outcome, then ask others"
    elif found is not None:
        status, number = "undecided", None
        actual = found.so_far or f"read-back r{found.number} is open"
    else:
        status, number, actual = "undecided", None, NOBODY_ASKED
    yield Verdict.model_validate(
        {
            "criterion": "read_back",
            "status": status,
            "title": _TITLE,
            "actual": actual,
            "needed": needed(rules),
            "number": number,
        }
    )

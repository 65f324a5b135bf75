"""What may be read of a journey's read-backs."""

from pydantic import Field

from domain.model import Carried
from domain.readback.records import ClosedReadBack
from domain.readback.standing import current
from domain.state import State


class ReadBackView(Carried):
    """Whether one is open, and what came of the newest that was counted."""

    open: int | None = Field(description="Number of the open one.")
    closing: bool = Field(description="A member wants it counted, and that is still to come.")
    so_far: str = Field(description="Why it could not be counted yet.")
    trouble: str = Field(description="Why the answers database could not be asked.")
    last: ClosedReadBack | None


def read_back(state: State) -> ReadBackView | None:
    """Return a journey's read-backs, or None where there was none."""
    if state.read_backs is None:
        return None
    found = None if state.stage != "forming" else current(state)
    return ReadBackView(
        open=None if found is None else found.number,
        closing=found is not None and found.closing,
        so_far="" if found is None else found.so_far,
        trouble="" if found is None else found.trouble,
        last=state.read_backs.last,
    )


def result(last: ClosedReadBack) -> str:
    """Return what came of a counted read-back, in a sentence."""
    return (
        f"Read-back r{last.number} {'passed' if last.passed else 'failed'}: {last.right} of {last.people} "
        f"people from {last.functions} functions picked what is meant."
    )

"""Which command led to an event of the read-back. A part of `domain.reconstruction`."""

from typing import assert_never

from domain.charter import Charter
from domain.commands.readback import CloseReadBack, OpenReadBack, RecordReadBack
from domain.events.readback import (
    ReadBackCloseWanted,
    ReadBackContinued,
    ReadBackCounted,
    ReadBackEvent,
    ReadBackHindered,
    ReadBackLost,
    ReadBackOpened,
    ReadBackReadied,
)
from domain.readback.records import ReadBackCount
from domain.readback.rules import SITUATIONS


def command(  # noqa: PLR0911 - one case per event
    first: ReadBackEvent, charter: Charter
) -> OpenReadBack | CloseReadBack | RecordReadBack:
    """Return what led there: a member, or what the answers database said."""
    match first:
        case ReadBackOpened():
            return OpenReadBack(by=first.by)
        case ReadBackCloseWanted():
            return CloseReadBack(by=first.by)
        case ReadBackReadied():
            return RecordReadBack(number=first.number)
        case ReadBackHindered():
            return RecordReadBack(number=first.number, trouble=first.reason)
        case ReadBackContinued():
            so_far = ReadBackCount(people=first.people, functions=first.functions, choices=None)
            return RecordReadBack(number=first.number, count=so_far)
        case ReadBackLost():
            gone = ReadBackCount(people=0, functions=0, choices=None, lost=True)
            return RecordReadBack(number=first.number, count=gone)
        case ReadBackCounted():
            return RecordReadBack(number=first.number, count=_count(first, charter))
        case _:
            assert_never(first)


def _count(event: ReadBackCounted, charter: Charter) -> ReadBackCount:
    """Return a count with as many who were right; how the others were spread is known to nobody any more."""
    rules = charter.forming.read_back
    right = 0 if rules is None else rules.met - 1
    choices = [0] * SITUATIONS
    choices[right], choices[right - 1] = event.right, event.people - event.right
    return ReadBackCount(people=event.people, functions=event.functions, choices=tuple(choices))

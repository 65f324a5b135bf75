"""How the events of the read-back change the state. Total, as all of `evolve`."""

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
from domain.readback.records import ClosedReadBack, OpenReadBack, ReadBacks


def evolved(  # noqa: PLR0911 - one case per event
    known: ReadBacks | None, event: ReadBackEvent
) -> ReadBacks:
    """Return a journey's read-backs after the event."""
    before = known or ReadBacks()
    match event:
        case ReadBackOpened():
            opened = OpenReadBack(number=event.number, about=event.about, opened_at=event.at)
            return before.model_copy(update={"opened": event.number, "open": opened})
        case _ if before.open is None or before.open.number != event.number:
            return before
        case ReadBackReadied():
            return _with(before, before.open, ready=True, trouble="", retry_at=None)
        case ReadBackHindered():
            return _with(before, before.open, trouble=event.reason, retry_at=event.retry_at)
        case ReadBackCloseWanted():
            return _with(before, before.open, closing=True, so_far="")
        case ReadBackContinued():
            return _with(before, before.open, closing=False, so_far=event.reason, trouble="", retry_at=None)
        case ReadBackLost():
            return before.model_copy(update={"open": None})
        case ReadBackCounted():
            return before.model_copy(update={"open": None, "last": _closed(before.open, event)})


def _with(known: ReadBacks, before: OpenReadBack, **changes: object) -> ReadBacks:
    return known.model_copy(update={"open": before.model_copy(update=changes)})


def _closed(before: OpenReadBack, event: ReadBackCounted) -> ClosedReadBack:
    return ClosedReadBack(
        number=event.number,
        version=event.version,
        about=before.about,
        closed_at=event.at,
        people=event.people,
        functions=event.functions,
        right=event.right,
        passed=event.passed,
    )

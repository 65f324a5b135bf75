"""The events of the read-back as sentences."""

from typing import assert_never

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


def told(event: ReadBackEvent) -> str:  # noqa: PLR0911 - one case per event
    """Return one sentence about the event."""
    name = f"read-back r{event.number}"
    match event:
        case ReadBackOpened():
            return f"{event.by} opened {name}: people outside read version {event.version} of the outcome"
        case ReadBackReadied():
            return f"{name} takes answers"
        case ReadBackHindered():
            return f"{name}: the answers database could not be asked: {event.reason}"
        case ReadBackCloseWanted():
            return f"{event.by} wants {name} counted"
        case ReadBackContinued():
            return f"{name} goes on: {event.reason}"
        case ReadBackLost():
            return f"{name} is lost: the answers database knows nothing of it; open another"
        case ReadBackCounted():
            word = "passed" if event.passed else "failed"
            return (
                f"{name} {word}: {event.right} of {event.people} people from {event.functions} functions "
                f"recognised version {event.version} of the outcome"
            )
        case _:
            assert_never(event)

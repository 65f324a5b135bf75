"""What has happened in a journey and is not in its journal yet, where a server and a worker say it soon."""

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.envelope import Envelope

# Seconds. A worker answers in 0.01; the journal alone is worth no longer wait.
PENDING_PATIENCE_S: Final = 1.0


def on_their_way(team: str) -> "tuple[Envelope, ...] | None":
    """Return what the journey has told no journal yet, sealed; None where no server or worker answers soon.

    Ask before you read the journal: what gets there in between is then known twice, and nothing is missed.
    """
    from bst.cli.asking import ask
    from domain.errors import BstError

    async def pending(journeys: "Journeys") -> "tuple[Envelope, ...]":
        async with asyncio.timeout(PENDING_PATIENCE_S):
            return await journeys.pending(team)

    try:
        return ask(pending)
    except (BstError, TimeoutError):
        return None


def told(team: str, last: int) -> str | None:
    """Say how many events after the number `last` are on their way; None where there are none, or no answer.

    For what stands on the journal alone.
    """
    from domain.wording import so_many

    newer = sum(envelope.seq > last for envelope in on_their_way(team) or ())
    if not newer:
        return None
    are = "is" if newer == 1 else "are"
    return (
        f"{so_many(newer, 'newer event')} {are} on the way to the journal and not in this: expected there "
        "with the next measurement."
    )


def behind(journal: str, known: int | None) -> str | None:
    """Say what a report of a journal may lack; `known` is how many newer events it has, None for no answer.

    None where it lacks nothing, and of a file, which is what it is.
    """
    from bst.report.reading import is_file

    if known is not None or is_file(journal):
        return None
    return "No server or worker answered: the journal may be one measurement behind the journey."

"""A program that appends events 1, 2, ... of a team and says each one stored: made to be killed.

    python tests/faults/journal_writer.py URL TEAM LAST BATCH

It hands over whole batches, beginning with event 1 each time it is started, as a
worker does that lost the answer to everything it sent.
"""

import sys

from activities.journal_errors import JournalUnavailable
from activities.journal_store import JournalStore
from domain.envelope import Envelope
from tests.journal_events import events

# As often as a worker tries (`workflows.limits.APPEND_RETRIES`).
TRIES = 3


def write(url: str, team: str, last: int, batch: int) -> None:
    store = JournalStore(url)
    for first in range(1, last + 1, batch):
        stored = _stored(store, events(first, min(first + batch - 1, last), team))
        sys.stdout.write(f"{stored}\n")
        sys.stdout.flush()


def _stored(store: JournalStore, batch: tuple[Envelope, ...]) -> int:
    """Append, and try again as a worker does where others kept the journal busy for too long."""
    for _ in range(TRIES - 1):
        try:
            return store.append(batch)
        except JournalUnavailable:
            continue
    return store.append(batch)


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

"""A program that appends events 1, 2, ... of a team and says each one stored: made to be killed.

    python tests/faults/journal_writer.py URL TEAM LAST BATCH

It hands over whole batches, beginning with event 1 each time it is started, as a
worker does that lost the answer to everything it sent.
"""

import sys

from activities.journal_store import JournalStore
from tests.journal_events import events


def write(url: str, team: str, last: int, batch: int) -> None:
    store = JournalStore(url)
    for first in range(1, last + 1, batch):
        stored = store.append(events(first, min(first + batch - 1, last), team))
        sys.stdout.write(f"{stored}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

"""Where a report's rows come from: a team's journal and what is on its way there, or a file of one."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bst.journal_file import read
from bst.journal_view import entries, refuse_unknown
from bst.report.history import History, history
from bst.settings import Settings
from domain.envelope import GENESIS, Entry, Envelope, at_text
from domain.sealing import SEALED

STDIN: Final = "-"
# Says what of a team is on its way to the journal; None where nobody answers.
Pending = Callable[[str], Sequence[Envelope] | None]


def is_file(journal: str) -> bool:
    """Return whether a name is a FILE's: it has a dot or a slash, or is `-` for standard input."""
    return journal == STDIN or "." in journal or "/" in journal


def history_of(journal: str, pending: Pending) -> History:
    """Return the history of a TEAM from the journal in use and what is on its way there, or of a FILE.

    Raises:
        JournalMissing, NotFound: there is no journal, or none of this team.
        JournalFileRefused, JournalFileChanged, DidNotHold: the file or the record is not as it was written.
    """
    if is_file(journal):
        file = read(sys.stdin.buffer if journal == STDIN else Path(journal))
        manifest = file.manifest
        return history(
            manifest.team,
            file.entries,
            rehearsal=manifest.origin == "rehearsal",
            held_back=manifest.held_back,
        )
    url = Settings.from_environment().journal
    waiting = pending(journal)  # before the journal is read, so that nothing gets there unseen in between
    stored = entries(url, journal)
    newer, sealed = chained(stored, waiting or ())
    rows = [*stored, *newer]
    if not rows:
        refuse_unknown(url, journal)
    return history(journal, rows, held_back=sealed, on_their_way=None if waiting is None else len(newer))


def chained(stored: Sequence[Entry], waiting: Sequence[Envelope]) -> tuple[list[Entry], int]:
    """Return the rows that the journal will have after those it has, and how many stay out.

    They carry the hashes that the journal will give them. What was sealed has another body there: it and what
    follows it stay out. Envelopes that do not continue the rows are of another journal, and are none of them.
    """
    last = stored[-1] if stored else None
    after, previous = (0, GENESIS) if last is None else (last.seq, last.hash)
    newer = [envelope for envelope in waiting if envelope.seq > after]
    if newer and (newer[0].seq != after + 1 or (last is not None and at_text(newer[0].at) < last.at)):
        return [], 0
    rows: list[Entry] = []
    for envelope in newer:
        if envelope.kind == SEALED:
            break
        rows.append(Entry.of(envelope, previous))
        previous = rows[-1].hash
    return rows, len(newer) - len(rows)

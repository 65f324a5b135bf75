"""Where a report's rows come from: a team's journal, or a file that was written of one."""

import sys
from pathlib import Path
from typing import Final

from bst.journal_file import read
from bst.journal_view import whole
from bst.report.history import History, history
from bst.settings import Settings

STDIN: Final = "-"


def history_of(journal: str) -> History:
    """Return the history of a TEAM from the journal in use, or of a FILE.

    A file is a name with a dot or a slash, or `-` for standard input.

    Raises:
        JournalMissing, NotFound: there is no journal, or none of this team.
        JournalFileRefused, JournalFileChanged, DidNotHold: the file or the record is not as it was written.
    """
    if journal == STDIN or "." in journal or "/" in journal:
        file = read(sys.stdin.buffer if journal == STDIN else Path(journal))
        manifest = file.manifest
        return history(
            manifest.team,
            file.entries,
            rehearsal=manifest.origin == "rehearsal",
            held_back=manifest.held_back,
        )
    return history(journal, whole(Settings.from_environment().journal, journal))

"""How much of a journal may leave it: all, unless answers on an open ballot are in it."""

from collections.abc import Sequence
from typing import NamedTuple

from bst.journal_view import ANSWERS, ballot_of
from domain.envelope import Entry
from domain.errors import DidNotHold


class Part(NamedTuple):
    """What may be exported now, and how many later events may not."""

    entries: Sequence[Entry]
    held_back: int


def open_part(entries: Sequence[Entry]) -> Part:
    """Return the events up to the last moment at which no open ballot had an answer.

    An answer is sealed until its ballot closes, and the hashes of a file cover what was answered: whoever
    has them can try out which answer fits. So neither the answer nor any later event can be in a file. It
    is cut between two moments, for all events of a decision have the same one.

    Raises:
        DidNotHold: there was no such moment yet.
    """
    answered: set[str] = set()
    whole = 0
    for count, entry in enumerate(entries, 1):
        if entry.kind in ANSWERS:
            answered.add(ballot_of(entry))
        elif entry.kind == "ballot_closed":
            answered.discard(ballot_of(entry))
        if not answered and (count == len(entries) or entries[count].at != entry.at):
            whole = count
    if not whole:
        raise DidNotHold(
            "Nothing can be exported yet: every event belongs to a moment with answers on an open ballot, "
            "which are sealed until it closes."
        )
    return Part(entries[:whole], len(entries) - whole)

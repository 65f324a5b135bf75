"""Answers on open ballots: nobody reads what they say, and none leaves the journal, until the ballot closes.

Those on a ballot that was withdrawn are not read afterwards either: the same may be asked again. The journal
itself has all of them in clear, because its hashes cover them, and so has an export from the close on, which
nobody could verify without them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from domain.envelope import Entry
from domain.errors import DidNotHold
from domain.sealing import ANSWERS, SEALED, sealed_body, withdrawn_of


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


def sealed(rows: Sequence[Entry]) -> list[Entry]:
    """Return the rows with the answers on open and withdrawn ballots sealed: who has answered, not what.

    From the first one on an open ballot on there are no hashes either: they cover the answer, so whoever has
    them can try out which one fits.
    """
    withdrawn = withdrawn_of((row.kind, body_of(row) or {}) for row in rows)
    counted = _closed(rows) - withdrawn
    told = [
        _seal(row, lapsed=ballot_of(row) in withdrawn) if _is_sealed(row, counted) else row for row in rows
    ]
    closed = counted | withdrawn
    first = next((place for place, row in enumerate(rows) if _is_sealed(row, closed)), len(rows))
    return [*told[:first], *(replace(row, previous="", hash="") for row in told[first:])]


def is_sealed(row: Entry, rows: Iterable[Entry]) -> bool:
    """Whether a row is an answer on a ballot that none of the rows closes, or that was withdrawn."""
    rows = tuple(rows)
    withdrawn = withdrawn_of((other.kind, body_of(other) or {}) for other in rows)
    return row.kind in ANSWERS and _is_sealed(row, _closed(rows) - withdrawn)


def ballot_of(row: Entry) -> str:
    """Return the ballot that a row is about, or the empty text."""
    return str((body_of(row) or {}).get("ballot", ""))


def _is_sealed(row: Entry, closed: frozenset[str]) -> bool:
    return row.kind in ANSWERS and ballot_of(row) not in closed


def _closed(rows: Iterable[Entry]) -> frozenset[str]:
    """Return the ballots that the rows close."""
    return frozenset(ballot_of(row) for row in rows if row.kind == "ballot_closed")


def _seal(row: Entry, *, lapsed: bool) -> Entry:
    body = sealed_body(body_of(row) or {}, lapsed=lapsed)
    return replace(row, kind=SEALED, body=json.dumps(body, ensure_ascii=False))


def body_of(entry: Entry) -> dict[str, Any] | None:
    """Return the event's body, or None when what is stored is no body any more."""
    try:
        body = json.loads(entry.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None

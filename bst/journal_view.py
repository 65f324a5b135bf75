"""The journal as people read it: one line per event, oldest first."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, NamedTuple

from activities.journal_store import JournalStore
from domain.envelope import Entry
from domain.sealing import ANSWERS, SEALED, sealed_body

# What says an event of one kind, with this body, in one sentence.
Describe = Callable[[str, dict[str, Any]], str]

# Enough to tell two events of a journal apart at a glance (of 64 hexadecimal digits); git shows as many.
SHORT_HASH = 12
# A line of a terminal that has the other columns in it too (characters).
LONGEST_SENTENCE = 120

_DAMAGED = "(damaged: this row was changed after it was written)"
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_.-]+")


class Line(NamedTuple):
    """One row of a table; `at` is UTC to the second, in RFC 3339."""

    seq: int
    at: str
    kind: str
    sentence: str
    short_hash: str


def entries(url: str, team: str, after: int = 0, limit: int | None = None) -> list[Entry]:
    """Return a team's stored rows with seq > `after`, oldest first, at most `limit`.

    Raises JournalMissing when there is no journal at the address, and what
    JournalStore raises when it cannot be read.
    """
    with closing(JournalStore(url)) as store:
        return list(store.read(team, after, limit))


def newest(url: str, team: str, count: int) -> list[Entry]:
    """Return the team's last `count` rows, oldest first; raises as `entries` does."""
    with closing(JournalStore(url)) as store:
        return list(store.read(team, after=max(0, store.last_seq(team) - count)))


def sealed(rows: Sequence[Entry]) -> list[Entry]:
    """Return the rows with the answers on open ballots sealed: who has answered, and not what.

    The journal itself has them in clear, because its hashes cover them; this is for what people read.
    """
    closed = {body.get("ballot") for row in rows if row.kind == "ballot_closed" and (body := _body(row))}
    return [
        row if row.kind not in ANSWERS or (_body(row) or {}).get("ballot") in closed else _seal(row)
        for row in rows
    ]


def _seal(row: Entry) -> Entry:
    return replace(row, kind=SEALED, body=json.dumps(sealed_body(_body(row) or {}), ensure_ascii=False))


def lines(rows: Iterable[Entry], describe: Describe | None = None) -> list[Line]:
    """Return rows ready for a table, each event said by `describe` (by `plain_sentence` without one)."""
    return [_line(entry, describe or plain_sentence) for entry in rows]


def plain_sentence(kind: str, body: dict[str, Any]) -> str:
    """Say any event: its kind in words, then what is in it, in the order in which it is stored."""
    words = _WORD_STARTS.sub(" ", kind).lower()
    told = ", ".join(f"{name.replace('_', ' ')} {_short(value)}" for name, value in body.items())
    return f"{words.capitalize()}: {told}" if told else words.capitalize()


def _short(value: Any) -> str:
    if isinstance(value, dict | list):
        noun = "part" if isinstance(value, dict) else "item"
        return f"({len(value)} {noun}{'' if len(value) == 1 else 's'})"
    if isinstance(value, str):
        return value or '""'
    return json.dumps(value)


def _line(entry: Entry, describe: Describe) -> Line:
    body = _body(entry)
    # A damaged row is shown rather than hidden behind an error.
    sentence = _DAMAGED if body is None else describe(entry.kind, body)
    at = re.sub(r"\.\d+(?=Z$)", "", entry.at)
    texts = (_printable(text) for text in (at, entry.kind, _cut(sentence), entry.hash[:SHORT_HASH]))
    return Line(entry.seq, *texts)


def _body(entry: Entry) -> dict[str, Any] | None:
    """Return the event's body, or None when what is stored is no body any more."""
    try:
        body = json.loads(entry.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _printable(text: str) -> str:
    """Return a text that moves no cursor and colours nothing, whatever somebody wrote into an event."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SENTENCE else f"{text[: LONGEST_SENTENCE - 1]}…"

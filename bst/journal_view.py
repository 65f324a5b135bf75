"""The journal as people read it: one line per event, oldest first."""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any, NamedTuple, NoReturn

from activities.journal_store import JournalStore
from bst.journal_sealed import body_of
from domain.envelope import SHORT_HASH, Entry
from domain.errors import NotFound
from domain.finding import nearest
from domain.sealing import SEALED, sealed_sentence
from domain.wording import named

# What says an event of one kind, with this body, in one sentence.
Describe = Callable[[str, dict[str, Any]], str]

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


def whole(url: str, team: str) -> list[Entry]:
    """Return all rows of a team; raises NotFound where it has none, and what JournalStore.whole raises."""
    with closing(JournalStore(url)) as store:
        rows = store.whole(team)
    if not rows:
        refuse_unknown(url, team)
    return rows


def refuse_unknown(url: str, team: str) -> NoReturn:
    """Raise NotFound for a team that has no events, with the nearest name that has."""
    with closing(JournalStore(url)) as store:
        teams = list(store.teams())
    there = named(teams) if teams else "nobody's"
    raise NotFound(f"The journal has no events of {team!r}{nearest(team, teams) or '.'} It has {there}.")


def newest(url: str, team: str, count: int) -> list[Entry]:
    """Return the team's last `count` rows, oldest first; raises as `entries` does."""
    with closing(JournalStore(url)) as store:
        return list(store.read(team, after=max(0, store.last_seq(team) - count)))


def lines(rows: Iterable[Entry], describe: Describe | None = None) -> list[Line]:
    """Return rows ready for a table, each event said by `describe` (by `plain_sentence` without one)."""
    return [_line(entry, describe or plain_sentence) for entry in rows]


def plain_sentence(kind: str, body: dict[str, Any]) -> str:
    """Say any event: its kind in words, then what is in it, in the order in which it is stored."""
    if kind == SEALED:
        return sealed_sentence(body)
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
    body = body_of(entry)
    # A damaged row is shown rather than hidden behind an error.
    sentence = _DAMAGED if body is None else describe(entry.kind, body)
    at = re.sub(r"\.\d+(?=Z$)", "", entry.at)
    texts = (_printable(text) for text in (at, entry.kind, _cut(sentence), entry.hash[:SHORT_HASH]))
    return Line(entry.seq, *texts)


def _printable(text: str) -> str:
    """Return a text that moves no cursor and colours nothing, whatever somebody wrote into an event."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SENTENCE else f"{text[: LONGEST_SENTENCE - 1]}…"

"""The journal: every team's events, in order, in a database that outlives Temporal's retention."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select

from activities.journal_address import journal_address
from activities.journal_damage import first_damage, rows_of_teams, told_damaged, unreachable
from activities.journal_engine import journal_engine, make_file, told_in_one_line
from activities.journal_errors import (
    JournalConflict,
    JournalDamaged,
    JournalGap,
    JournalMissing,
    JournalRefused,
)
from activities.journal_schema import JOURNAL, create_missing, lock, stored_version
from domain.envelope import GENESIS, ChainReport, Entry, Envelope, check_chain

# Rows per read: a page of short bodies stays under a megabyte, and no read transaction lasts long,
# which would keep SQLite's write-ahead log from being folded back into the file.
PAGE_ROWS = 500

_Found = TypeVar("_Found")


class JournalStore:
    """The journal at one address; safe to share between threads, and with other processes.

    Nothing is opened before the first use, so a worker starts while its journal
    is down. `append` lays the journal out where there is none; reading never does.
    Raises JournalAddressRefused at once for an address that cannot be one;
    every method raises JournalUnavailable when the database does not answer,
    JournalDamaged when SQLite says that its file is, and JournalTooNew when a later
    version of the program wrote it.
    """

    def __init__(self, url: str) -> None:
        self.address = journal_address(url)
        self._engine = journal_engine(self.address)
        self._writing = self._engine.execution_options(writing=True)

    def __repr__(self) -> str:
        return f"JournalStore({self.address.shown!r})"

    def append(self, envelopes: Sequence[Envelope]) -> int:
        """Store consecutive events of one team in one transaction; return the last seq stored.

        What is stored already with the same content is left as it is, so the
        same call can be made again after a crash, or by two callers at once.
        Raises JournalConflict when an event differs from the stored one of its
        number, JournalGap when events before the first are not stored, and
        JournalRefused when they are not one team's consecutive events.
        """
        team = _one_team_in_order(envelopes)
        with told_in_one_line(self.address):
            if self.address.path is not None:
                make_file(self.address.path)
            with self._writing.begin() as connection:
                if stored_version(connection) is None:
                    lock(connection, ("lay out",))
                    create_missing(connection)
                lock(connection, ("append", team))
                return _append(connection, team, envelopes)

    def read(self, team: str, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Yield the team's rows with seq > `after`, oldest first, at most `limit`; none for an unknown team.

        Raises JournalMissing when there is no journal at the address.
        """
        while limit is None or limit > 0:
            page = PAGE_ROWS if limit is None else min(PAGE_ROWS, limit)
            rows = self._reading(lambda c, after=after, page=page: _page(c, team, after, page))  # type: ignore[misc]
            yield from rows
            if len(rows) < page:
                return
            after = rows[-1].seq
            limit = None if limit is None else limit - len(rows)

    def whole(self, team: str) -> list[Entry]:
        """Return all rows of a team, oldest first, from a file whose every page was looked at before.

        Raises JournalMissing as `read` does, and JournalDamaged where the database
        has rows that it does not lead to: a record would look whole and not be.
        """
        if self.address.path is not None and self.address.path.exists():
            with told_in_one_line(self.address), self._engine.begin() as connection:
                self._refuse_damage(first_damage(connection))
        lying = self._reading(rows_of_teams)
        # Read afterwards: events that came meanwhile can only make it more than was counted.
        found = list(self.read(team))
        self._refuse_damage(unreachable(lying, team, len(found)))
        return found

    def teams(self) -> tuple[str, ...]:
        """Return the teams that have events, in alphabetical order."""
        rows = self._reading(lambda c: c.execute(select(JOURNAL.c.team).distinct()).scalars().all())
        return tuple(sorted(rows))

    def last_seq(self, team: str) -> int:
        """Return the last seq stored for a team, 0 for none."""
        return self._reading(lambda c: _last(c, team))[0]

    def verify_chain(self, team: str, expected_last: int | None = None) -> ChainReport:
        """Recompute every hash of a team's record and say in a sentence whether it is whole.

        `expected_last` is the seq that the journey knows to be stored; without
        it a record whose end was cut off cannot be told from a whole one.
        """
        return check_chain(team, self.read(team), expected_last)

    def close(self) -> None:
        """Give back the connections; the store opens new ones when it is used again."""
        self._engine.dispose()

    def _refuse_damage(self, why: str | None) -> None:
        if why is not None:
            raise JournalDamaged(told_damaged("journal", self.address.shown, why))

    def _reading(self, query: Callable[[Connection], _Found]) -> _Found:
        path = self.address.path
        if path is not None and not path.exists():  # connecting would make an empty file
            raise JournalMissing(_missing(self.address.shown))
        with told_in_one_line(self.address), self._engine.begin() as connection:
            if stored_version(connection) is None:
                raise JournalMissing(_missing(self.address.shown))
            return query(connection)


def _one_team_in_order(envelopes: Sequence[Envelope]) -> str:
    """Return the team of consecutive events; raises JournalRefused for anything else."""
    if not envelopes:
        raise JournalRefused("No event was handed over to the journal. Hand over at least one.")
    for one, following in pairwise(envelopes):
        if one.team != following.team or one.seq + 1 != following.seq:
            raise JournalRefused(
                f"Event {following.seq} of {following.team} was handed over right after event {one.seq} of "
                f"{one.team}. Hand over one team's events at a time, numbered without a break."
            )
    return envelopes[0].team


def _append(connection: Connection, team: str, envelopes: Sequence[Envelope]) -> int:
    last, previous = _last(connection, team)
    first = envelopes[0].seq
    if first > last + 1:
        raise JournalGap(
            f"Event {first} of {team} cannot be stored: the journal ends with event {last}. "
            f"Hand over the events from {last + 1} on, or restore the journal from a backup that has them.",
            last,
        )
    known = last - first + 1
    stored = {entry.seq: entry for entry in _page(connection, team, first - 1, min(known, len(envelopes)))}
    for envelope in envelopes[:known]:
        _refuse_other_content(envelope, stored.get(envelope.seq))
    rows: list[dict[str, Any]] = []
    for envelope in envelopes[known:]:
        entry = Entry.of(envelope, previous)
        rows.append({column.name: getattr(entry, column.name) for column in JOURNAL.c})
        previous = entry.hash
    if rows:
        connection.execute(JOURNAL.insert(), rows)
    return last + len(rows)


def _last(connection: Connection, team: str) -> tuple[int, str]:
    """Return the seq and the hash of the team's last row; 0 and GENESIS when it has none."""
    newest = select(JOURNAL.c.seq, JOURNAL.c.hash).where(JOURNAL.c.team == team)
    row = connection.execute(newest.order_by(JOURNAL.c.seq.desc()).limit(1)).first()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


def _page(connection: Connection, team: str, after: int, rows: int) -> list[Entry]:
    wanted = select(JOURNAL).where(JOURNAL.c.team == team, JOURNAL.c.seq > after)
    return [_entry(row) for row in connection.execute(wanted.order_by(JOURNAL.c.seq).limit(max(rows, 0)))]


def _entry(row: Row[Any]) -> Entry:
    return Entry(**row._mapping)  # noqa: SLF001  # the public name of a row as a mapping


def _refuse_other_content(envelope: Envelope, stored: Entry | None) -> None:
    """Raise JournalConflict unless the stored row holds the same event."""
    where = f"Event {envelope.seq} of {envelope.team}"
    if stored is None:
        raise JournalConflict(
            f"{where} is missing in the journal though later ones are stored: somebody removed it. "
            "Restore the journal from a backup."
        )
    given = Entry.of(envelope, stored.previous)
    differing = [
        f"its {name} is {getattr(stored, name)} there and {getattr(given, name)} here"
        for name in ("at", "kind")
        if getattr(given, name) != getattr(stored, name)
    ]
    if not _same_body(given.body, stored.body):  # bodies may be long, and are not for error messages
        differing.append("its body differs")
    if differing:
        raise JournalConflict(
            f"{where} is stored already with another content: {'; '.join(differing)}. The journal keeps what "
            "it has. A journey started anew under an old name needs a new name, or a journal of its own."
        )


def _same_body(given: str, stored: str) -> bool:
    """Whether two bodies say the same, in whatever order of keys; what is stored stays as it is."""
    if given == stored:
        return True
    try:
        sorted_stored = json.dumps(json.loads(stored), sort_keys=True)
    except ValueError:  # somebody changed it
        return False
    return sorted_stored == json.dumps(json.loads(given), sort_keys=True)


def _missing(shown: str) -> str:
    return (
        f"There is no journal at {shown} yet. It is made with a journey's first event; "
        "if there should be one, check the address."
    )

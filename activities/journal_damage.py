"""A journal's file that is not as it was written, found before anything is believed of it.

SQLite keeps no checksums: with one flipped bit in a page of its index it may answer
with the first nine events of thirty, in order and chained, and report no error.
PostgreSQL has checksums of its own.
"""

import sqlite3
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import MultipleResultsFound

# The low byte of SQLite's result codes (https://www.sqlite.org/rescode.html); the others say more of it.
_PRIMARY: Final = 0xFF
# SQLITE_ERROR too: the statements are this program's own, so what is wrong is the layout that they meet.
_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})

# The unary plus keeps SQLite from walking the index: each row is counted wherever it lies.
_ROWS: Final = text("SELECT +team, count(*), min(seq) FROM journal GROUP BY +team")
_POSTGRESQL_ROWS: Final = text("SELECT team, count(*), min(seq) FROM journal GROUP BY team")


def is_damage(error: object) -> bool:
    """Whether an error of the driver, or of SQLAlchemy, says that SQLite's file is not as it was written."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGE
    return isinstance(error, MultipleResultsFound)  # two versions of one layout


def told_damaged(what: str, shown: str, why: str) -> str:
    """Return the sentence about a damaged file: where it is, what is wrong, and what to do."""
    return (
        f"The {what} at {shown} is damaged, or no {what}: {why}. Trying again does not help. "
        "Keep a copy of the file, then restore it from a backup; an export of a team's events is proved by "
        "itself: bst verify FILE"
    )


def first_damage(connection: Connection) -> str | None:
    """Return what is wrong with the pages of SQLite's file, None for nothing and for PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return None
    answer = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
    return None if answer == "ok" else " ".join(answer.split())


def rows_of_teams(connection: Connection) -> Mapping[str, tuple[int, int]]:
    """Return of each team how many rows lie in the table, and the smallest seq of them."""
    sql = _ROWS if connection.dialect.name == "sqlite" else _POSTGRESQL_ROWS
    return {team: (count, first) for team, count, first in connection.execute(sql)}


def unreachable(rows: Mapping[str, tuple[int, int]], team: str, reached: int) -> str | None:
    """Return what is wrong where more rows of a team lie in the table than its key leads to.

    `reached` is how many were read by the key, all chained or not: a gap is for the
    chain to find. Rows of a name that begin where the team's end are the team's, for
    every team begins with event 1.
    """
    count, _ = rows.get(team, (0, 0))
    if reached < count:
        return f"{count} events of {team!r} lie in it, and its index leads to {reached}"
    following = reached + 1
    stray = next((name for name, (_, first) in rows.items() if first == following != 1), None)
    if stray is not None:
        return f"the events of {stray!r} begin with event {following}, where those of {team!r} end"
    return None

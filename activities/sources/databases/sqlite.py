"""SQLite files: opened read-only, and asked before each step of a statement."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from activities.sources.address import Address
from activities.sources.allowance import Allowance
from activities.sources.databases.contract import Question, Verdict
from domain.errors import SourceFailed

NAME = "SQLite"
STREAMS = True
# SQLite asks before each step of a statement; these four are what a select consists of.
_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)


def engine(place: Address, allowance: Allowance) -> Engine:
    """Return what opens the file for reading."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(place.path))}?mode=ro",
            uri=True,
            timeout=allowance.connect_seconds,
            check_same_thread=False,  # interrupted from another thread
        )

    return create_engine("sqlite://", creator=opened, poolclass=NullPool)


def moment(at: datetime, *, hourly: bool) -> str:
    """Return the text that SQLite's own functions write, as it has no dates."""
    return at.strftime("%Y-%m-%d %H:%M:%S" if hourly else "%Y-%m-%d")


def begin(connection: Connection, question: Question) -> Callable[[], None]:  # noqa: ARG001 - the contract's
    """Let nothing but select happen; return what interrupts it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_authorizer(_only_reading)
    return driver.interrupt


def _only_reading(action: int, *_about: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def sent(question: Question) -> str:
    """Return the query as it is: the driver takes one statement only."""
    return question.query


def no_connection(error: DBAPIError, place: Address, allowance: Allowance) -> SourceFailed:  # noqa: ARG001
    """Say that the file cannot be opened."""
    return SourceFailed("unreachable", f"{place.shown}: the file cannot be opened for reading.")


def words(cause: BaseException) -> str:
    """Return SQLite's sentence."""
    return str(cause)


def verdict(cause: BaseException, said: str) -> Verdict | None:  # noqa: ARG001 - SQLite tells by words
    """Return what SQLite's sentence means."""
    if "no such table" in said:
        return Verdict("no_such_table", "Correct the query, or name another file.")
    if "no such column" in said:
        return Verdict("no_such_column", "Correct the query.")
    if "authoriz" in said or "readonly" in said:
        return Verdict("write_refused", "A source only reads: write one select.")
    if "is locked" in said:
        return Verdict("locked", "Another program writes the file; it is asked again next time.")
    if "not a database" in said:
        return Verdict("unknown_format", "The file is no SQLite database.")
    return None

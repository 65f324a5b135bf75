"""How a journal's database is opened: every transaction starts with the right lock, waits and safety."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from activities.journal_address import JournalAddress
from activities.journal_damage import is_damage, told_damaged
from activities.journal_errors import JournalAddressRefused, JournalDamaged, JournalUnavailable
from domain.errors import BstError

# How long one writer waits for another (seconds). An append takes milliseconds, so ten seconds mean
# a stuck writer, and the caller's retry is better than a thread that waits for ever.
WAIT_SECONDS = 10
# How long a PostgreSQL server may work on one statement, or leave bytes unacknowledged (milliseconds):
# thrice the wait, so that waiting for another writer is always reported as what it is.
STATEMENT_MILLISECONDS = 30_000


def journal_engine(address: JournalAddress) -> Engine:
    """Return an engine that opens nothing yet; raises JournalAddressRefused when psycopg is not installed."""
    if address.path is not None:
        # No pool: a file that was moved away must not go on being written through an old handle.
        engine = create_engine(address.url, connect_args={"timeout": WAIT_SECONDS}, poolclass=NullPool)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return postgresql_engine(address, "journal")


def postgresql_engine(address: JournalAddress, what: str, **options: Any) -> Engine:
    """Return an engine for a PostgreSQL server, opening nothing yet; `what` is kept there.

    `options` are further ones of SQLAlchemy's.

    Raises:
        JournalAddressRefused: psycopg is not installed.
    """
    try:
        engine = create_engine(
            address.url,
            isolation_level="READ COMMITTED",  # what another writer stored while this one waited must be seen
            pool_pre_ping=True,
            hide_parameters=True,  # what people wrote is not for log lines
            **options,
            connect_args={
                "connect_timeout": WAIT_SECONDS,
                "tcp_user_timeout": STATEMENT_MILLISECONDS,
                "prepare_threshold": None,  # so that a pooler such as PgBouncer may stand between
            },
        )
    except ModuleNotFoundError:
        raise JournalAddressRefused(
            f"The {what} in PostgreSQL needs psycopg: pip install 'business-service-teams[postgres]'"
        ) from None
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def make_file(path: Path) -> None:
    """Make the journal's file for its owner alone, and its folder (mode 0700), unless they exist."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # SQLite gives its write-ahead log the same mode as the file.
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


@contextmanager
def told_in_one_line(
    address: JournalAddress, what: str = "journal", unavailable: type[BstError] = JournalUnavailable
) -> Iterator[None]:
    """Turn a database's error into `unavailable`: one line, no SQL, no values, no password.

    SQLAlchemy's own message holds the statement with the events' bodies, and
    Temporal would write it into the workflow's history; hence `from None`.
    A damaged file of the journal is a JournalDamaged: trying again mends none.
    """
    damaged = False
    try:
        yield
    except DBAPIError as error:
        why, damaged = str(error.orig), is_damage(error.orig)
    except SQLAlchemyError as error:
        why, damaged = str(error), is_damage(error)
    except UnicodeDecodeError as error:
        if address.path is None:
            raise
        why, damaged = f"a name in it is no text ({error.reason})", True
    except OSError as error:
        why = error.strerror or type(error).__name__
    else:
        return
    line = address.without_secrets(" ".join(why.split())).rstrip(".?") or "no reason given"
    if damaged:
        kind = JournalDamaged if unavailable is JournalUnavailable else unavailable
        raise kind(told_damaged(what, address.shown, line)) from None
    raise unavailable(
        f"The {what} at {address.shown} cannot be used now: {line}. Trying again is safe."
    ) from None


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    # A damaged row must still be readable to be found, so bytes that are no UTF-8 are carried through.
    connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    connection.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a power cut


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("writing"):
        # Readers go on while an append is written; the mode stays in the file.
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    # Per transaction rather than per session, which a pooler would share between programs.
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_MILLISECONDS}ms'")

"""The `sql` source: one SQL query, through SQLAlchemy, over SQLite or PostgreSQL.

The database itself refuses to write: SQLite is opened read-only and lets the
query do nothing but select, PostgreSQL runs it in a read-only transaction and
as one statement. Neither keeps a superuser of PostgreSQL from reading the server's
own files: give the worker a user that may select from a few tables and nothing
else. The query may name `:since`, the first moment that is wanted,
and `:until`, the first one that is not any more: dates, or times for an hourly
cadence, in the charter's time zone.
"""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, ExceptionContext, NullPool, TextClause, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from activities.sources.address import Address, address
from activities.sources.allowance import Allowance, interrupting
from activities.sources.rows import observations, pick, trouble
from activities.sources.window import Window
from domain.errors import SourceCode, SourceFailed
from domain.measurement import Observation
from domain.periods import end_of, start_of
from domain.sources import SqlSource
from domain.zones import zone_of

_PARAMETERS = frozenset({"since", "until"})
# SQLite asks before each step of a statement; these four are what a select consists of.
_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
# Seconds that a cancel request to PostgreSQL may take; it is repeated until the statement has ended.
_CANCEL_SECONDS = 5.0
# For this transaction only, so that a pooler in between is left as it was.
_SESSION = "select set_config('statement_timeout', :ms, true), set_config('timezone', :zone, true)"
# What PostgreSQL's refusals of a login have in common, in lower case.
_LOGIN_WORDS = ("authentication failed", "no password supplied", "pg_hba.conf", "role ")
# The oldest date that SQLite, PostgreSQL and Python share.
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def fetch(
    source: SqlSource,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window that the query gives, in order.

    Raises:
        SourceFailed: which database, column or row, and what would be right.
    """
    allowance = allowance or Allowance()
    place = address(source.url, data_root, allowance.environment)
    statement, named = _parsed(source, place)
    try:
        with _connected(place, allowance) as connection:
            values = {
                name: value
                for name, value in _moments(window, as_text=place.path is not None).items()
                if name in named
            }
            columns, rows = _ask(connection, statement.bindparams(**values), place, allowance, window.zone)
    except SQLAlchemyError as error:
        raise _failed(error, place) from None
    if not rows and "since" not in named:
        raise SourceFailed("empty", f"{place.shown}: the query returned no row. Check its where clause.")
    picked = pick(columns, place.shown)
    order = [columns.index(name) for name in picked.names]
    return observations(picked, [[row[i] for i in order] for row in rows], window, f"{place.shown}, query")


def _parsed(source: SqlSource, place: Address) -> tuple[TextClause, frozenset[str]]:
    statement = text(source.query)
    named = frozenset(statement.compile().params)
    strange = sorted(named - _PARAMETERS)
    if strange:
        raise SourceFailed(
            "query_failed",
            f"{place.shown}: the query names :{strange[0]}, but only :since and :until are filled in. "
            rf"Write \:{strange[0]} where a colon is meant.",
        )
    return statement, named


def _moments(window: Window, *, as_text: bool) -> dict[str, object]:
    """Return `since` and `until`; SQLite has no dates, so it gets the text that its own functions write."""
    zone = zone_of(window.zone)
    first = None if window.since is None else start_of(window.since, window.calendar).astimezone(zone)
    pair = {"since": first or _BEGINNING, "until": end_of(window.through, window.calendar).astimezone(zone)}
    hourly = window.cadence == "hourly"
    if as_text:
        form = "%Y-%m-%d %H:%M:%S" if hourly else "%Y-%m-%d"
        return {name: moment.strftime(form) for name, moment in pair.items()}
    return {name: moment if hourly else moment.date() for name, moment in pair.items()}


def _connected(place: Address, allowance: Allowance) -> Connection:
    engine = _sqlite(place.path, allowance) if place.path else _postgres(place, allowance)
    try:
        return engine.connect()
    except DBAPIError as error:
        raise _no_connection(error, place, allowance) from None


def _sqlite(path: Path, allowance: Allowance) -> Engine:
    def opened() -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro",
            uri=True,
            timeout=allowance.connect_seconds,
            check_same_thread=False,  # interrupted from another thread
        )

    return create_engine("sqlite://", creator=opened, poolclass=NullPool)


def _postgres(place: Address, allowance: Allowance) -> Engine:
    try:
        engine = create_engine(
            place.url,
            poolclass=NullPool,
            connect_args={
                "connect_timeout": allowance.connect_seconds,
                "application_name": "business-service-teams",
            },
            execution_options={"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
        )
    except ModuleNotFoundError:
        raise SourceFailed(
            "bad_url",
            f"{place.shown}: PostgreSQL needs psycopg. Install business-service-teams[postgres].",
        ) from None
    event.listen(engine, "handle_error", _close_cursor)
    return engine


def _close_cursor(context: ExceptionContext) -> None:
    """Close the cursor of a statement that failed, which SQLAlchemy leaves open when a connection is cut."""
    if context.execution_context is not None and context.execution_context.cursor is not None:
        context.execution_context.cursor.close()


def _ask(
    connection: Connection, statement: TextClause, place: Address, allowance: Allowance, zone: str
) -> tuple[list[str], list[tuple[Any, ...]]]:
    driver = connection.connection.driver_connection
    assert driver is not None
    if place.path is None:
        connection.execute(text(_SESSION), {"ms": str(int(allowance.seconds * 1000)), "zone": zone})

        def interrupt() -> None:
            driver.cancel_safe(timeout=_CANCEL_SECONDS)
    else:
        driver.set_authorizer(_only_reading)
        interrupt = driver.interrupt
    with interrupting(interrupt, allowance, place.shown):
        # On the server a cursor: it takes one statement only, and sends no more rows than are asked for.
        result = connection.execution_options(stream_results=True).execute(statement)
        if not result.returns_rows:
            raise SourceFailed("query_failed", f"{place.shown}: the query returns no rows. Write a select.")
        columns = list(result.keys())
        rows = [tuple(row) for row in result.fetchmany(allowance.rows + 1)]
        result.close()
    if len(rows) > allowance.rows:
        raise SourceFailed(
            "too_many_rows",
            f"{place.shown}: the query returned more than {allowance.rows:,} rows. "
            "Aggregate in it, to one row per period, and read only from :since on.",
        )
    return columns, rows


def _only_reading(action: int, *_about: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _no_connection(error: DBAPIError, place: Address, allowance: Allowance) -> SourceFailed:
    """Say why there is no connection in our own words: the driver's name hosts and users."""
    said = str(error.orig).casefold()
    if place.path is not None:
        return SourceFailed("unreachable", f"{place.shown}: the file cannot be opened for reading.")
    if any(
        words in said for words in ("authentication failed", "no password supplied", "pg_hba.conf", "role ")
    ):
        return SourceFailed(
            "login_refused",
            f"{place.shown}: the database refused the login. Check user and password, and its pg_hba.conf.",
        )
    if "database " in said and "does not exist" in said:
        return SourceFailed("unreachable", f"{place.shown}: the server has no such database.")
    why = (
        "the host's name is not known"
        if "resolve" in said or "not known" in said or "getaddrinfo" in said
        else f"no answer within {allowance.connect_seconds} s"
        if "timeout" in said
        else "nothing answers there"
    )
    return SourceFailed(
        "unreachable", f"{place.shown}: {why}. Check host and port, and that the worker may reach them."
    )


# SQLSTATE codes of PostgreSQL (its manual, appendix A).
_CANCELED, _NO_COLUMN, _NO_RIGHT, _READ_ONLY, _NO_ZONE = "57014", "42703", "42501", "25006", "22023"


def _failed(error: SQLAlchemyError, place: Address) -> SourceFailed:
    """Return what the database said about the query, with a stable code and the way out."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or ""
    said = place.conceal(_words(cause))
    code: SourceCode = "query_failed"
    cure = f"Correct the query: it is one select in the SQL of {'SQLite' if place.path else 'PostgreSQL'}."
    if state == _CANCELED:
        code, cure = "timed_out", "Aggregate less in it, add an index, or read only from :since on."
    elif state == _NO_COLUMN or "no such column" in said:
        code = "no_such_column"
    elif state == _NO_ZONE and "TimeZone" in said:
        code, cure = (
            "unknown_zone",
            "The database does not know it: take the name that it has for `time_zone`.",
        )
    elif state == _NO_RIGHT:
        cure = "Grant the user the right to select."
    elif state == _READ_ONLY or "authoriz" in said or "readonly" in said:
        cure = "A source only reads: write one select."
    elif state.startswith("57P") or getattr(error, "connection_invalidated", False) or "is locked" in said:
        code, cure = "unreachable", "The database did not stay reachable; it is asked again next time."
    elif "not a database" in said:
        cure = "The file is no SQLite database."
    return trouble(code, place.shown, said, cure)


def _words(cause: BaseException) -> str:
    """Return PostgreSQL's sentence and hint without the cursor that the query was wrapped in."""
    diagnosis = getattr(cause, "diag", None)
    parts = (getattr(diagnosis, "message_primary", None), getattr(diagnosis, "message_hint", None))
    return ". ".join(part.rstrip(".") for part in parts if part) or str(cause)

"""The `sql` source: one SQL query over SQLite, DuckDB, PostgreSQL, MySQL or MariaDB.

The database itself refuses to write, each in its own way (`databases`). The query may name `:since`, the
first moment that is wanted, and `:until`, the first one that is not any more: dates, or times for an hourly
cadence, in the charter's time zone. `:period` is the cadence's word (hour, day, week, month), as
`date_trunc` takes it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from activities.sources.address import Address, address
from activities.sources.allowance import Allowance, interrupting
from activities.sources.databases.contract import Database, Question
from activities.sources.rows import observations, pick, trouble
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.periods import end_of, noun, start_of
from domain.sources import SqlSource
from domain.zones import zone_of

PARAMETERS = ("since", "until", "period")
# The oldest date that all these databases and Python share.
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
# Rows that are taken from a cursor at a time: some megabytes at most.
_BATCH = 10_000
# A statement that begins like this was meant to change something. This is a courtesy: what keeps a query from
# writing is the database.
_WRITES = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(alter|attach|begin|call|commit|copy|create|delete|detach|do|drop|export|grant|"
    r"insert|install|load|lock|merge|pragma|replace|set|truncate|update|use|vacuum)\b",
    re.IGNORECASE | re.DOTALL,
)

Batch = tuple[list[str], list[tuple[Any, ...]]]


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
    question = question_of(source, window, data_root, allowance or Allowance())
    where = question.place.shown
    if question.place.kind == "duckdb":
        columns, rows = _from_duckdb(question)
    else:
        batches = list(streamed(question))
        columns, rows = batches[0][0], [row for _, batch in batches for row in batch]
    if not rows and "since" not in _named(source.query):
        raise SourceFailed("empty", f"{where}: the query returned no row. Check its where clause.")
    picked = pick(columns, where)
    order = [columns.index(name) for name in picked.names]
    return observations(picked, [[row[i] for i in order] for row in rows], window, f"{where}, query")


def question_of(source: SqlSource, window: Window, data_root: Path, allowance: Allowance) -> Question:
    """Return what is asked, of which database.

    Raises:
        SourceFailed: the address, a parameter or the statement is not one that can be.
    """
    place = address(source.url, data_root, allowance.environment, allowance.folders)
    strange = sorted(_named(source.query) - {*PARAMETERS})
    if strange:
        raise SourceFailed(
            "query_failed",
            f"{place.shown}: the query names :{strange[0]}, but only :since, :until and :period are "
            rf"filled in. Write \:{strange[0]} where a colon is meant.",
        )
    if writing := _WRITES.match(source.query):
        raise SourceFailed(
            "write_refused",
            f"{place.shown}: the query begins with {writing[1]}. A source only reads: write one select.",
        )
    zone = zone_of(window.zone)
    first = None if window.since is None else start_of(window.since, window.calendar).astimezone(zone)
    return Question(
        query=source.query,
        place=place,
        allowance=allowance,
        zone=window.zone,
        moments={
            "since": first or _BEGINNING,
            "until": end_of(window.through, window.calendar).astimezone(zone),
        },
        hourly=window.cadence == "hourly",
        word=noun(window.cadence),
    )


def _named(query: str) -> frozenset[str]:
    return frozenset(text(query).compile().params)


def _from_duckdb(question: Question) -> Batch:
    from activities.sources.databases.duckdb_file import attached, query_of
    from activities.sources.duck import answer, refuse_folded_hours

    refuse_folded_hours(question.query, question.zone, question.place.shown, hourly=question.hourly)
    with attached(question) as duck:
        return answer(duck, query_of(question))


def streamed(question: Question) -> Iterator[Batch]:
    """Yield the columns with rows, batch by batch, the first one even when it is empty.

    Raises:
        SourceFailed: which database or column, and what would be right.
    """
    database = _database(question.place)
    try:
        with _connected(database, question) as connection:
            yield from _asked(connection, database, question)
    except SQLAlchemyError as error:
        raise _failed(error, database, question) from None


def _database(place: Address) -> Database:
    from activities.sources.databases import mysql, postgres, sqlite

    match place.kind:
        case "sqlite":
            return sqlite
        case "postgres":
            return postgres
        case "mysql":
            return mysql
        case "duckdb":
            raise AssertionError("DuckDB is not reached through SQLAlchemy")
        case _:
            assert_never(place.kind)


def _connected(database: Database, question: Question) -> Connection:
    engine = database.engine(question.place, question.allowance)
    try:
        return engine.connect()
    except DBAPIError as error:
        raise database.no_connection(error, question.place, question.allowance) from None


def _asked(connection: Connection, database: Database, question: Question) -> Iterator[Batch]:
    allowance, where = question.allowance, question.place.shown
    statement = text(database.sent(question))
    values = question.values(lambda at: database.moment(at, hourly=question.hourly))
    given = {name: value for name, value in values.items() if name in _named(question.query)}
    interrupt = database.begin(connection, question)
    with interrupting(interrupt, allowance, where):
        # On the server a cursor: it takes one statement only, and sends no more rows than are taken.
        asking = connection.execution_options(stream_results=database.STREAMS)
        result = asking.execute(statement.bindparams(**given))
        if not result.returns_rows:
            raise SourceFailed("query_failed", f"{where}: the query returns no rows. Write a select.")
        columns, taken = list(result.keys()), 0
        for number in range(allowance.rows // _BATCH + 1):
            rows = [tuple(row) for row in result.fetchmany(min(_BATCH, allowance.rows + 1 - taken))]
            taken += len(rows)
            if number == 0 or rows:
                yield columns, rows
            if not rows:
                break
        result.close()
    if taken > allowance.rows:
        raise SourceFailed(
            "too_many_rows",
            f"{where}: the query returned more than {allowance.rows:,} rows. "
            "Aggregate in it, to one row per period, and read only from :since on.",
        )


def _failed(error: SQLAlchemyError, database: Database, question: Question) -> SourceFailed:
    """Return what the database said about the query, with a stable code and the way out."""
    cause = getattr(error, "orig", None) or error
    said = question.place.conceal(database.words(cause))
    found = database.verdict(cause, said)
    if found is not None:
        return trouble(found.code, question.place.shown, said, found.cure)
    if getattr(error, "connection_invalidated", False):
        cure = "The database did not stay reachable; it is asked again next time."
        return trouble("connection_lost", question.place.shown, said, cure)
    cure = f"Correct the query: it is one select in the SQL of {database.NAME}."
    return trouble("query_failed", question.place.shown, said, cure)

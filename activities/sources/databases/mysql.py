"""MySQL and MariaDB: a session that can only read, and a query that stands within a select of ours.

A read-only transaction alone would let `into outfile` write a file on the server and `set global` change
it. Within `select * from (...)` the grammar of both admits neither, nor any statement but a query; the
driver sends one statement only. `load_file` reads a file of the server and is a function like any other, so
it is refused by its name. Give the worker a user that may select from a few tables and nothing else.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from activities.sources.address import Address
from activities.sources.allowance import Allowance
from activities.sources.databases.contract import Question, Verdict
from activities.sources.databases.wire import cut
from domain.errors import SourceFailed

NAME = "MySQL or MariaDB"
# Not row by row: when the connection is lost in between, PyMySQL's cursor for that goes on reading, for ever.
STREAMS = False
# Seconds beyond a statement's limit after which the server ends it itself, and after which one that says
# nothing at all is given up. Not at once: a function that the server breaks off may give a value, as if all
# were well.
_BACKSTOP_SECONDS, _SILENCE_SECONDS = 5, 10
_READS_FILES = re.compile(r"load_file", re.IGNORECASE)
_UNREACHABLE = "Check host and port, and that the worker may reach them."
_LOST = Verdict("connection_lost", "The database did not stay reachable; it is asked again next time.")
_SLOW = Verdict("timed_out", "Aggregate less in it, add an index, or read only from :since on.")
_WRITE = Verdict("write_refused", "A source only reads: write one select.")
_RIGHT = Verdict("not_permitted", "Grant the user the right to select.")
_TABLE = Verdict("no_such_table", "Correct the query, or name another database in the address.")
_COLUMN = Verdict("no_such_column", "Correct the query.")
_ZONE = Verdict("unknown_zone", "Let the server load its time zones (mysql_tzinfo_to_sql), or use UTC.")
# By error number (their manuals: Server Error Message Reference; 1969 is MariaDB's, 3024 MySQL's).
_VERDICTS: dict[int, Verdict] = {
    1044: _RIGHT, 1142: _RIGHT, 1143: _RIGHT, 1227: _RIGHT, 1370: _RIGHT,
    1054: _COLUMN, 1109: _TABLE, 1146: _TABLE,
    1298: _ZONE,
    1317: _SLOW, 1969: _SLOW, 3024: _SLOW,
    1792: _WRITE, 1290: _WRITE,
    1053: _LOST, 1927: _LOST, 2006: _LOST, 2013: _LOST, 4031: _LOST,
}  # fmt: skip


def engine(place: Address, allowance: Allowance) -> Engine:
    """Return what connects."""
    try:
        return create_engine(
            place.url,
            poolclass=NullPool,
            connect_args={
                "connect_timeout": allowance.connect_seconds,
                "read_timeout": allowance.connect_seconds,
                "write_timeout": allowance.connect_seconds,
                "program_name": "business-service-teams",
            },
        )
    except ModuleNotFoundError:
        raise SourceFailed(
            "bad_url",
            f"{place.shown}: MySQL and MariaDB need PyMySQL. Install business-service-teams[mysql].",
        ) from None


def moment(at: datetime, *, hourly: bool) -> datetime | date:
    """Return a time in the session's zone, or a day."""
    return at.replace(tzinfo=None) if hourly else at.date()


def begin(connection: Connection, question: Question) -> Callable[[], None]:
    """Begin a transaction that only reads, in a session that only reads; return what kills its query."""
    driver = connection.connection.driver_connection
    assert driver is not None
    seconds = question.allowance.seconds + _BACKSTOP_SECONDS
    maria = getattr(connection.dialect, "is_mariadb", False)
    # PyMySQL has one limit for the handshake and for queries; only what is set when it connects is public.
    driver._read_timeout = question.allowance.seconds + _SILENCE_SECONDS  # noqa: SLF001
    limit = f"max_statement_time = {seconds:g}" if maria else f"max_execution_time = {int(seconds * 1000)}"
    connection.execute(
        text("set time_zone = :zone"), {"zone": "+00:00" if question.zone == "UTC" else question.zone}
    )
    for statement in (
        f"set session {limit}",
        "set session transaction read only",
        "start transaction read only",
    ):
        connection.exec_driver_sql(statement)
    thread, engine_of_it, descriptor = driver.thread_id(), connection.engine, _descriptor(driver)

    def interrupt() -> None:
        try:
            with engine_of_it.connect() as other:
                other.exec_driver_sql(f"kill query {thread:d}")
        except Exception:  # noqa: BLE001 - whatever kept the request from arriving, nobody will answer
            cut(descriptor)

    return interrupt


def _descriptor(driver: object) -> int:
    """Return the socket's, which PyMySQL has no public name for; -1 where it changed its mind."""
    wire = getattr(driver, "_sock", None)
    return int(wire.fileno()) if wire is not None else -1


def sent(question: Question) -> str:
    """Return the query within a select of ours.

    Raises:
        SourceFailed: `not_permitted`; it would read a file of the server.
    """
    if _READS_FILES.search(question.query):
        raise SourceFailed(
            "not_permitted",
            f"{question.place.shown}: the query names load_file, which reads files of the server. "
            "A source reads tables only.",
        )
    query = question.query.rstrip().rstrip(";")
    return f"select * from (\n{query}\n) as answer limit {question.allowance.rows + 1}"  # noqa: S608 - one query


def no_connection(error: DBAPIError, place: Address, allowance: Allowance) -> SourceFailed:
    """Say why there is no connection."""
    number, said = _number(error.orig), str(error.orig).casefold()
    match number:
        case 1045 | 1698 | 1251 | 2059:
            code, why = "login_refused", "the database refused the login. Check user, password and host."
        case 1044 | 1049:
            code, why = "no_such_database", "the server has no such database, or the user may not use it."
        case 1040 | 1203:
            code, why = "unreachable", "the server takes no more connections. It is asked again next time."
        case _ if "not known" in said or "resolve" in said or "getaddrinfo" in said or "no address" in said:
            code, why = "host_not_found", "the host's name is not known. Check how it is written."
        case _ if "timed out" in said:
            code, why = "unreachable", f"no answer within {allowance.connect_seconds} s. {_UNREACHABLE}"
        case _:
            code, why = "unreachable", f"nothing answers there. {_UNREACHABLE}"
    return SourceFailed(code, f"{place.shown}: {why}")  # type: ignore[arg-type]


def words(cause: BaseException) -> str:
    """Return the server's sentence, without the number and without what the query was wrapped in."""
    said = str(cause.args[1]) if len(cause.args) > 1 else str(cause)
    return re.sub(r"(\s*\))?\s*as answer limit \d+", "", said)


def verdict(cause: BaseException, said: str) -> Verdict | None:  # noqa: ARG001 - the number says it
    """Return what the error's number means."""
    return _VERDICTS.get(_number(cause))


def _number(cause: BaseException | None) -> int:
    """Return the error's number; PyMySQL says 0 of a connection that it has closed itself."""
    first = cause.args[0] if cause is not None and cause.args else -1
    lost = 2013
    return lost if first == 0 else first if isinstance(first, int) else -1

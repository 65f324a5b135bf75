"""PostgreSQL: a read-only transaction, and a cursor on the server, which takes one statement only.

Neither keeps a superuser from reading the server's own files: give the worker a
user that may select from a few tables and nothing else.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, Engine, ExceptionContext, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from activities.sources.address import Address
from activities.sources.allowance import Allowance
from activities.sources.databases.contract import Question, Verdict
from activities.sources.databases.wire import cut
from domain.errors import SourceFailed

NAME = "PostgreSQL"
STREAMS = True
# Seconds that a cancel request may take; it is repeated until the statement has ended.
_CANCEL_SECONDS = 5.0
# For this transaction only, so that a pooler in between is left as it was.
_SESSION = "select set_config('statement_timeout', :ms, true), set_config('timezone', :zone, true)"
# What refusals of a login have in common, in lower case.
_LOGIN_WORDS = ("authentication failed", "no password supplied", "pg_hba.conf", "role ")
# By SQLSTATE (its manual, appendix A).
_VERDICTS: dict[str, Verdict] = {
    "57014": Verdict("timed_out", "Aggregate less in it, add an index, or read only from :since on."),
    "42P01": Verdict("no_such_table", "Correct the query, or let the login see the table's schema."),
    "42703": Verdict("no_such_column", "Correct the query."),
    "42501": Verdict("not_permitted", "Grant the user the right to select."),
    "25006": Verdict("write_refused", "A source only reads: write one select."),
}
_LOST = Verdict("connection_lost", "The database did not stay reachable; it is asked again next time.")


def engine(place: Address, allowance: Allowance) -> Engine:
    """Return what connects, and begins each transaction read-only."""
    try:
        made = create_engine(
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
    event.listen(made, "handle_error", _close_cursor)
    return made


def _close_cursor(context: ExceptionContext) -> None:
    """Close the cursor of a statement that failed, which SQLAlchemy leaves open when a connection is cut."""
    if context.execution_context is not None and context.execution_context.cursor is not None:
        context.execution_context.cursor.close()


def moment(at: datetime, *, hourly: bool) -> datetime | date:
    """Return a time with its zone, or a day."""
    return at if hourly else at.date()


def begin(connection: Connection, question: Question) -> Callable[[], None]:
    """Limit and place the transaction in its time zone; return what cancels its statement."""
    driver = connection.connection.driver_connection
    assert driver is not None
    bounds = {"ms": str(int(question.allowance.seconds * 1000)), "zone": question.zone}
    connection.execute(text(_SESSION), bounds)
    descriptor = driver.fileno()
    patience = min(_CANCEL_SECONDS, question.allowance.connect_seconds)

    def interrupt() -> None:
        try:
            driver.cancel_safe(timeout=patience)
        except Exception:  # noqa: BLE001 - whatever kept the request from arriving, nobody will answer
            cut(descriptor)

    return interrupt


def sent(question: Question) -> str:
    """Return the query as it is."""
    return question.query


def no_connection(error: DBAPIError, place: Address, allowance: Allowance) -> SourceFailed:
    """Say why there is no connection."""
    said = str(error.orig).casefold()
    if any(words in said for words in _LOGIN_WORDS):
        return SourceFailed(
            "login_refused",
            f"{place.shown}: the database refused the login. Check user and password, and its pg_hba.conf.",
        )
    if "database " in said and "does not exist" in said:
        return SourceFailed(
            "no_such_database",
            f"{place.shown}: the server has no such database. Name one that it has after the host.",
        )
    if "resolve" in said or "not known" in said or "getaddrinfo" in said:
        return SourceFailed(
            "host_not_found", f"{place.shown}: the host's name is not known. Check how it is written."
        )
    why = f"no answer within {allowance.connect_seconds} s" if "timeout" in said else "nothing answers there"
    return SourceFailed(
        "unreachable", f"{place.shown}: {why}. Check host and port, and that the worker may reach them."
    )


def words(cause: BaseException) -> str:
    """Return PostgreSQL's sentence and hint without the cursor that the query was wrapped in."""
    diagnosis = getattr(cause, "diag", None)
    parts = (getattr(diagnosis, "message_primary", None), getattr(diagnosis, "message_hint", None))
    return ". ".join(part.rstrip(".") for part in parts if part) or str(cause)


def verdict(cause: BaseException, said: str) -> Verdict | None:
    """Return what PostgreSQL's code means; a connection that is gone has none."""
    state = getattr(cause, "sqlstate", None) or ""
    if state == "22023" and "TimeZone" in said:
        return Verdict("unknown_zone", "The database does not know it: take its name for `time_zone`.")
    if state.startswith(("57P", "08")) or (not state and "connection" in said):
        return _LOST
    return _VERDICTS.get(state)

"""Pulses for tests: a team of five, its tasks, and answers that can be recognised wherever they turn up."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import URL, create_engine, make_url

from activities.answers.store import AnswerStore
from domain.pulses.cycles import ClosePulseTask, OpenPulseTask
from domain.pulses.questions import newest

TEAM = "claims"
FIVE = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance", "Dan": "IT", "Eve": "legal"}
OPENED = datetime(2026, 1, 5, tzinfo=UTC)
ITEMS = tuple(item.id for item in newest())


# Every table and index of ours, with what PostgreSQL puts aside of long values.
_TABLES = """
    SELECT relname, pg_read_binary_file(pg_relation_filepath(pg_class.oid))
    FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
    WHERE relkind IN ('r', 't', 'i') AND nspname NOT IN ('pg_catalog', 'information_schema')
"""


def task(number: int = 1, members: tuple[str, ...] = tuple(FIVE), k: int = 5) -> OpenPulseTask:
    """Return what opens a pulse."""
    opened = OPENED + timedelta(days=91 * (number - 1))
    return OpenPulseTask(
        team=TEAM,
        number=number,
        opened_at=opened,
        closes_at=opened + timedelta(days=7),
        k=k,
        items=ITEMS,
        members=members,
    )


def closing(number: int = 1, *, discard: bool = False) -> ClosePulseTask:
    """Return what closes it."""
    return ClosePulseTask(team=TEAM, number=number, opened_at=task(number).opened_at, discard=discard)


def answers(person: int = 0) -> dict[str, int]:
    """Return complete answers, others for each of five persons, none of them alike for all items."""
    return {item: (person + place * (1 + person % 3)) % 5 + 1 for place, item in enumerate(ITEMS)}


def pleased() -> dict[str, int]:
    """Return the answers of somebody who agrees with everything good."""
    return {item.id: item.oriented(5) for item in newest()}


def files_of(store: AnswerStore) -> dict[str, bytes]:
    """Return every byte that a database keeps of the answers: its file, or its tables' files."""
    path = store.address.path
    if path is not None:
        return {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with superuser(store.address.url) as read:
        return read(_TABLES)


def write_ahead_log(store: AnswerStore) -> dict[str, bytes]:
    """Return PostgreSQL's whole write-ahead log; SQLite keeps none here."""
    if store.address.path is not None:
        return {}
    with superuser(store.address.url) as read:
        return read("SELECT name, pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()")


@contextmanager
def superuser(url: URL | str) -> Iterator[Callable[[str], dict[str, bytes]]]:
    """Read files through the server, wherever it runs, after everything was written to them."""
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            # A checkpoint alone leaves unlogged tables in memory; one for a copy of a database does not.
            copy = f"copy_{secrets.token_hex(8)}"
            connection.exec_driver_sql(f"CREATE DATABASE {copy} TEMPLATE template0 STRATEGY file_copy")
            connection.exec_driver_sql(f"DROP DATABASE {copy}")

            def read(query: str) -> dict[str, bytes]:
                rows = connection.exec_driver_sql(query)
                return {name: bytes(content) for name, content in rows if content is not None}

            yield read
    finally:
        engine.dispose()


def holders(files: dict[str, bytes], *texts: str) -> set[str]:
    """Return the names of the files that hold one of the texts."""
    return {name for name, content in files.items() for text in texts if text.encode() in content}

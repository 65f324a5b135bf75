"""The database itself guards the past: what its triggers and its permissions refuse."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from activities.journal_errors import JournalConflict
from activities.journal_store import JournalStore
from tests.journal_events import TEAM, events, run_sql


@pytest.fixture
def store(journal_url: str) -> Iterator[JournalStore]:
    with closing(JournalStore(journal_url)) as opened:
        yield opened


_COPY = "SELECT team, {seq}, at, kind, body, previous, hash FROM journal WHERE seq = 1"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE journal SET body = '{}' WHERE seq = 1", "append-only"),
        ("UPDATE journal SET at = at", "append-only"),
        ("DELETE FROM journal WHERE seq = 2", "append-only"),
        (f"INSERT INTO journal {_COPY.format(seq=1)}", "there already"),
        (f"INSERT INTO journal {_COPY.format(seq=3)}", "does not follow"),
        (f"INSERT INTO journal {_COPY.format(seq=9)}", "does not follow"),
    ],
)
def test_the_database_itself_refuses_to_change_the_past(
    store: JournalStore, journal_url: str, statement: str, says: str
) -> None:
    store.append(events(1, 2))
    with pytest.raises(DBAPIError, match=says):
        run_sql(journal_url, statement)
    assert store.verify_chain(TEAM, expected_last=2).ok


def test_replacing_in_sqlite_is_refused_too(tmp_path: Path) -> None:
    store = JournalStore(f"sqlite:///{tmp_path}/journal.db")
    store.append(events(1, 2))
    with (
        closing(sqlite3.connect(tmp_path / "journal.db")) as raw,
        pytest.raises(sqlite3.Error, match="there already"),
    ):
        raw.execute("INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 1")


def test_truncating_in_postgresql_is_refused_too(fresh_postgres_url: str) -> None:
    with closing(JournalStore(fresh_postgres_url)) as store:
        store.append(events(1, 2))
        with pytest.raises(DBAPIError, match="append-only"):
            run_sql(fresh_postgres_url, "TRUNCATE journal")


def test_a_row_that_was_taken_out_is_noticed_by_the_next_retry(store: JournalStore, journal_url: str) -> None:
    store.append(events(1, 3))
    drop = {
        "sqlite": "DROP TRIGGER journal_never_deletes",
        "postgresql": "DROP TRIGGER journal_never_changes ON journal",
    }
    run_sql(journal_url, drop[journal_url.partition(":")[0].partition("+")[0]])
    run_sql(journal_url, "DELETE FROM journal WHERE seq = 2")
    with pytest.raises(JournalConflict, match=r"Event 2 .* is missing .* somebody removed it"):
        store.append(events(2, 4))
    assert store.verify_chain(TEAM).first_bad_seq == 2


@pytest.fixture
def worker_url(fresh_postgres_url: str) -> Iterator[str]:
    """The address for a role that may only read and append to a journal that somebody else laid out."""
    with closing(JournalStore(fresh_postgres_url)) as owner:
        owner.append(events(1, 1))
    role = f"worker_{secrets.token_hex(4)}"
    run_sql(
        fresh_postgres_url,
        f"CREATE ROLE {role} LOGIN PASSWORD 'pw'; GRANT SELECT, INSERT ON journal TO {role}; "
        f"GRANT SELECT ON journal_schema TO {role}",
    )
    url = make_url(fresh_postgres_url).set(username=role, password="pw")
    yield url.render_as_string(hide_password=False)
    run_sql(fresh_postgres_url, f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_role_that_may_only_read_and_insert_is_enough_and_cannot_change_the_past(worker_url: str) -> None:
    with closing(JournalStore(worker_url)) as store:
        assert store.append(events(1, 3)) == 3
        assert store.verify_chain(TEAM, expected_last=3).ok
        for statement in (
            "DROP TRIGGER journal_never_changes ON journal",
            "UPDATE journal SET kind = 'x'",
            "DELETE FROM journal",
            "UPDATE journal_schema SET version = 9",
        ):
            with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
                run_sql(worker_url, statement)

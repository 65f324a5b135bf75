"""The `sql` source against a real PostgreSQL and real SQLite files: the same behaviour from both."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from domain.periods import Cadence
from tests.measuring import failure, pairs, read, sql

ROWS: list[dict[str, Any]] = [
    {"day": "2013-01-07", "late": 1, "total": 4, "days": 3.0, "note": "a"},
    {"day": "2013-01-15", "late": 0, "total": 0, "days": None, "note": "b%"},
    {"day": "2013-01-21", "late": 5, "total": 8, "days": 4.5, "note": "c:d"},
]
TABLE = "create table orders (day {date}, late int, total int, days double precision, note text)"


@pytest.fixture(scope="module")
def postgres_orders(postgres_url: str) -> Iterator[str]:
    engine = create_engine(postgres_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(TABLE.format(date="date")))
        connection.execute(text("create table clock (at timestamptz, naive timestamp, n int)"))
        connection.execute(text("insert into clock values ('2013-01-07 23:30-05', '2013-01-08 04:30', 1)"))
        connection.execute(text("create sequence numbers"))
        connection.execute(
            text(
                "create function sly() returns int language sql as "
                "'insert into orders (late) values (1); select 1'"
            )
        )
        connection.execute(text("insert into orders values (:day, :late, :total, :days, :note)"), ROWS)
    yield postgres_url
    with engine.begin() as connection:
        connection.execute(text("drop function sly; drop table orders, clock; drop sequence numbers"))


def _sqlite(root: Path) -> str:
    connection = sqlite3.connect(root / "orders.db")
    connection.execute(TABLE.format(date="text"))
    connection.executemany("insert into orders values (:day, :late, :total, :days, :note)", ROWS)
    connection.commit()
    connection.close()
    return "sqlite:///orders.db"


@pytest.fixture(params=["sqlite", "postgres"])
def orders(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the same three orders."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_orders")
        return url
    return _sqlite(tmp_path)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select day as period, days as value from orders", [(0, 3.0), (2, 4.5)]),
        ('select days as "Value", day as "Period", note from orders;', [(0, 3.0), (2, 4.5)]),
        ("select day as period, late as numerator, total denominator from orders", [(0, 0.25), (2, 0.625)]),
        (
            "select day as period, late as value from orders where day > :since and day < :until",
            [(1, 0), (2, 5)],
        ),
        ("select day as period, late as value from orders where note like '%c\\:d'", [(2, 5)]),
        ("with o as (select * from orders) select day period, late as value from o where late = 5", [(2, 5)]),
    ],
)
def test_rows_become_observations(
    orders: str, tmp_path: Path, query: str, expected: list[tuple[int, float]]
) -> None:
    assert pairs(read(sql(orders, query), tmp_path)) == expected


def test_a_query_from_since_on_may_have_nothing_new_and_any_other_may_not(
    orders: str, tmp_path: Path
) -> None:
    newer = sql(orders, "select day as period, late as value from orders where day >= :since")
    all_of_it = sql(orders, "select day as period, late as value from orders where day > '2014-01-01'")

    assert read(newer, tmp_path, since="2013-02-04") == ()
    assert failure(all_of_it, tmp_path)[0] == "empty"


@pytest.mark.parametrize(
    ("cadence", "asked", "bound"),
    [
        ("hourly", ("2013-01-07T00", "2013-01-07T02"), ("2013-01-07 00:00:00", "2013-01-07 03:00:00")),
        ("daily", ("2013-01-07", "2013-01-09"), ("2013-01-07", "2013-01-10")),
        ("weekly", ("2013-01-07", "2013-01-21"), ("2013-01-07", "2013-01-28")),
        ("monthly", ("2013-01", "2013-03"), ("2013-01-01", "2013-04-01")),
    ],
)
def test_since_is_the_first_moment_wanted_and_until_the_first_not_wanted(
    orders: str, tmp_path: Path, cadence: Cadence, asked: tuple[str, str], bound: tuple[str, str]
) -> None:
    kind = "text" if orders.startswith("sqlite") else "timestamp" if cadence == "hourly" else "date"
    since, until = (f"cast('{moment.replace(':', chr(92) + ':')}' as {kind})" for moment in bound)
    same = f"case when :since = {since} and :until = {until} then 1 else 0 end"

    found = read(
        sql(orders, f"select '{asked[0]}' as period, {same} as value"),
        tmp_path,
        cadence=cadence,
        since=asked[0],
        through=asked[1],
    )

    assert [o.value for o in found] == [1.0]


def test_times_with_and_without_a_zone_are_of_utc(postgres_orders: str, tmp_path: Path) -> None:
    aware = sql(postgres_orders, "select at as period, n as value from clock where at >= :since")
    naive = sql(postgres_orders, "select naive as period, n as value from clock where naive < :until")

    for source in (aware, naive):
        [only] = read(source, tmp_path, cadence="hourly", since="2013-01-08T04", through="2013-01-08T04")
        assert only.value == 1
        with pytest.raises(AssertionError, match="no failure"):
            failure(source, tmp_path, cadence="hourly", since="2013-01-08T05", through="2013-01-08T06")


def test_times_with_and_without_an_offset_are_of_the_charters_zone(
    postgres_orders: str, tmp_path: Path
) -> None:
    """One moment, 23:30 in Bogota and half past four of UTC; a naive time is what the clocks showed."""
    aware = sql(
        postgres_orders, "select at as period, n as value from clock where at >= :since and at < :until"
    )
    naive = sql(postgres_orders, "select naive as period, n as value from clock where naive < :until")
    local = sql(postgres_orders, "select date_trunc('day', at) as period, n as value from clock")
    for source, day in ((aware, "2013-01-07"), (naive, "2013-01-08"), (local, "2013-01-07")):
        found = read(source, tmp_path, cadence="daily", since=day, through=day, zone="America/Bogota")
        assert [o.value for o in found] == [1]
    hour: dict[str, Any] = {"since": "2013-01-07T23", "through": "2013-01-07T23", "zone": "America/Bogota"}
    assert len(read(aware, tmp_path, cadence="hourly", **hour)) == 1


WRITES = [
    "insert into orders (late) values (1)",
    "update orders set late = 9",
    "delete from orders",
    "drop table orders",
    "create table more (x int)",
    "select day as period, late as value from orders; delete from orders",
    "commit; delete from orders",
    "insert into orders (late) values (1) returning day as period, late as value",
]
POSTGRES_WRITES = [
    "with gone as (delete from orders returning *) select day as period, late as value from gone",
    "select date '2013-01-07' as period, sly() as value",
    "select date '2013-01-07' as period, nextval('numbers') as value",
    "select cast(set_config('transaction_read_only', 'off', false) as date) as period, sly() as value",
    "copy orders to program 'true'",
    "do $$ begin delete from orders; end $$",
    "call sly()",
]
SQLITE_WRITES = [
    "attach '{root}/other.db' as other",
    "vacuum into '{root}/copy.db'",
    "pragma journal_mode = wal",
    "pragma user_version = 7",
    "create temp table more (x int)",
    "select load_extension('{root}/x') as value, '2013-01-07' as period",
    "begin immediate",
    "replace into orders (late) values (1)",
]


@pytest.mark.parametrize("query", WRITES + POSTGRES_WRITES)
def test_postgres_refuses_to_write(postgres_orders: str, tmp_path: Path, query: str) -> None:
    _refused_and_unchanged(postgres_orders, query, tmp_path, lambda: _dump(postgres_orders))


@pytest.mark.parametrize("query", WRITES + SQLITE_WRITES)
def test_sqlite_refuses_to_write(tmp_path: Path, query: str) -> None:
    url = _sqlite(tmp_path)
    _refused_and_unchanged(
        url, query.format(root=tmp_path), tmp_path, lambda: {p: p.read_bytes() for p in tmp_path.iterdir()}
    )


def _refused_and_unchanged(url: str, query: str, root: Path, record: Callable[[], object]) -> None:
    before = record()

    assert failure(sql(url, query), root)[0] == "query_failed"

    assert record() == before


def _dump(url: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(text("select * from orders order by day")).all()
        tables = connection.execute(
            text("select tablename from pg_tables where schemaname = 'public' order by 1")
        ).all()
        return rows, tables, connection.execute(text("select is_called from numbers")).all()


def test_a_missing_sqlite_file_is_never_made(tmp_path: Path) -> None:
    assert failure(sql("sqlite:///orders.db", "select 1"), tmp_path)[0] == "no_such_file"
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_being_written_can_be_read(tmp_path: Path) -> None:
    url = _sqlite(tmp_path)
    writer = sqlite3.connect(tmp_path / "orders.db", isolation_level=None)
    writer.execute("pragma journal_mode = wal")
    writer.execute("begin immediate")
    writer.execute("update orders set late = 100")

    found = read(sql(url, "select day as period, late as value from orders"), tmp_path)

    writer.close()
    assert pairs(found) == [(0, 1), (1, 0), (2, 5)]


def test_variables_are_filled_in_by_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_orders: str
) -> None:
    _sqlite(tmp_path)
    monkeypatch.setenv("ORDERS_FILE", "orders")
    monkeypatch.setenv("ORDERS_URL", postgres_orders)
    query = "select day as period, days as value from orders"

    for url in ("sqlite:///${ORDERS_FILE}.db", "${ORDERS_URL}"):
        assert pairs(read(sql(url, query), tmp_path)) == [(0, 3.0), (2, 4.5)]


def test_no_connection_stays_open(postgres_orders: str, tmp_path: Path) -> None:
    for _ in range(3):
        read(sql(postgres_orders, "select day as period, late as value from orders"), tmp_path)
    engine = create_engine(postgres_orders, poolclass=NullPool)

    with engine.connect() as connection:
        ours = connection.execute(
            text("select count(*) from pg_stat_activity where application_name = 'business-service-teams'")
        ).scalar_one()

    assert ours == 0

"""The `sql` source against real databases of each kind: the same behaviour from all."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from domain.periods import Cadence, Calendar, label
from tests.measuring import failure, pairs, read, sql
from tests.orders import duckdb_orders, mariadb_orders, orders, postgres_orders, sqlite_orders

__all__ = ["mariadb_orders", "orders", "postgres_orders"]


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
    times = "datetime" if orders.startswith("mysql") else "timestamp"
    kind = "text" if orders.startswith("sqlite") else times if cadence == "hourly" else "date"
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


@pytest.mark.parametrize("kind", ["postgres", "mariadb", "duckdb"])
def test_times_with_and_without_a_zone_are_of_utc(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = duckdb_orders(tmp_path) if kind == "duckdb" else request.getfixturevalue(f"{kind}_orders")
    at = '"at"' if kind == "duckdb" else "at"
    aware = sql(url, f"select {at} as period, n as value from clock where {at} >= :since")
    naive = sql(url, "select naive as period, n as value from clock where naive < :until")

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


@pytest.mark.parametrize("kind", ["postgres", "duckdb"])
@pytest.mark.parametrize(
    ("cadence", "first", "expected"),
    [
        ("hourly", "2013-01-07T00", ["2013-01-07T00", "2013-01-15T00", "2013-01-21T00"]),
        ("daily", "2013-01-07", ["2013-01-07", "2013-01-15", "2013-01-21"]),
        ("weekly", "2013-01-07", ["2013-01-07", "2013-01-14", "2013-01-21"]),
        ("monthly", "2013-01", ["2013-01"]),
    ],
)
def test_period_is_the_word_that_date_trunc_takes(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kind: str,
    cadence: Cadence,
    first: str,
    expected: list[str],
) -> None:
    url = duckdb_orders(tmp_path) if kind == "duckdb" else request.getfixturevalue(f"{kind}_orders")
    moment = "date_trunc(:period, cast(day as timestamp))"
    query = f"select {moment} as period, count(*) as value from orders group by 1"

    found = read(
        sql(url, query), tmp_path, cadence=cadence, since=first, through="2013-12-30T00"[: len(first)]
    )

    assert [label(o.period, Calendar(cadence)) for o in found] == expected


@pytest.mark.parametrize(("cadence", "word"), [("hourly", "hour"), ("daily", "day"), ("weekly", "week")])
def test_period_is_a_word_in_every_database(orders: str, tmp_path: Path, cadence: Cadence, word: str) -> None:
    first = "2013-01-07T00" if cadence == "hourly" else "2013-01-07"
    query = f"select '{first}' as period, case when :period = '{word}' then 1 else 0 end as value"

    found = read(sql(orders, query), tmp_path, cadence=cadence, since=first, through=first)

    assert [o.value for o in found] == [1.0]


def test_duckdb_files_are_read_by_several_at_once(tmp_path: Path) -> None:
    source = sql(
        duckdb_orders(tmp_path), "select day as period, late as value from orders where day >= :since"
    )
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: pairs(read(source, tmp_path)), range(16)))

    assert found == [[(0, 1), (1, 0), (2, 5)]] * 16


def test_a_missing_sqlite_file_is_never_made(tmp_path: Path) -> None:
    assert failure(sql("sqlite:///orders.db", "select 1"), tmp_path)[0] == "no_such_file"
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_being_written_can_be_read(tmp_path: Path) -> None:
    url = sqlite_orders(tmp_path)
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
    sqlite_orders(tmp_path)
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

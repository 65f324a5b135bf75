"""The same three orders in a real database of each kind that the `sql` source reads."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import NullPool, create_engine, text

ROWS: list[dict[str, Any]] = [
    {"day": "2013-01-07", "late": 1, "total": 4, "days": 3.0, "note": "a"},
    {"day": "2013-01-15", "late": 0, "total": 0, "days": None, "note": "b%"},
    {"day": "2013-01-21", "late": 5, "total": 8, "days": 4.5, "note": "c:d"},
]
TABLE = "create table orders (day {date}, late int, total int, days double precision, note varchar(10))"
KINDS = ("sqlite", "duckdb", "postgres", "mariadb")
_SLY_IN_POSTGRES = (
    "create function sly() returns int language sql as 'insert into orders (late) values (1); select 1'"
)
_SLY_IN_MARIADB = (
    "create function sly() returns int modifies sql data "
    "begin insert into orders (late) values (1); return 1; end"
)


@pytest.fixture(scope="module")
def postgres_orders(postgres_url: str) -> Iterator[str]:
    engine = create_engine(postgres_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(TABLE.format(date="date")))
        connection.execute(text("create table clock (at timestamptz, naive timestamp, n int)"))
        connection.execute(text("insert into clock values ('2013-01-07 23:30-05', '2013-01-08 04:30', 1)"))
        connection.execute(text("create sequence numbers"))
        connection.execute(text(_SLY_IN_POSTGRES))
        connection.execute(text("insert into orders values (:day, :late, :total, :days, :note)"), ROWS)
    yield postgres_url
    with engine.begin() as connection:
        connection.execute(text("drop function sly; drop table orders, clock; drop sequence numbers"))


@pytest.fixture(scope="module")
def mariadb_orders(mariadb_url: str) -> Iterator[str]:
    engine = create_engine(mariadb_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(TABLE.format(date="date")))
        connection.execute(text("create table clock (at timestamp, naive datetime, n int)"))
        connection.execute(text("set time_zone = '+00\\:00'"))
        connection.execute(text("insert into clock values ('2013-01-08 04:30', '2013-01-08 04:30', 1)"))
        connection.execute(text("create sequence numbers"))
        connection.execute(text(_SLY_IN_MARIADB))
        connection.execute(text("insert into orders values (:day, :late, :total, :days, :note)"), ROWS)
    yield mariadb_url
    with engine.begin() as connection:
        for what in ("function sly", "table orders", "table clock", "sequence numbers"):
            connection.exec_driver_sql(f"drop {what}")


def sqlite_orders(root: Path) -> str:
    connection = sqlite3.connect(root / "orders.db")
    connection.execute(TABLE.format(date="text"))
    connection.executemany("insert into orders values (:day, :late, :total, :days, :note)", ROWS)
    connection.commit()
    connection.close()
    return "sqlite:///orders.db"


def duckdb_orders(root: Path) -> str:
    with duckdb.connect(root / "orders.duckdb") as connection:
        connection.execute(TABLE.format(date="date"))
        connection.executemany("insert into orders values (?, ?, ?, ?, ?)", [list(r.values()) for r in ROWS])
        connection.execute('create table clock ("at" timestamptz, naive timestamp, n int)')
        connection.execute("insert into clock values ('2013-01-07 23:30-05', '2013-01-08 04:30', 1)")
        connection.execute("create sequence numbers")
        connection.execute("create view outside as select content as value from read_text('/etc/passwd')")
    return "duckdb:///orders.duckdb"


@pytest.fixture(params=KINDS)
def orders(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the same three orders."""
    match request.param:
        case "sqlite":
            return sqlite_orders(tmp_path)
        case "duckdb":
            return duckdb_orders(tmp_path)
        case kind:
            url: str = request.getfixturevalue(f"{kind}_orders")
            return url

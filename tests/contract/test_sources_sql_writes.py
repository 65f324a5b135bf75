"""Each database refuses to write and to reach beyond its tables, however the query tries it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.measuring import failure, sql
from tests.orders import duckdb_orders, mariadb_orders, postgres_orders, sqlite_orders

__all__ = ["mariadb_orders", "postgres_orders"]

# What any of them may be asked.
WRITES = [
    "insert into orders (late) values (1)",
    "update orders set late = 9",
    "delete from orders",
    "drop table orders",
    "create table more (x int)",
    "/* reading */ -- only\n delete from orders",
    "select day as period, late as value from orders; delete from orders",
    "commit; delete from orders",
    "insert into orders (late) values (1) returning day as period, late as value",
    "select day as period, late as value from (delete from orders returning day, late) as gone",
    "with gone as (delete from orders returning *) select day as period, late as value from gone",
    "select 1) as answer; delete from orders; select * from (select 1",
]
POSTGRES = [
    "select date '2013-01-07' as period, sly() as value",
    "select date '2013-01-07' as period, nextval('numbers') as value",
    "select cast(set_config('transaction_read_only', 'off', false) as date) as period, sly() as value",
    "copy orders to program 'true'",
    "do $$ begin delete from orders; end $$",
    "call sly()",
    "select day as period, late as value into more from orders",
]
MARIADB = [
    "select date '2013-01-07' as period, sly() as value",
    "select date '2013-01-07' as period, nextval(numbers) as value",
    "select day as period, late as value from orders into outfile '{root}/out'",
    "select day, late from orders) as answer into outfile '{root}/out' -- ",
    "select day, late from orders) as answer into outfile '{root}/out' /*",
    "select day as period, late as value from orders into dumpfile '{root}/out'",
    "select date '2013-01-07' as period, length(load_file('/etc/passwd')) as value",
    "select date '2013-01-07' as period, length(`load_file`('/etc/passwd')) as value",
    "select date '2013-01-07' as period, /*! length(LOAD_FILE('/etc/passwd')) */ as value",
    "/*! delete from orders */",
    "/*M! delete from orders */",
    "select 1 as period /*! ; delete from orders */",
    "load data infile '/etc/passwd' into table orders",
    "load data local infile '/etc/passwd' into table orders",
    "set global max_connections = 7",
    "create temporary table more (x int)",
    "call sly()",
    "do sly()",
    "handler orders open",
    "lock tables orders write",
    "select day into @day from orders",
    "prepare gone from 'delete from orders'",
]
SQLITE = [
    "attach '{root}/other.db' as other",
    "vacuum into '{root}/copy.db'",
    "pragma journal_mode = wal",
    "pragma user_version = 7",
    "create temp table more (x int)",
    "select load_extension('{root}/x') as value, '2013-01-07' as period",
    "begin immediate",
    "replace into orders (late) values (1)",
]
DUCKDB = [
    "select date '2013-01-07' as period, nextval('numbers') as value",
    "copy orders to '{root}/out.csv'",
    "copy (select 1) to '{root}/out.csv'",
    "export database '{root}/out'",
    "attach '{root}/other.duckdb' as other",
    "attach ':memory:' as other",
    "detach source",
    "use memory",
    "create table memory.main.more (x int)",
    "checkpoint",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "reset lock_configuration",
    "call enable_logging(storage = 'file', storage_path = '{root}/log')",
    "select date '2013-01-07' as period, length(content) as value from read_text('/etc/passwd')",
    "select date '2013-01-07' as period, length(value) as value from outside",
    "select '2013-01-07' as period, 1 as value from read_csv('{root}/*')",
    "select '2013-01-07' as period, 1 as value from read_csv('http://127.0.0.1/x.csv')",
    "select * from query('delete from orders')",
    "pragma database_list",
]
REFUSED = {"write_refused", "query_failed", "not_permitted", "path_not_allowed", "no_such_column"}


@pytest.mark.parametrize("query", WRITES + POSTGRES)
def test_postgres(postgres_orders: str, tmp_path: Path, query: str) -> None:
    _refused_and_unchanged(
        postgres_orders,
        query,
        tmp_path,
        lambda: _dump(
            postgres_orders,
            "select * from orders order by day",
            "select tablename from pg_tables where schemaname = 'public' order by 1",
            "select is_called from numbers",
        ),
    )


@pytest.mark.parametrize("query", WRITES + MARIADB)
def test_mariadb(mariadb_orders: str, tmp_path: Path, query: str) -> None:
    tmp_path.chmod(0o777)  # nothing but the refusal keeps the server from writing there
    _refused_and_unchanged(
        mariadb_orders,
        query,
        tmp_path,
        lambda: (
            list(tmp_path.iterdir()),
            _dump(
                mariadb_orders,
                "select * from orders order by day",
                "show tables",
                "select next_not_cached_value from numbers",
                "select @@global.max_connections",
            ),
        ),
    )


@pytest.mark.parametrize("query", WRITES + SQLITE)
def test_sqlite(tmp_path: Path, query: str) -> None:
    _refused_and_unchanged(sqlite_orders(tmp_path), query, tmp_path, lambda: _files(tmp_path))


@pytest.mark.parametrize("query", WRITES + DUCKDB)
def test_duckdb(tmp_path: Path, query: str) -> None:
    _refused_and_unchanged(duckdb_orders(tmp_path), query, tmp_path, lambda: _files(tmp_path))


@pytest.mark.parametrize(
    "option",
    ["init_command=delete+from+orders", "client_flag=65536", "local_infile=1", "read_default_file=/etc/x"],
)
def test_an_address_cannot_loosen_the_driver(mariadb_orders: str, tmp_path: Path, option: str) -> None:
    loosened = make_url(mariadb_orders).update_query_string(option).render_as_string(hide_password=False)

    code, sentence = failure(sql(loosened, "select 1"), tmp_path)

    assert code == "bad_url"
    assert option.split("=", maxsplit=1)[0] in sentence


def _refused_and_unchanged(url: str, query: str, root: Path, record: Callable[[], object]) -> None:
    before = record()

    assert failure(sql(url, query.replace("{root}", str(root))), root)[0] in REFUSED

    assert record() == before


def _files(root: Path) -> object:
    return {path: path.read_bytes() for path in root.iterdir()}


def _dump(url: str, *queries: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return [connection.execute(text(query)).all() for query in queries]

"""Every way in which a database can fail: a stable code, and a sentence that repeats no secret."""

import secrets
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import duckdb
import pytest
from sqlalchemy import NullPool, create_engine, make_url

from activities.sources import Allowance
from domain.errors import SourceCode
from tests.cutting import through
from tests.measuring import failure, read, reads_well, sql
from tests.orders import KINDS

SECRET = "hush-4711/%@"
GROWING = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200) "
    "select week as period, i as value from orders, n"
)
ENDLESS = (
    "with recursive n(i) as (select 1 union all select i from n) "
    "select week as period, count(*) as value from orders, n group by 1"
)
CROSSED = GROWING.replace("i as value from orders, n", "n.i as value from orders, n, n as m")
# MariaDB ends a recursion after a thousand steps.
ENDLESS_IN_MARIADB = ENDLESS.replace(
    "orders, n", "orders, " + ", ".join(f"n as n{i}" for i in range(6))
).replace("select i from n", "select i + 1 from n where i < 900")

# The query over `orders`, the code, and what the sentence must say.
SQL: list[tuple[str, str, list[str]]] = [
    ("select weeek as period, late as value from orders", "no_such_column", ["weeek"]),
    ("select week, late from orders", "no_such_column", ["no column period", "week, late"]),
    ("select * from order_s", "no_such_table", ["order_s"]),
    ("selec", "query_failed", ["selec", "Correct the query"]),
    ("select week as period, late as value from orders where late > :minimum", "query_failed",
     [":minimum", ":since"]),
    ("select late as period, late as value from orders", "bad_period", ["row 1", "period is 1"]),
    ("select week as period, note as value from orders", "not_a_number", ["(2013-01-07)", "'x'"]),
    ("select week as period, 3 as numerator, 2 as denominator from orders", "bad_share", ["3 of 2"]),
    ("select week as period, 1 as value from orders union all select week, 2 from orders", "duplicate_period",
     ["row 1"]),
    ("select week as period, late as value from orders where late = 99", "empty", ["no row"]),
    ("delete from orders", "write_refused", ["begins with delete", "write one select"]),
    (GROWING, "too_many_rows", ["100 rows"]),
    (ENDLESS, "timed_out", ["Aggregate less"]),
]  # fmt: skip
TABLE = "create table orders (week {date}, late int, note varchar(10))"
ROW = "insert into orders values ('2013-01-07', 1, 'x')"


@pytest.fixture(scope="module")
def postgres_orders(postgres_url: str) -> Iterator[str]:
    yield from _served(postgres_url)


@pytest.fixture(scope="module")
def mariadb_orders(mariadb_url: str) -> Iterator[str]:
    yield from _served(mariadb_url)


def _served(url: str) -> Iterator[str]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(TABLE.format(date="date"))
        connection.exec_driver_sql(ROW)
    yield url
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table orders")


@pytest.fixture(params=KINDS)
def orders(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    match request.param:
        case "sqlite":
            with closing(sqlite3.connect(tmp_path / "orders.db")) as made:
                made.execute(TABLE.format(date="text"))
                made.execute(ROW)
                made.commit()
            return "sqlite:///orders.db"
        case "duckdb":
            with duckdb.connect(tmp_path / "orders.duckdb") as made:
                made.execute(TABLE.format(date="date"))
                made.execute(ROW)
            return "duckdb:///orders.duckdb"
        case kind:
            url: str = request.getfixturevalue(f"{kind}_orders")
            return url


@pytest.mark.parametrize(("query", "code", "words"), SQL)
def test_a_fault_of_a_query(orders: str, tmp_path: Path, query: str, code: str, words: list[str]) -> None:
    query = ENDLESS_IN_MARIADB if query == ENDLESS and orders.startswith("mysql") else query
    found, sentence = failure(sql(orders, query), tmp_path, allowance=Allowance(seconds=0.3, rows=100))

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
    assert "answer limit" not in sentence
    assert "DECLARE" not in sentence
    assert "sqlalche.me" not in sentence
    assert (make_url(orders).password or "?no password?") not in sentence
    reads_well(sentence, tmp_path)


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("sqlite:///b.db", "no_such_file", ["sqlite:///b.db", "there are a.db, junk.db"]),
        ("sqlite:////etc/passwd", "path_not_allowed", ["data folder"]),
        ("sqlite:///../a.db", "path_not_allowed", ["data folder"]),
        ("sqlite:///out.db", "path_not_allowed", ["data folder"]),
        ("sqlite://", "bad_url", ["no plain file"]),
        ("sqlite:///:memory:", "bad_url", ["no plain file"]),
        ("sqlite:///a.db?mode=rwc", "bad_url", ["no plain file"]),
        ("sqlite:///file:a.db", "no_such_file", []),
        ("sqlite:///junk.db", "unknown_format", ["no SQLite database"]),
        ("duckdb:///junk.db", "unknown_format", ["no DuckDB database"]),
        ("duckdb:////etc/passwd", "path_not_allowed", ["data folder"]),
        ("duckdb:///:memory:", "bad_url", ["no plain file"]),
        ("oracle://reader:hush@host/db", "bad_url", ["oracle://reader:***@host/db", "PostgreSQL"]),
        ("mysql://reader:hush@no-such-host.invalid/db", "host_not_found", ["***@no-such-host.invalid"]),
        ("mysql://reader:hush@127.0.0.1:1/db", "unreachable", ["***@127.0.0.1:1", "nothing answers"]),
        ("mariadb://reader@host", "bad_url", ["no database"]),
        ("orders.db", "bad_url", ["sqlite:///"]),
        ("postgresql://reader@host", "bad_url", ["no database"]),
        ("postgresql://reader:hush@host:port/db", "bad_url", ["cannot be read"]),
        ("postgresql://reader:hu@sh@host/db", "bad_url", ["%40"]),
        ("postgresql://${NO_SUCH_VARIABLE}@host/db", "missing_variable", ["${NO_SUCH_VARIABLE} is not set"]),
        ("${EMPTY_VARIABLE}", "missing_variable", ["${EMPTY_VARIABLE} is not set"]),
        (
            "postgresql://reader:hush@127.0.0.1:1/db",
            "unreachable",
            ["***@127.0.0.1:1", "nothing answers"],
        ),
        ("postgresql://reader:hush@no-such-host.invalid/db", "host_not_found", ["host's name is not known"]),
    ],
)
def test_a_fault_of_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, code: str, words: list[str]
) -> None:
    monkeypatch.setenv("EMPTY_VARIABLE", "")
    with sqlite3.connect(tmp_path / "a.db") as made:
        made.execute("create table t (x)")
    made.close()
    (tmp_path / "junk.db").write_bytes(b"no database at all, " * 200)
    (tmp_path / "out.db").symlink_to("/etc/passwd")

    found, sentence = failure(sql(url, "select x as period from t"), tmp_path)

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
    assert "hush" not in sentence
    reads_well(sentence, tmp_path)


@pytest.fixture(params=["postgres", "mariadb"])
def served(request: pytest.FixtureRequest) -> str:
    """The address of an order table on a server."""
    url: str = request.getfixturevalue(f"{request.param}_orders")
    return url


def test_a_login_that_is_refused(served: str, tmp_path: Path) -> None:
    wrong = make_url(served).set(password="hush").render_as_string(hide_password=False)

    code, sentence = failure(sql(wrong, "select 1"), tmp_path)

    assert (code, "heck user" in sentence, "hush" in sentence) == ("login_refused", True, False)


def test_a_database_that_is_not_there(served: str, tmp_path: Path) -> None:
    wrong = make_url(served).set(database="nowhere").render_as_string(hide_password=False)

    code, sentence = failure(sql(wrong, "select 1"), tmp_path)

    assert (code, "no such database" in sentence) == ("no_such_database", True)


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_server_that_accepts_and_then_says_nothing(tmp_path: Path, kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{kind}://reader:hush@127.0.0.1:{silent.getsockname()[1]}/db"
        code, sentence = failure(sql(url, "select 1"), tmp_path, allowance=Allowance(connect_seconds=1))

    assert (code, "no answer within 1 s" in sentence, "hush" in sentence) == ("unreachable", True, False)


def test_what_a_login_may_not_read(served: str, tmp_path: Path) -> None:
    name, real = f"reader_{secrets.token_hex(4)}", make_url(served)
    host = "@'%'" if real.drivername.startswith("mysql") else ""
    word = "identified by" if host else "password"
    engine = create_engine(served, poolclass=NullPool)
    with engine.begin() as admin:
        admin.exec_driver_sql(f"create user {name}{host} {word} 'hush'".replace("%", "%%" if host else "%"))
        if host:
            admin.exec_driver_sql(
                f"grant create on {real.database}.nothing to {name}{host}".replace("%", "%%")
            )
    url = real.set(username=name, password="hush").render_as_string(hide_password=False)

    code, sentence = failure(sql(url, "select week as period, late as value from orders"), tmp_path)

    with engine.begin() as admin:
        admin.exec_driver_sql(f"drop user {name}{host}".replace("%", "%%" if host else "%"))
    assert (code, "right to select" in sentence, "hush" in sentence) == ("not_permitted", True, False)


def test_a_connection_that_is_cut_while_the_query_runs(served: str, tmp_path: Path) -> None:
    with through(served) as (url, wire):
        cutter = wire.once_asked(wire.cut)
        code, sentence = failure(sql(url, _slow(served)), tmp_path)
        cutter.join()

    assert code == "connection_lost", sentence
    reads_well(sentence, tmp_path)


def test_a_connection_that_is_cut_in_the_middle_of_the_rows(served: str, tmp_path: Path) -> None:
    with through(served) as (url, wire):
        wire.cut_after = 200_000
        code, sentence = failure(sql(url, CROSSED), tmp_path)

    assert code == "connection_lost", sentence


def test_a_server_that_goes_away_without_a_word(served: str, tmp_path: Path) -> None:
    with through(served) as (url, wire):
        silence = wire.once_asked(wire.silent.set)
        allowance = Allowance(seconds=1.0, connect_seconds=3)
        code, sentence = failure(sql(url, _slow(served)), tmp_path, allowance=allowance)
        silence.join()

    assert code == "timed_out", sentence


def test_a_query_is_ended_when_the_measurement_is_cancelled(orders: str, tmp_path: Path) -> None:
    allowance = Allowance()
    canceller = threading.Timer(0.4, allowance.stop.set)
    canceller.start()

    endless = ENDLESS_IN_MARIADB if orders.startswith("mysql") else ENDLESS
    code, sentence = failure(sql(orders, endless), tmp_path, allowance=allowance)

    canceller.join()
    assert (code, "cancelled" in sentence) == ("timed_out", True)


def test_nothing_goes_on_in_a_server_after_its_query_timed_out(served: str, tmp_path: Path) -> None:
    assert (
        failure(sql(served, _slow(served).replace("20", "21")), tmp_path, allowance=Allowance(seconds=0.4))[0]
        == "timed_out"
    )

    running = (
        "select count(*) from information_schema.processlist where info like '%sleep(21)%'"
        if served.startswith("mysql")
        else "select count(*) from pg_stat_activity where query like '%pg_sleep(21)%' and state = 'active'"
    )
    engine = create_engine(served, poolclass=NullPool)
    with engine.connect() as admin:
        assert admin.exec_driver_sql(running.replace("%", "%%")).scalar_one() == 1  # this question itself


def test_a_renamed_column_is_named(served: str, tmp_path: Path) -> None:
    query, engine = (
        "select week as period, late as value from orders",
        create_engine(served, poolclass=NullPool),
    )
    assert len(read(sql(served, query), tmp_path)) == 1

    with engine.begin() as admin:
        admin.exec_driver_sql("alter table orders rename column late to postponed")
    code, sentence = failure(sql(served, query), tmp_path)
    with engine.begin() as admin:
        admin.exec_driver_sql("alter table orders rename column postponed to late")

    assert (code, "late" in sentence) == ("no_such_column", True)


def test_a_duckdb_file_that_is_being_written(tmp_path: Path) -> None:
    program = (
        f"import duckdb, sys; c = duckdb.connect({str(tmp_path / 'a.duckdb')!r}); "
        "c.execute('create table t (i int)'); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        code, sentence = failure(sql("duckdb:///a.duckdb", "select 1"), tmp_path)
        writer.communicate(b"")

    assert (code, "open for writing" in sentence) == ("locked", True)
    reads_well(sentence, tmp_path)


def test_a_sqlite_file_that_is_locked(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as writer:
        writer.execute("create table t (i int)")
        writer.execute("begin exclusive")
        allowance = Allowance(connect_seconds=0)
        code, sentence = failure(
            sql("sqlite:///a.db", "select i as period from t"), tmp_path, allowance=allowance
        )

    assert (code, "asked again" in sentence) == ("locked", True)


def _slow(url: str) -> str:
    if url.startswith("mysql"):
        return "select current_date as period, sleep(20) as value"
    return "select current_date as period, 1 as value from pg_sleep(20)"


@pytest.mark.parametrize(
    "query",
    [
        "select nonsense",
        "select '${SECRET_PASSWORD}' as period, 1 as value",
        "select 1 as period, 1 as value",
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_what_was_filled_in_is_never_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str, query: str, *, whole: bool
) -> None:
    real = make_url(postgres_url)
    wrong = real.set(password=SECRET).render_as_string(hide_password=False)
    monkeypatch.setenv("SECRET_URL", wrong)
    monkeypatch.setenv("SECRET_PASSWORD", SECRET)
    place = str(real.query.get("host") or real.host)  # a socket's folder, or an address
    monkeypatch.setenv("SECRET_PLACE", place)
    port = f"&port={real.port}" if real.port else ""
    parts = f"postgresql://{real.username}:${{SECRET_PASSWORD}}@/{real.database}?host=${{SECRET_PLACE}}{port}"

    code, sentence = failure(sql("${SECRET_URL}" if whole else parts, query), tmp_path)

    assert code == "login_refused"
    hidden = [SECRET, "4711", place, *([str(real.database)] if whole else [])]
    assert [word for word in hidden if word in sentence] == []


def test_what_was_filled_in_is_not_in_the_words_of_a_query_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("SECRET_URL", postgres_url)
    database = make_url(postgres_url).database
    query = f"select * from {database}.public.nothing"

    code, sentence = failure(sql("${SECRET_URL}", query), tmp_path)

    assert (code, database in sentence if database else True) == ("no_such_table", False), sentence


def test_a_zone_that_a_database_does_not_have_is_named(postgres_orders: str, tmp_path: Path) -> None:
    query = "select set_config('timezone', 'Mars/Phobos', true) as period, 1 as value"

    code, said = failure(sql(postgres_orders, query), tmp_path)

    assert code == "unknown_zone"
    assert "Mars/Phobos" in said
    reads_well(said, tmp_path)


def test_every_code_has_a_test() -> None:
    told = "".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_sources_*.py"))

    assert [code for code in get_args(SourceCode) if f'"{code}"' not in told] == []

"""Every way in which a database can fail: a stable code, and a sentence that repeats no secret."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from activities.sources import Allowance
from domain.errors import SourceCode
from tests.measuring import failure, reads_well, sql

SECRET = "hush-4711/%@"
GROWING = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200) "
    "select week as period, i as value from orders, n"
)
ENDLESS = (
    "with recursive n(i) as (select 1 union all select i from n) "
    "select week as period, count(*) as value from orders, n group by 1"
)

# The query over `orders`, the code, and what the sentence must say.
SQL: list[tuple[str, str, list[str]]] = [
    ("select weeek as period, late as value from orders", "no_such_column", ["weeek"]),
    ("select week, late from orders", "no_such_column", ["no column period", "week, late"]),
    ("select * from order_s", "query_failed", ["order_s"]),
    ("selec", "query_failed", ["selec", "Correct the query"]),
    ("select week as period, late as value from orders where late > :minimum", "query_failed",
     [":minimum", ":since"]),
    ("select late as period, late as value from orders", "bad_period", ["row 1", "period is 1"]),
    ("select week as period, note as value from orders", "not_a_number", ["(2013-01-07)", "'x'"]),
    ("select week as period, 3 as numerator, 2 as denominator from orders", "bad_share", ["3 of 2"]),
    ("select week as period, 1 as value from orders union all select week, 2 from orders", "duplicate_period",
     ["row 1"]),
    ("select week as period, late as value from orders where late = 99", "empty", ["no row"]),
    (GROWING, "too_many_rows", ["100 rows"]),
    (ENDLESS, "timed_out", ["Aggregate less"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def postgres_orders(postgres_url: str) -> Iterator[str]:
    engine = create_engine(postgres_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("create table orders (week date, late int, note text)"))
        connection.execute(text("insert into orders values ('2013-01-07', 1, 'x')"))
    yield postgres_url
    with engine.begin() as connection:
        connection.execute(text("drop table orders"))


@pytest.fixture(params=["sqlite", "postgres"])
def orders(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_orders")
        return url
    connection = sqlite3.connect(tmp_path / "orders.db")
    connection.execute("create table orders (week text, late int, note text)")
    connection.execute("insert into orders values ('2013-01-07', 1, 'x')")
    connection.commit()
    connection.close()
    return "sqlite:///orders.db"


@pytest.mark.parametrize(("query", "code", "words"), SQL)
def test_a_fault_of_a_query(orders: str, tmp_path: Path, query: str, code: str, words: list[str]) -> None:
    found, sentence = failure(sql(orders, query), tmp_path, allowance=Allowance(seconds=0.3, rows=100))

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
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
        ("sqlite:///junk.db", "query_failed", ["no SQLite database"]),
        ("mysql://reader:hush@host/db", "bad_url", ["mysql://reader:***@host/db", "PostgreSQL"]),
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
        ("postgresql://reader:hush@no-such-host.invalid/db", "unreachable", ["host's name is not known"]),
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


def test_a_login_that_is_refused(postgres_url: str, tmp_path: Path) -> None:
    wrong = make_url(postgres_url).set(password="hush").render_as_string(hide_password=False)

    code, sentence = failure(sql(wrong, "select 1"), tmp_path)

    assert (code, "user and password" in sentence, "hush" in sentence) == ("login_refused", True, False)


def test_a_database_that_is_not_there(postgres_url: str, tmp_path: Path) -> None:
    wrong = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)

    code, sentence = failure(sql(wrong, "select 1"), tmp_path)

    assert (code, "no such database" in sentence) == ("unreachable", True)


def test_a_server_that_accepts_and_then_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://reader:hush@127.0.0.1:{silent.getsockname()[1]}/db"
        began = time.monotonic()
        code, sentence = failure(sql(url, "select 1"), tmp_path, allowance=Allowance(connect_seconds=2))

    assert (code, "no answer within 2 s" in sentence, "hush" in sentence) == ("unreachable", True, False)
    assert time.monotonic() - began < 10


def test_a_connection_that_is_cut_while_the_query_runs(fresh_postgres_url: str, tmp_path: Path) -> None:
    def cut() -> None:
        plain = fresh_postgres_url.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as admin:
            for _ in range(100):
                ended = admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'"
                ).fetchall()
                if ended:
                    return
                time.sleep(0.05)

    cutter = threading.Thread(target=cut)
    cutter.start()
    slow = "select current_date as period, 1 as value from pg_sleep(20)"
    code, sentence = failure(sql(fresh_postgres_url, slow), tmp_path)
    cutter.join()

    assert code == "unreachable", sentence


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
    monkeypatch.setenv("SECRET_FOLDER", str(real.query["host"]))
    parts = f"postgresql://{real.username}:${{SECRET_PASSWORD}}@/{real.database}?host=${{SECRET_FOLDER}}"

    code, sentence = failure(sql("${SECRET_URL}" if whole else parts, query), tmp_path)

    assert code == "login_refused"
    hidden = [SECRET, "4711", str(real.query["host"]), *([str(real.database)] if whole else [])]
    assert [word for word in hidden if word in sentence] == []


def test_what_was_filled_in_is_not_in_the_words_of_a_query_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("SECRET_URL", postgres_url)
    database = make_url(postgres_url).database
    query = f"select * from {database}.public.nothing"

    code, sentence = failure(sql("${SECRET_URL}", query), tmp_path)

    assert (code, database in sentence if database else True) == ("query_failed", False), sentence


def test_a_zone_that_a_database_does_not_have_is_named(postgres_orders: str, tmp_path: Path) -> None:
    query = "select set_config('timezone', 'Mars/Phobos', true) as period, 1 as value"

    code, said = failure(sql(postgres_orders, query), tmp_path)

    assert code == "unknown_zone"
    assert "Mars/Phobos" in said
    reads_well(said, tmp_path)


def test_every_code_has_a_test() -> None:
    told = "".join(path.read_text() for path in Path(__file__).parent.glob("test_sources_*.py"))

    assert [code for code in get_args(SourceCode) if f'"{code}"' not in told] == []

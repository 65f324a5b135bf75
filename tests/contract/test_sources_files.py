"""The `files` source against real files, as DuckDB reads them."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from activities.sources import Allowance
from domain.periods import Calendar, label
from tests.measuring import failure, files, flights, pairs, read, week

ROWS = [("2013-01-07", 3.0), ("2013-01-16", 4.5), ("2013-01-21", None), ("2013-01-28", 6.0)]
WANTED = [(0, 3.0), (1, 4.5), (3, 6.0)]


def _separated(by: str) -> str:
    lines = [f"{day}{by}{'' if value is None else value}{by}note" for day, value in ROWS]
    return "\n".join([f"period{by}value{by}remark", *lines]) + "\n"


def _write(path: Path) -> None:
    match path.suffixes:
        case [".csv"]:
            path.write_text(_separated(","))
        case [".tsv"]:
            path.write_text(_separated("\t"))
        case [".csv", ".gz"]:
            path.write_bytes(gzip.compress(_separated(";").encode()))
        case [".jsonl"] | [".ndjson"]:
            path.write_text("".join(json.dumps({"period": d, "value": v}) + "\n" for d, v in ROWS))
        case [".parquet"]:
            with duckdb.connect() as connection:
                connection.execute("create table t (period date, value double)")
                connection.executemany("insert into t values (?, ?)", ROWS)
                connection.execute(f"copy t to '{path}'")


@pytest.mark.parametrize(
    "name",
    ["a.csv", "a.tsv", "a.csv.gz", "a.jsonl", "a.ndjson", "a.parquet", "week [1] it's?.csv", "sub/a.CSV"],
)
def test_every_format_gives_the_same_observations(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    lower = path.with_name(path.name.lower())
    _write(lower)
    lower.rename(path)

    assert pairs(read(files(name), tmp_path)) == WANTED


def test_a_glob_is_one_table_and_files_may_differ_in_columns(tmp_path: Path) -> None:
    (tmp_path / "2013-01.csv").write_text("period,value\n2013-01-07,3\n2013-01-14,4\n")
    (tmp_path / "2013-02.csv").write_text("value,period,note\n5,2013-02-04,new\n")
    (tmp_path / "other.txt").write_text("nothing of ours")

    assert pairs(read(files("2013-*.csv"), tmp_path)) == [(0, 3.0), (1, 4.0), (4, 5.0)]


def test_a_share_keeps_its_denominator_and_gives_back_its_numerator(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Period,Numerator,Denominator,value\n2013-01-07,2,3,9\n2013-01-14,0,0,9\n2013-01-21,,5,9\n"
        "2013-01-28,0,7,9\n2013-02-04,99999999,100000000,9\n"
    )

    found = read(files("a.csv"), tmp_path)

    assert [(o.period - week("2013-01-07"), o.denominator) for o in found] == [(0, 3), (3, 7), (4, 1e8)]
    assert [round(o.value * (o.denominator or 0), 3) for o in found] == [2, 0, 99999999]


def test_open_unsettled_future_and_seen_periods_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "period,value\n2012-12-31,1\n2012-12-31,1\n2013-01-07,2\n2013-01-20,3\n2013-01-21,nan\n2099-01-01,5\n"
    )

    assert pairs(read(files("a.csv"), tmp_path, through="2013-01-14")) == [(0, 2.0), (1, 3.0)]


@pytest.mark.parametrize(
    ("cadence", "cells", "labels"),
    [
        ("hourly", ["2013-06-24T07", "2013-06-24 08:30:00"], ["2013-06-24T07", "2013-06-24T08"]),
        ("daily", ["2013-06-24", "2013-06-25T10:00:00+02:00"], ["2013-06-24", "2013-06-25"]),
        ("weekly", ["2013-06-24", "2013-07-07"], ["2013-06-24", "2013-07-01"]),
        ("monthly", ["2013-06", "2013-07"], ["2013-06-01", "2013-07-01"]),
    ],
)
def test_periods_may_be_text_dates_or_times(
    tmp_path: Path, cadence: str, cells: list[str], labels: list[str]
) -> None:
    (tmp_path / "a.csv").write_text("period,value\n" + "".join(f"{cell},1\n" for cell in cells))

    found = read(files("a.csv"), tmp_path, cadence=cadence, since=None)  # type: ignore[arg-type]

    expected = [read(files("a.csv"), tmp_path, cadence=cadence, since=x, through=x) for x in labels]  # type: ignore[arg-type]
    assert [len(one) for one in expected] == [1, 1]
    assert found == (*expected[0], *expected[1])


ZONED = "period,value\n2013-01-14T00:30:00+02:00,1\n2013-01-20T23:30:00-02:00,2\n"


@pytest.mark.parametrize(
    ("zone", "weeks"),
    [
        ("UTC", [(0, 1.0), (2, 2.0)]),
        ("Europe/Helsinki", [(1, 1.0), (2, 2.0)]),
        ("America/Noronha", [(0, 1.0), (1, 2.0)]),
    ],
)
def test_times_are_of_the_weeks_of_the_charters_zone(
    tmp_path: Path, zone: str, weeks: list[tuple[int, float]]
) -> None:
    (tmp_path / "a.csv").write_text(ZONED)

    assert pairs(read(files("a.csv"), tmp_path, zone=zone)) == weeks


def test_a_query_sees_the_days_of_the_charters_zone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("seen,n\n2013-01-14T00:30:00+02:00,1\n2013-01-14T03:30:00+02:00,2\n")
    query = "select date_trunc('day', seen) as period, sum(n) as value from data group by 1"

    found = read(files("a.csv", query), tmp_path, cadence="daily", zone="Europe/Berlin")

    calendar = Calendar("daily", "Europe/Berlin")
    assert [(label(o.period, calendar), o.value) for o in found] == [("2013-01-13", 1.0), ("2013-01-14", 2.0)]


def test_an_hour_that_comes_twice_is_two_hours_by_its_offset(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "period,value\n2013-10-27T02:00:00+02:00,1\n2013-10-27T02:00:00+01:00,2\n"
    )
    span: dict[str, Any] = {"since": "2013-10-27T00", "through": "2013-10-27T05", "zone": "Europe/Berlin"}

    found = read(files("a.csv"), tmp_path, cadence="hourly", **span)

    assert [o.value for o in found] == [1.0, 2.0]
    (tmp_path / "b.csv").write_text("period,value\n2013-10-27T02:00:00,1\n2013-10-27T02:00:00,2\n")
    code, said = failure(files("b.csv"), tmp_path, cadence="hourly", **span)
    assert (code, "(2013-10-27T02+02:00)" in said) == ("duplicate_period", True)


def test_a_year_of_real_flights_is_53_weekly_shares(tmp_path: Path) -> None:
    path = flights(tmp_path)
    query = """
        select date_trunc('week', make_date(year, month, day)) as period,
               count(*) filter (try_cast(arr_delay as double) <= 15) as numerator,
               count(*) as denominator
        from data
        where carrier = 'DL' and origin = 'LGA' and try_cast(arr_delay as double) is not null
        group by 1; -- all arrivals, late or not
    """

    found = read(files("flights.csv", query), tmp_path, since=None)

    assert len(found) == 53
    assert [o.period for o in found] == list(range(week("2012-12-31"), week("2013-12-30") + 1))
    assert (len(found), *_counted_by_hand(path)) == (
        53,
        sum(o.denominator or 0 for o in found),
        _on_time(found),
    )


def _on_time(found: tuple[object, ...]) -> int:
    return sum(round(o.value * o.denominator) for o in found)  # type: ignore[attr-defined]


def _counted_by_hand(path: Path) -> tuple[int, int]:
    """Count without DuckDB: all arrivals, and those within a quarter of an hour."""
    with path.open() as lines:
        delays = [
            float(row["arr_delay"])
            for row in csv.DictReader(lines)
            if (row["carrier"], row["origin"]) == ("DL", "LGA") and row["arr_delay"] not in {"", "NA"}
        ]
    return len(delays), sum(delay <= 15 for delay in delays)


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{root}/secret.csv')",
        "select * from read_text('{root}/secret.csv')",
        "select * from '{root}/secret.csv'",
        "select * from read_csv('{root}/*.csv')",
        "select filename as period, size as value from read_blob('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select '2013-01-07' as period, 1 as value from sniff_csv('/etc/passwd')",
        "select * from read_csv('http://127.0.0.1/x.csv')",
        "copy data to '{root}/out.csv'",
        "copy data to '{root}/a.csv'",
        "export database '{root}/out'",
        "attach '{root}/out.db' as other",
        "select * from data; copy data to '{root}/out.csv'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "select * from query('copy data to ''{root}/out.csv''')",
        "install httpfs",
        "load httpfs",
        "create table data (x int)",
        "select '2013-01-07' as period, 1 as value from duckdb_secrets()",
        "call enable_logging(storage = 'file', storage_path = '{root}/log')",
    ],
)
def test_the_query_can_read_no_other_file_and_write_none(tmp_path: Path, query: str) -> None:
    (tmp_path / "a.csv").write_text("period,value\n2013-01-07,3\n")
    (tmp_path / "secret.csv").write_text("period,value\n2013-01-07,4711\n")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    code, sentence = failure(files("a.csv", query.format(root=tmp_path)), tmp_path)

    assert code in {"path_not_allowed", "query_failed"}
    assert "4711" not in sentence
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_many_rows_and_much_memory_are_refused_and_little_is_held(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("period,value\n2013-01-07,3\n")
    many = "select date '2013-01-07' as period, i as value from range(1000000000) t(i)"
    large = "select date '2013-01-07' as period, len(list(i)) as value from range(1000000000) t(i)"

    assert failure(files("a.csv", many), tmp_path, allowance=Allowance(rows=1000))[0] == "too_many_rows"
    code, sentence = failure(files("a.csv", large), tmp_path, allowance=Allowance(memory_mb=64))
    assert (code, "memory" in sentence) == ("too_many_rows", True)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.csv"]


def test_one_query_over_parquet_reads_dates(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table t as select date '2013-01-07' + cast(i % 364 as int) as day, i as n "
            "from range(100000) r(i)"
        )
        connection.execute(f"copy t to '{tmp_path / 'big.parquet'}'")
    query = "select date_trunc('week', day) as period, count(*) as value from data group by 1"

    found = read(files("big.parquet", query), tmp_path)

    assert sum(o.value for o in found if o.period <= week("2013-12-30")) == 100_000
    assert found[0].period == week(str(date(2013, 1, 7)))

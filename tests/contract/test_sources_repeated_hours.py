"""The hour that clocks show twice is two periods, or the query is refused: nothing is silently doubled."""

from pathlib import Path

import duckdb
import pytest

from activities.sources import Window, fetch
from domain.errors import SourceFailed
from domain.periods import Calendar, parse_label
from tests.measuring import files, sql

BERLIN = Calendar("hourly", "Europe/Berlin")
# Half past each hour of UTC around 1 o'clock, when clocks in Berlin go back from 3 to 2.
COUNTS = {"2026-10-24T23": 1, "2026-10-25T00": 2, "2026-10-25T01": 3, "2026-10-25T02": 4}
FOLDING = "select date_trunc('hour', ts::timestamptz) as period, count(*) as value from data group by 1"
TELLING = (
    "select time_bucket(interval '1 hour', ts::timestamptz) as period, count(*) as value from data group by 1"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = [f"{hour}:{minute:02}:00Z" for hour, count in COUNTS.items() for minute in range(count)]
    (tmp_path / "utc.csv").write_text("ts\n" + "\n".join(rows) + "\n")
    return tmp_path


def window() -> Window:
    first, last = (parse_label(text, BERLIN) for text in ("2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z"))
    return Window("hourly", first, last, "Europe/Berlin")


def test_both_hours_are_counted(root: Path) -> None:
    found = fetch(files("utc.csv", TELLING), window(), data_root=root)
    assert [observation.value for observation in found] == list(COUNTS.values())


@pytest.mark.parametrize("query", [FOLDING, FOLDING.replace("date_trunc", "DATETRUNC")])
def test_what_would_make_one_of_the_two_is_refused_with_the_way_out(root: Path, query: str) -> None:
    with pytest.raises(SourceFailed, match=r"Europe/Berlin an hour comes twice.*time_bucket"):
        fetch(files("utc.csv", query), window(), data_root=root)


def test_so_it_is_in_a_database_file(root: Path) -> None:
    with duckdb.connect(str(root / "utc.duckdb")) as connection:
        connection.execute(f"create table data as select ts from read_csv('{root / 'utc.csv'}')")
    with pytest.raises(SourceFailed, match="time_bucket"):
        fetch(sql("duckdb:///utc.duckdb", FOLDING), window(), data_root=root)
    found = fetch(sql("duckdb:///utc.duckdb", TELLING), window(), data_root=root)
    assert [observation.value for observation in found] == list(COUNTS.values())


def test_where_no_hour_comes_twice_either_will_do(root: Path) -> None:
    there = Window("hourly", window().since, window().through, "UTC")
    assert len(fetch(files("utc.csv", FOLDING), there, data_root=root)) == len(COUNTS)

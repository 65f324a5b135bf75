"""How long fifty metrics from five sources take, one of which is slow, beside the slow one alone.

Run: python -m benchmarks.sources_concurrency [REPEATS]   (about a minute; a PostgreSQL of its own)

To reach: at most 1.3 times the slowest source, in whatever order the charter has its metrics.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
from sqlalchemy import URL, create_engine

from activities.measure import measure_all
from domain.charter import OptimizationGate, StabilityGate
from domain.measurement import MeasureRequest, MetricRequest
from domain.periods import Calendar, end_of, label
from domain.sources import FilesSource, Source, SqlSource
from tests.postgres import fresh_database, postgres_server

REPEATS = 5
POINTS = 60
FIRST = 2600
EACH = 10  # metrics of each source
# Seconds that the slow source takes for one metric: a query over a large table with a poor index.
SLOW_S = 0.8
SELECT = "select week as period, value + {n} as value from points where week >= :since"


def sources(folder: Path, slow: str, quick: str) -> dict[str, Callable[[int], Source]]:
    """Fill three files and two databases with the same points, and return how each is asked."""
    rows = [(label(FIRST + i, Calendar("weekly")), 10 + i * 7 % 13 / 10) for i in range(POINTS)]
    with duckdb.connect() as made:
        made.execute("create table points (week varchar, value double)")
        made.executemany("insert into points values (?, ?)", rows)
        made.execute(f"copy points to '{folder / 'points.csv'}' (header)")
        made.execute(f"copy points to '{folder / 'points.parquet'}'")
    with sqlite3.connect(folder / "points.db") as database:
        database.execute("create table points (week text, value real)")
        database.executemany("insert into points values (?, ?)", rows)
    database.close()
    for url in (slow, quick):
        engine = create_engine(url)
        with engine.begin() as there:
            there.exec_driver_sql("create table points (week date, value double precision)")
            for week, value in rows:
                there.exec_driver_sql("insert into points values (%s, %s)", (week, value))
        engine.dispose()

    def file(name: str) -> Callable[[int], Source]:
        query = "select week as period, value + {n} as value from data"
        return lambda n: FilesSource(kind="files", path=name, query=query.format(n=n))

    def sql(url: str, more: str = "") -> Callable[[int], Source]:
        return lambda n: SqlSource(kind="sql", url=url, query=SELECT.format(n=n) + more)

    return {
        "slow": sql(slow, f" and (select pg_sleep({SLOW_S})) is not null"),
        "postgresql": sql(quick),
        "sqlite": sql("sqlite:///points.db"),
        "csv": file("points.csv"),
        "parquet": file("points.parquet"),
    }


def request(asked: list[Source]) -> MeasureRequest:
    """Ask each source for one metric, in this order."""
    metrics = [
        MetricRequest(
            name=f"m{i}", layer="support", unit="days", direction="down", measure="amount", source=source
        )
        for i, source in enumerate(asked)
    ]
    return MeasureRequest(
        team="benchmark",
        cadence="weekly",
        as_of=end_of(FIRST + POINTS - 1, Calendar("weekly")) + timedelta(hours=1),
        stage="stability",
        import_from=FIRST,
        stability=StabilityGate(),
        optimization=OptimizationGate(),
        at_target_of=12,
        metrics=tuple(metrics),
    )


def seconds(asked: MeasureRequest, folder: Path) -> float:
    """Measure once."""
    began = time.perf_counter()
    found = measure_all(asked, folder).results
    took = time.perf_counter() - began
    assert all(result.trouble is None and len(result.observations) == POINTS for result in found)
    return took


def compared(folder: Path, slow_url: URL, repeats: int) -> None:
    """Print medians and spread, and the ratio of the medians."""
    with fresh_database(slow_url) as slow, fresh_database(slow_url) as quick:
        ways = sources(folder, slow, quick)
        numbers = range(EACH)
        slowest = [ways["slow"](n) for n in numbers]
        rest = [way(n) for name, way in ways.items() if name != "slow" for n in numbers]
        mixed = [way(n) for n in numbers for way in ways.values()]
        orders = {
            "slow alone": slowest,
            "others alone": rest,
            "all, slow first": slowest + rest,
            "all, slow last": rest + slowest,
            "all, mixed": mixed,
        }
        took: dict[str, list[float]] = {name: [] for name in orders}
        for _ in range(repeats):  # in turn, so that other work on the machine touches all alike
            for name, asked in orders.items():
                took[name].append(seconds(request(asked), folder))
        alone = statistics.median(took["slow alone"])
        for name, found in took.items():
            middle = statistics.median(found)
            spread = f"({min(found):.2f} to {max(found):.2f})"
            print(
                f"{len(orders[name]):3} metrics, {name:16} {middle:6.2f} s {spread}  {middle / alone:.2f} x"
            )


def main() -> None:
    """Start a PostgreSQL and compare."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    with tempfile.TemporaryDirectory() as name, postgres_server() as url:
        compared(Path(name), url, repeats)


if __name__ == "__main__":
    main()

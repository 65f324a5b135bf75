"""How long one measurement takes: 1 and 10 metrics of 260 weekly points, first import and one week more.

Run: python benchmarks/measure_time.py [REPEATS]   (about 10 s; medians; files and SQLite on this machine)
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np

from activities.measure import measure_all
from domain.charter import OptimizationGate, StabilityGate
from domain.measurement import MeasureRequest, MetricRequest
from domain.periods import Calendar, end_of, label
from domain.sources import FilesSource, SqlSource

POINTS = 260  # five years of weeks
FIRST = 2000


def sources(folder: Path) -> dict[str, FilesSource | SqlSource]:
    """Write the same points to a CSV file and to a SQLite database."""
    values = np.random.default_rng(1).normal(10, 1, POINTS).round(3).tolist()
    rows = [(label(FIRST + i, Calendar("weekly")), value) for i, value in enumerate(values)]
    (folder / "points.csv").write_text("period,value\n" + "".join(f"{day},{value}\n" for day, value in rows))
    database = sqlite3.connect(folder / "points.db")
    database.execute("create table points (period text primary key, value real)")
    database.executemany("insert into points values (?, ?)", rows)
    database.commit()
    database.close()
    query = "select period, value from points where period >= :since and period < :until"
    return {
        "files": FilesSource(kind="files", path="points.csv"),
        "sql": SqlSource(kind="sql", url="sqlite:///points.db", query=query),
    }


def request(source: FilesSource | SqlSource, metrics: int, through: int) -> MeasureRequest:
    """Ask for metrics that differ in nothing but their name."""
    one = MetricRequest(
        name="m", layer="outcome", unit="days", direction="down", measure="duration", source=source
    )
    return MeasureRequest(
        team="benchmark",
        cadence="weekly",
        as_of=end_of(through, Calendar("weekly")) + timedelta(hours=1),
        stage="stability",
        import_from=FIRST,
        stability=StabilityGate(),
        optimization=OptimizationGate(),
        at_target_of=12,
        metrics=tuple(one.model_copy(update={"name": f"m{i}"}) for i in range(metrics)),
    )


def grown(asked: MeasureRequest, folder: Path) -> MeasureRequest:
    """Return the request of the week after: the series and limits are there."""
    answer = measure_all(asked, folder)
    metrics = tuple(
        metric.model_copy(
            update={
                "series": metric.series.extended(result.observations),
                "limits": result.evidence and result.evidence.limits,
            }
        )
        for metric, result in zip(asked.metrics, answer.results, strict=True)
    )
    return asked.model_copy(update={"metrics": metrics, "as_of": asked.as_of + timedelta(weeks=1)})


def main() -> None:
    """Print medians in milliseconds."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("source  metrics  first import  one more week   (ms, median)")
        for kind, source in sources(folder).items():
            for metrics in (1, 10):
                asked = request(source, metrics, FIRST + POINTS - 2)
                later = grown(asked, folder)
                medians = []
                for each in (asked, later):
                    times = []
                    for _ in range(repeats):
                        began = time.perf_counter()
                        found = measure_all(each, folder)
                        times.append(time.perf_counter() - began)
                        assert all(result.trouble is None for result in found.results)
                    medians.append(1000 * statistics.median(times))
                print(f"{kind:6} {metrics:8} {medians[0]:13.1f} {medians[1]:14.1f}")


if __name__ == "__main__":
    main()

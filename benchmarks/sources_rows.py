"""How long a large file takes: ten million rows of Parquet to 260 weekly values, and the memory it takes.

Run: python benchmarks/sources_rows.py [ROWS] [REPEATS]   (a minute; each repeat is a process of its own)

To reach: under 3 s and under 1 GiB at the peak, the process's start and its imports included.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import duckdb

from activities.measure import measure_all
from domain.charter import OptimizationGate, StabilityGate
from domain.measurement import MeasureRequest, MetricRequest
from domain.periods import Calendar, end_of
from domain.sources import FilesSource

ROWS = 10_000_000
REPEATS = 7
WEEKS = 260
FIRST = 2600  # of 2019
QUERY = "select date_trunc('week', filed) as period, median(days) as value from data group by 1"
MIB = 1024 * 1024


def write(folder: Path, rows: int) -> int:
    """Write claims with a time, a duration, a case and a text; return the file's size in bytes."""
    path = folder / "claims.parquet"
    with duckdb.connect() as made:
        made.execute(
            "copy (select i as case_id, timestamp '1969-12-29' + interval (?) week "
            "+ interval ((i * 7919) % ?) second as filed, 1 + (hash(i) % 2000) / 100.0 as days, "
            "'office ' || (i % 50) as office from range(?) as claims(i)) "
            f"to '{path}' (format parquet)",
            [FIRST, WEEKS * 7 * 86_400, rows],
        )
    return path.stat().st_size


def request() -> MeasureRequest:
    """Ask for all weeks at once, as a first import over five years does."""
    metric = MetricRequest(
        name="days",
        layer="outcome",
        unit="days",
        direction="down",
        measure="duration",
        source=FilesSource(kind="files", path="claims.parquet", query=QUERY),
    )
    return MeasureRequest(
        team="benchmark",
        cadence="weekly",
        as_of=end_of(FIRST + WEEKS - 1, Calendar("weekly")) + timedelta(hours=1),
        stage="stability",
        import_from=FIRST,
        stability=StabilityGate(),
        optimization=OptimizationGate(),
        at_target_of=12,
        metrics=(metric,),
    )


def once(folder: Path) -> None:
    """Measure once and print how long it took, and the most memory that this process ever had."""
    began, cpu = time.perf_counter(), time.process_time()
    [found] = measure_all(request(), folder).results
    took = time.perf_counter() - began
    assert found.trouble is None, found.trouble
    assert len(found.observations) == WEEKS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
    print(json.dumps({"seconds": took, "cpu": time.process_time() - cpu, "mib": peak}))


def main() -> None:
    """Print the median and the spread of both."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else REPEATS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = write(folder, rows)
        print(f"{rows:,} rows, {size / MIB:.0f} MiB of Parquet, to {WEEKS} weeks")
        runs = []
        for _ in range(repeats):
            began = time.perf_counter()
            ran = subprocess.run(
                [sys.executable, __file__, "once", name], capture_output=True, text=True, check=True
            )
            runs.append({**json.loads(ran.stdout), "process": time.perf_counter() - began})
        for what, unit in (("seconds", "s"), ("cpu", "s"), ("process", "s"), ("mib", "MiB")):
            found = [run[what] for run in runs]
            low, middle, high = min(found), statistics.median(found), max(found)
            print(f"{what:8} {middle:8.2f} {unit} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["once"]:
        once(Path(sys.argv[2]))
    else:
        main()

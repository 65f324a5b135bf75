"""How long ten million events of two million cases take: 259 weekly values from Parquet, and the memory.

Run: python -m benchmarks.event_log_time [REPEATS]   (a minute; medians; a file of 100 MB)
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args

import duckdb

from activities.sources import Window, fetch
from domain.periods import Calendar, parse_label
from domain.sources import EventLogSource
from domain.sources.event_log import Gives

EVENTS = 10_000_000
# Five steps a case, a new case every 78 s: five years.
MADE = """
    select 'case-' || (i // 5) as case_id,
           ['filed', 'checked', 'asked', 'priced', 'paid'][i % 5 + 1] as activity,
           timestamp '2020-01-06' + to_seconds((i // 5) * 78 + (i % 5) * 100000 + (hash(i) % 50000)::bigint)
           as timestamp, i % 3 = 0 as automated
    from range({events}) numbers(i)
"""


def source(gives: Gives) -> EventLogSource:
    """Return an event log over the file."""
    return EventLogSource.model_validate(
        {
            "kind": "event_log",
            "events": {"kind": "files", "path": "events.parquet"},
            "starts": ["filed"],
            "ends": ["paid"],
            "gives": gives,
            "within": "5 days" if gives == "within_promise" else None,
        }
    )


def main() -> None:
    """Print medians in seconds, and the most memory that the process ever had."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    window = Window("weekly", None, parse_label("2024-12-30", Calendar("weekly")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        duckdb.sql(f"copy ({MADE.format(events=EVENTS)}) to '{folder}/events.parquet'")
        for gives in get_args(Gives):
            times = []
            for _ in range(repeats):
                began = time.perf_counter()
                found = fetch(source(gives), window, data_root=folder)
                times.append(time.perf_counter() - began)
                assert len(found) == 259
            print(f"{gives:15} {statistics.median(times):6.1f} s")
    print(f"most memory     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MiB")


if __name__ == "__main__":
    main()

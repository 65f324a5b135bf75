"""How long the proof of a long journal takes: ten years of weeks with ten metrics.

    python -m benchmarks.verify_speed [YEARS] [RUNS]

The journal is lived in this process first, with real evidence: a team that gets through its gates, loses its
stability now and then, and is asked again.
"""

import io
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from typing import Any

from bst.journal_file import read, write
from bst.verification.walk import verify
from domain.errors import Refused
from tests.lived import Lived, lived
from tests.workflow.team import charter

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS_A_YEAR = 52
SOURCE = {"kind": "files", "path": "days.csv"}
LAYERS = ("efficiency", "guardrail", "guardrail", *["support"] * 6)
NINE: list[dict[str, Any]] = [
    {"name": f"metric {i}", "layer": layer, "unit": "EUR", "direction": "down", "source": SOURCE}
    for i, layer in enumerate(LAYERS)
]


def value(metric: str, week: int) -> float:
    """Return a metric's value: better from the second year on, and bad for six weeks of every third year."""
    level = 11.0 if week < WEEKS_A_YEAR else 7.0
    trouble = 6.0 if week % (3 * WEEKS_A_YEAR) in range(100, 106) else 0.0
    return round(level + trouble + random.Random(f"{metric} {week}").gauss(0, 0.5), 3)


def played(years: float) -> Lived:
    """Return a journey of so many years; everybody consents within a day."""
    team = lived(charter("benchmark", metrics=NINE), START, value)
    team.confirm_all()
    for _ in range(int(years * WEEKS_A_YEAR)):
        team.pass_weeks(1)
        if team.ledger.state.over:
            break
        if team.ledger.state.ballots and team.ledger.state.stage != "innovation":
            try:
                team.consent_all()
            except Refused as refusal:
                print(refusal)
    return team


def main() -> None:
    """Live, export, verify, and print."""
    years = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    began = time.perf_counter()
    entries = played(years).entries()
    print(f"{years:g} years lived in {time.perf_counter() - began:.1f} s: {len(entries)} events")
    stream = io.BytesIO()
    write(stream, entries)
    print(f"the file has {len(stream.getvalue()) / 1e6:.1f} MB")
    seconds, processor, counts = [], [], {}
    for _ in range(runs):
        began, worked = time.perf_counter(), time.process_time()
        file = read(io.BytesIO(stream.getvalue()))
        found = verify(file.manifest.team, file.entries)
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
        assert found.ok, found.difference
        counts = found.counts.model_dump()
    print(counts)
    for what, found_in in (("in all", seconds), ("of processor", processor)):
        middle, least, most = statistics.median(found_in), min(found_in), max(found_in)
        print(f"verified in {middle:.1f} s {what} (median of {runs}; {least:.1f} to {most:.1f})")


if __name__ == "__main__":
    main()

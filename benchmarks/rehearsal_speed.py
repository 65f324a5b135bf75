"""How fast a charter is rehearsed: five years of ten metrics, one metric, resampling, the real workflow.

    python -m benchmarks.rehearsal_speed [--rounds 3] [--plays 1000]

Seconds of wall time, and of processor time, which other work on the machine disturbs less; periods are those
that were measured. Everything is made up, with a fixed seed.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bst.charter_file import load
from bst.rehearsal.answers import Answers
from bst.rehearsal.on_temporal import a_server, connected, played_on_temporal
from bst.rehearsal.preparing import Rehearsal, prepared
from bst.rehearsal.resampling import played_often
from bst.settings import Settings

FIRST = date(2015, 1, 5)
FIVE_YEARS, YEAR = 260, 52
SEED = 1
LAYERS = ("efficiency", "guardrail", "guardrail", "support")


def rehearsal(folder: Path, metrics: int, weeks: int, promise: float | None = None) -> Rehearsal:
    """Return one of made-up weeks: calm for a year, then better twice."""
    random, before = Random(SEED), 40
    lines = ["period," + ",".join(f"m{i}" for i in range(metrics))]
    for week in range(weeks + before):
        level = 20.0 if week < before + YEAR // 2 else 18.0 if week < before + 2 * YEAR else 15.0
        numbers = [level + random.gauss(0, 1), *(10 + random.gauss(0, 1) for _ in range(metrics - 1))]
        lines.append(
            f"{FIRST + timedelta(weeks=week - before)}," + ",".join(f"{number:.4f}" for number in numbers)
        )
    folder.mkdir()
    (folder / "data.csv").write_text("\n".join(lines) + "\n")
    charter = {
        "team": "speed",
        "outcome": {
            "statement": "A customer who orders is served in 14 days instead of 20 by 31 December 2020",
            "beneficiary": "customers who order", "metric": "days to service", "unit": "days",
            "direction": "down", "baseline": 20, "target": 14, "deadline": "2020-12-31", "promise": promise,
            "source": _source(0),
        },
        "members": {"Maria": "Claims handling", "Ben": "IT"},
        "metrics": [
            {"name": f"metric {i}", "layer": LAYERS[i % 4], "unit": "hours", "direction": "down",
             "margin": 3 if LAYERS[i % 4] == "guardrail" else 0, "source": _source(i)}
            for i in range(1, metrics)
        ],
    }  # fmt: skip
    if promise is None:
        del charter["outcome"]["promise"]  # type: ignore[attr-defined]
    (folder / "charter.yaml").write_text(json.dumps(charter))
    loaded = load(folder / "charter.yaml", today=FIRST).charter
    settings = Settings(journal=f"sqlite:///{folder / 'journal.db'}", data=folder, home=folder)
    return prepared(loaded, Answers(), FIRST, None, settings)


def _source(column: int) -> dict[str, Any]:
    query = f"select period, m{column} as value from data"
    return {"kind": "files", "path": "data.csv", "query": query}


def timed(rounds: int, work: Callable[[], Any]) -> tuple[str, float]:
    """Return the medians with the smallest and the largest, in words, and that of the processor."""
    took, worked = [], []
    for _ in range(rounds):
        began, busy = time.perf_counter(), processor()
        work()
        took.append(time.perf_counter() - began)
        worked.append(processor() - busy)
    middle = statistics.median(worked)
    wall = f"{statistics.median(took):.2f} s ({min(took):.2f} to {max(took):.2f})"
    return f"{wall}; processor {middle:.2f} s ({min(worked):.2f} to {max(worked):.2f})", middle


def processor() -> float:
    """Return the seconds of processor that this process and its ended children have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(played: Any) -> int:
    """Return how often a play measured."""
    return sum(event.kind == "measured" for _, event in played.happened)


async def _on_temporal(one: Rehearsal, own: Settings) -> float:
    played = one.play()
    with a_server(own) as (folder, server):
        async with connected(folder, server) as skipper:
            began = time.perf_counter()
            await played_on_temporal(one, played, skipper, f"sqlite:///{folder / 'rehearsal.db'}")
            return (time.perf_counter() - began) / measured(played)


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--plays", type=int, default=1000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ten = rehearsal(folder / "ten", 10, FIVE_YEARS)
        ten.play()  # what is imported and worked out once
        print(f"five years, ten metrics: {timed(given.rounds, ten.play)[0]}", flush=True)
        alone = rehearsal(folder / "alone", 1, FIVE_YEARS, promise=1.0)  # never kept: no comparison is made
        words, middle = timed(given.rounds, alone.play)
        rate = measured(alone.play()) / middle
        print(
            f"five years, one metric, without tests: {words}, {rate:,.0f} periods a second of processor",
            flush=True,
        )
        year = rehearsal(folder / "year", 1, YEAR)
        words, middle = timed(1, lambda: played_often(year, [year.charter], given.plays, SEED, None))
        print(f"{given.plays} resampled plays of a year, one metric: {words}", flush=True)
        own = Settings(journal=f"sqlite:///{folder / 'journal.db'}", data=folder, home=folder)
        took = asyncio.run(_on_temporal(year, own))
        print(f"a year through the real workflow: {took * 1000:.0f} ms a measurement")


if __name__ == "__main__":
    main()

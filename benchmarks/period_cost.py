"""What an ordinary period costs in history, and what a large journey hands from run to run.

    python -m benchmarks.period_cost

It lives journeys on a server of its own, with time skipped: two through ordinary weeks, with one metric and
with ten, and one with ten metrics that has imported five years of weeks until it continues as new.
"""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bst.connection import connect
from tests.temporal_server import MAX_SKIPS, embedded
from tests.workflow.team import Team, journal, measured, started, steps, working, write_weeks

# Ordinary periods that are counted: all in one run, which lasts a quarter.
PERIODS = 10
QUARTER_WEEKS = 14
# Made by moving the time, which nobody does in earnest.
SKIPS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
}
SOURCE = {"kind": "files", "path": "days.csv"}
NINE: list[dict[str, Any]] = [
    {"name": f"cost of step {i}", "layer": layer, "unit": "EUR", "direction": "down", "source": SOURCE}
    for i, layer in enumerate(["efficiency", "guardrail", *["support"] * 7])
]
FIVE_YEARS = {"stability": {"baseline_from": "2021-01-04"}}


async def main() -> None:
    """Measure, and print."""
    with embedded() as settings, tempfile.TemporaryDirectory() as name:
        folder, client = Path(name), await connect(settings)
        write_weeks(folder / "days.csv", steps((-300, 11)), first=-300)
        standing = TimeSkippingConfig(enabled=False, max_session_skip_count=MAX_SKIPS)
        skipper = TimeSkipper(client, config=standing)
        with journal(folder) as store:
            async with working(client, "period-cost", folder, store):
                for metrics in ([], NINE):
                    team = await started(skipper, "period-cost", folder, store, metrics=metrics)
                    await _ordinary(team, 1 + len(metrics))
                large = {"metrics": NINE, "stages": FIVE_YEARS}
                await _carried(await started(skipper, "period-cost", folder, store, **large))


async def _to_optimization(team: Team) -> None:
    await team.until(measured)
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    await team.consent_all()
    await team.until(lambda status: status.stage == "optimization")


async def _events(team: Team) -> list[HistoryEvent]:
    return [event async for event in team.handle.fetch_history_events()]


async def _ordinary(team: Team, metrics: int) -> None:
    await _to_optimization(team)
    await team.pass_weeks(1.1)
    before = len(await _events(team))
    await team.pass_weeks(PERIODS)
    events = [event for event in (await _events(team))[before:] if event.event_type not in SKIPS]
    size = sum(event.ByteSize() for event in events)
    print(
        f"ordinary period, {metrics:>2} metrics: {len(events) / PERIODS:.1f} events, "
        f"{size / PERIODS / 1024:.1f} KB of history"
    )
    for kind, count in Counter(EventType.Name(event.event_type) for event in events).most_common():
        print(f"    {count / PERIODS:4.1f}  {kind.removeprefix('EVENT_TYPE_').lower()}")


async def _carried(team: Team) -> None:
    await _to_optimization(team)
    await team.pass_weeks(QUARTER_WEEKS)
    start = (await _events(team))[0].workflow_execution_started_event_attributes
    assert start.continued_execution_run_id
    size = len(start.input.payloads[0].data)
    print(f"carried to the next run, 10 metrics and 5 years of weeks: {size / 1024:.1f} KB")


if __name__ == "__main__":
    asyncio.run(main())

"""Record the histories of one whole journey, run by run, for `test_replay.py`."""

import asyncio
import gzip
import tempfile
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bst.connection import connect
from domain import commands as c
from tests.temporal_server import MAX_SKIPS, embedded
from tests.workflow.team import Team, journal, started, steps, working, write_weeks

HISTORIES = Path(__file__).parent / "histories"


async def record() -> None:
    """Play one journey with a hold, nonsense, a failing source and two stages, and write down its runs."""
    with embedded() as settings, tempfile.TemporaryDirectory() as name:
        folder, client = Path(name), await connect(settings)
        skipper = TimeSkipper(
            client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=MAX_SKIPS)
        )
        with journal(folder) as store:
            async with working(client, "recording", folder, store):
                team = await started(skipper, "recording", folder, store)
                for number, history in enumerate([h async for h in _play(team, folder)], 1):
                    path = HISTORIES / f"v{version('business-service-teams')}-run{number}.json.gz"
                    path.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))


async def _play(team: Team, folder: Path) -> AsyncIterator[WorkflowHistory]:
    runs = [team.handle.first_execution_run_id or (await team.handle.describe()).run_id]
    await team.handle.signal("milestone", {"nonsense": 1})
    await team.confirm_all()
    await team.pass_weeks(1.5)
    write_weeks(folder / "days.csv", steps((-30, 11), (6, 5), (30, 3.2)))
    await team.pass_weeks(1)
    await team.update("hold", c.HoldJourney(by="Ana", reason="an audit"))
    await team.pass_weeks(1)
    await team.update("resume", c.ResumeJourney(by="Ben"))
    await team.handle.signal("milestone", "runbook")
    for _ in range(70):
        status = await team.status()
        run = (await team.handle.describe()).run_id
        if run not in runs:
            runs.append(run)
        if status.stage == "completed":
            break
        await (team.consent_all() if status.ballots else team.pass_weeks())
    await team.handle.result()
    for run in runs:
        handle = team.skipper.client.get_workflow_handle(team.handle.id, run_id=run)
        yield WorkflowHistory(team.handle.id, (await handle.fetch_history()).events)


if __name__ == "__main__":
    HISTORIES.mkdir(exist_ok=True)
    asyncio.run(record())

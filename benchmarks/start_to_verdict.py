"""How long it takes from `bst start`, the process's start included, to the team's first verdict.

    python benchmarks/start_to_verdict.py

It starts a server and a worker of its own in a temporary folder, and stops them. The first verdict is the
gate of forming, judged and shown beside the outcome's first measured value.
"""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bst.client import Journeys
from bst.settings import Settings
from domain.errors import NotFound

BST = Path(sys.executable).with_name("bst")
STARTS = 10
# Seconds between two looks: small beside what is measured.
LOOK_EVERY = 0.01
CHARTER = """\
team: {team}
outcome:
  statement: A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2099
  beneficiary: customers who file a simple claim
  metric: days to payment
  unit: days
  direction: down
  baseline: 11
  target: 3
  deadline: 2099-06-30
  source: {{kind: files, path: days.csv}}
members: {{Ana: claims handling, Ben: IT}}
"""


def main() -> None:
    """Start ten journeys one after the other, and print the median and the spread."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        monday = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday())
        weeks = [f"{monday - timedelta(weeks=60 - i)},{11 + i % 7 / 10}" for i in range(60)]
        (folder / "days.csv").write_text("\n".join(["period,value", *weeks]) + "\n")
        environment = {n: v for n, v in os.environ.items() if not n.startswith(("TEMPORAL_", "BST_"))}
        environment |= {"BST_HOME": str(folder / "home"), "BST_DATA": name}
        up = subprocess.Popen([BST, "up", "--json"], cwd=folder, env=environment, stdout=subprocess.PIPE)
        try:
            assert up.stdout is not None
            up.stdout.readline()
            runs = asyncio.run(_starts(folder, environment))
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)
    for what, seconds in zip(("`bst start` ends", "first verdict"), zip(*runs, strict=True), strict=True):
        median, best, worst = statistics.median(seconds), min(seconds), max(seconds)
        print(f"{what:<16} {len(seconds)} runs; seconds: {median:.2f} ({best:.2f} to {worst:.2f})")


async def _starts(folder: Path, environment: dict[str, str]) -> list[tuple[float, float]]:
    journeys = await Journeys.connect(Settings.from_environment(environment))
    return [await _start(journeys, folder, environment, f"team-{i}") for i in range(STARTS)]


async def _start(
    journeys: Journeys, folder: Path, environment: dict[str, str], team: str
) -> tuple[float, float]:
    """Start one journey; return the seconds until the command had ended and until the verdict was there."""
    (folder / f"{team}.yaml").write_text(CHARTER.format(team=team))
    since = time.perf_counter()
    command = await asyncio.create_subprocess_exec(
        BST, "start", f"{team}.yaml", cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )
    ended = asyncio.create_task(_ended(command, since))
    while not await _judged(journeys, team):  # noqa: ASYNC110 - another process judges
        await asyncio.sleep(LOOK_EVERY)
    verdict = time.perf_counter() - since
    return await ended, verdict


async def _ended(command: asyncio.subprocess.Process, since: float) -> float:
    if await command.wait():
        sys.exit("`bst start` failed")
    return time.perf_counter() - since


async def _judged(journeys: Journeys, team: str) -> bool:
    try:
        status = await journeys.status(team)
    except NotFound:
        return False
    return bool(status.verdicts) and status.value is not None


if __name__ == "__main__":
    main()

"""A real browser, a real server with its UI, a real worker, and a journey to look at."""

import asyncio
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from bst.client import Journeys
from bst.dev_server_address import Server
from bst.failures import NoWorker
from bst.settings import Settings
from domain.charter import Charter
from domain.views import Status
from tests.cli.place import ROOT, Place, bare_environment
from tests.temporal_server import server, settings
from tests.ui.browser import chromium, missing

__all__ = ["server", "settings"]

# Of 500 arrivals a week, those in time: calm around 72 of 100, but for one week in the judged ten.
ON_TIME = (362, 355, 368, 349, 371, 358, 364, 352, 366, 360)
BAD_WEEK = date(2013, 2, 11)
AS_OF = datetime(2013, 4, 2, 9, tzinfo=UTC)
MEMBERS = {"Ana": "flight operations", "Ben": "IT", "Chloe": "ground handling", "Dev": "customer care"}


@dataclass(frozen=True)
class Watched:
    """A journey, where it is seen, and how to ask it."""

    team: str
    page: str
    workflows: str
    place: Place

    def status(self) -> Status:
        return self.place.ask(lambda journeys: journeys.status(self.team))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Chromium; tests that need it are skipped where there is none, and in CI a skip is a failure."""
    if gone := missing():
        pytest.skip(f"{gone} not found: install the packages of .ci/apt-packages.txt")
    with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def screenshot(browser: Chrome, tmp_path: Path) -> Iterator[None]:
    """Leave a picture of where each test ended in its folder, and the page: it would be drawn on for ever."""
    yield
    browser.save_screenshot(str(tmp_path / "end.png"))
    browser.get("about:blank")


@pytest.fixture(scope="session")
def place(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A folder with a year of arrivals, and a worker that reads it."""
    folder = tmp_path_factory.mktemp("arrivals")
    _write_weeks(folder / "weeks.csv")
    here = Place(
        folder,
        bare_environment(
            settings.home,
            BST_DATA=str(folder),
            BST_JOURNAL=f"sqlite:///{folder / 'journal.db'}",
            BST_TASK_QUEUE=folder.name,
        ),
    )
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, ROOT / "worker.py"], env=here.environment, stdout=log, stderr=log, cwd=folder
        )
        try:
            yield here
        finally:
            worker.terminate()
            worker.wait(30)


@pytest.fixture(scope="session")
def journey(place: Place, server: Server) -> Watched:
    """A team in stability whose gate is shut by one week, with a ballot on explaining it.

    The tests share it: none reads what another changes.
    """
    team = f"lga-{uuid.uuid4().hex[:6]}"
    place.ask(lambda journeys: _live(journeys, team))
    workflows = f"{server.ui}/namespaces/default/workflows"
    return Watched(team, f"{workflows}/journey-{team}", workflows, place)


async def _live(journeys: Journeys, team: str) -> None:
    await journeys.start(charter(team), as_of=AS_OF)
    async with asyncio.timeout(90):
        await _worker_answers(journeys, team)
        for member in MEMBERS:
            await journeys.confirm(team, by=member)
        async for status in journeys.watch(team, every=timedelta(seconds=0.05)):
            if any(verdict.criterion == "control" and verdict.number for verdict in status.verdicts):
                break
    await journeys.explain(
        team, by="Ana", period=BAD_WEEK.isoformat(), cause="A snow storm closed the airport"
    )


async def _worker_answers(journeys: Journeys, team: str) -> None:
    """Wait for the worker's program, which starts slowly on a machine that does much else."""
    while True:
        try:
            await journeys.status(team)
        except NoWorker:
            continue
        return


def charter(team: str) -> Charter:
    """The promise of four functions at one airport."""
    return Charter.model_validate(
        {
            "team": team,
            "outcome": {
                "statement": "85 of 100 flights to LaGuardia arrive within 15 minutes of schedule by 2014",
                "beneficiary": "passengers who arrive at LaGuardia",
                "metric": "arrivals within 15 minutes",
                "unit": "share",
                "measure": "share",
                "direction": "up",
                "baseline": 0.72,
                "target": 0.85,
                "deadline": "2013-12-31",
                "promise": 0.6,
                "source": _source(
                    "select week as period, on_time as numerator, arrivals as denominator from data"
                ),
            },
            "members": MEMBERS,
            "metrics": [
                {
                    "name": "turnaround",
                    "layer": "efficiency",
                    "unit": "minutes",
                    "direction": "down",
                    "measure": "duration",
                    "source": _source("select week as period, minutes as value from data"),
                },
                {
                    "name": "outages of the gate system",
                    "layer": "support",
                    "function": "IT",
                    "unit": "outages",
                    "direction": "down",
                    "measure": "count",
                    "source": _source("select week as period, outages as value from data"),
                },
            ],
            "milestones": {"Turnaround board": "Ben", "One desk for late": "Dev", "Spare crew": "Ana"},
            "links": {"Team room": "https://wiki.example.com/laguardia"},
        }
    )


def _source(query: str) -> dict[str, Any]:
    return {"kind": "files", "path": "weeks.csv", "query": query}


def _write_weeks(path: Path) -> None:
    week, rows = date(2012, 9, 3), ["week,on_time,arrivals,minutes,outages"]
    for i in range(60):
        on_time = 290 if week == BAD_WEEK else ON_TIME[i % len(ON_TIME)]
        rows.append(f"{week},{on_time},500,{42 + i % 3},{i % 4}")
        week += timedelta(weeks=1)
    path.write_text("\n".join(rows) + "\n")

"""`kill -9` of the worker, at any time: nothing is lost, and nothing is done twice."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from activities.journal_store import JournalStore
from bst.dev_server import DevServer
from bst.temporal_binary import find_temporal
from domain import commands as c
from tests.faults.survivors import QUICK, Survivor, at_any_time, begun, settings_of, write_sources
from tests.faults.workers import Nursery, Workers, environment, until
from tests.mortal_worker import MOMENTS
from tests.programs import Start

KILLS = 10
# Weeks after which a journey has continued as new.
A_QUARTER = 14


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server on its SQLite file, with sources beside it."""
    folder = tmp_path_factory.mktemp("killed")
    write_sources(folder)
    with DevServer(folder / "home", find_temporal(None, folder), time_skipping=True, ports=None):
        yield folder


async def test_ten_kills_at_any_time(place: Path, nursery: Nursery, tmp_path: Path) -> None:
    settings, moments = settings_of(place, tmp_path), Random(20260105)
    workers, over = Workers(nursery, environment(settings)), asyncio.Event()

    def goes_on(life: Survivor) -> bool:
        return life.weeks < A_QUARTER or not over.is_set()

    with closing(JournalStore(settings.journal)) as store:
        lives = [await begun(settings, store) for _ in range(2)]
        await workers.start()
        async with asyncio.TaskGroup() as group:
            for life in lives:
                group.create_task(life.live(goes_on))
            for _ in range(KILLS):
                await at_any_time(lives, moments)
                await workers.kill()
                await workers.start()
            over.set()
        for life in lives:
            await life.is_whole()
            assert await life.runs() > 1
        await workers.kill()


async def dies_once(place: Path, nursery: Nursery, folder: Path, moment: str) -> None:
    """Live a journey whose worker dies at a moment and is followed by another."""
    settings = settings_of(place, folder)
    workers = Workers(nursery, environment(settings))
    weeks, stride = (A_QUARTER, A_QUARTER // 2) if moment == "continuing_as_new" else (3, 1)
    with closing(JournalStore(settings.journal)) as store:
        life = await begun(settings, store, steps_of_query=QUICK)
        await workers.start(moment)
        async with asyncio.TaskGroup() as group:
            group.create_task(life.live(lambda life: life.weeks < weeks, stride))
            await workers.died()
            await workers.start()
        await life.is_whole()
        await workers.kill()


async def test_a_death_at_each_of_the_worst_moments(place: Path, nursery: Nursery, tmp_path: Path) -> None:
    folders = {moment: tmp_path / f"{tmp_path.name}-{moment}" for moment in MOMENTS}
    for folder in folders.values():
        folder.mkdir()
    async with asyncio.TaskGroup() as group:
        for moment, folder in folders.items():
            group.create_task(dies_once(place, nursery, folder, moment), name=moment)


async def test_a_consent_sent_to_a_dead_worker_is_answered_by_the_next(
    place: Path, tmp_path: Path, start: Start
) -> None:
    settings, alive = settings_of(place, tmp_path), tmp_path / "alive"
    program = [sys.executable, "worker.py"]
    variables = environment(settings) | {"BST_HEALTH_FILE": str(alive)}
    with closing(JournalStore(settings.journal)) as store:
        life = await begun(settings, store, steps_of_query=QUICK)
        first = start(program, **variables)
        await life.confirm_all()
        ballot = (await life.until(lambda status: bool(status.ballots), "a ballot opens")).ballots[0]
        await until(lambda: "ballot_opened" in life.kinds(), "the journal has it")
        first.kill()
        first.wait()
        consent = c.GiveConsent(by="Ana", ballot=ballot.id, digest=ballot.digest)
        sent = asyncio.create_task(life.send("consent", consent, "consent-Ana"))
        await life.handle.describe()  # the server was asked something after that
        assert not sent.done()
        second = start(program, **variables)
        assert "Ana consented on b1" in (await sent).said
        assert (await life.status()).ballots[0].answered == ("Ana",)

        await until(lambda: "consent_given" in life.kinds(), "the journal has it")
        second.kill()
        second.wait()
        alive.unlink()
        start(program, **variables)
        await until(alive.exists, "a worker is at work")
        await life.journeys.status(life.name)  # and nobody is told that no worker answers
        await life.is_whole()

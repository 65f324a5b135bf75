"""`kill -9` of the server on its SQLite file, at any time: nothing is lost, and nothing is done twice."""

import asyncio
import os
import signal
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from activities.journal_store import JournalStore
from bst.dev_server import DevServer
from bst.dev_server_address import Server
from bst.temporal_binary import find_temporal
from domain.errors import ServerUnreachable
from tests.faults.survivors import Survivor, at_any_time, begun, settings_of, write_sources
from tests.faults.workers import Nursery, Workers, environment, until

KILLS = 5
# Of the kills, each so many takes the worker too: a machine that goes down takes both.
BOTH = 3
# Weeks in which the journeys have a stage and a ballot behind them.
WEEKS = 6


async def killed(server: DevServer, running: Server) -> None:
    os.kill(running.pid, signal.SIGKILL)
    await until(lambda: server.exit_code is not None, "the server dies")


async def is_told(life: Survivor) -> None:
    """Ask for the status without a server: the answer is bounded, and says whose absence it is."""
    with pytest.raises(ServerUnreachable, match="The Temporal server did not answer within 5 s"):
        await life.journeys.status(life.name)


async def test_five_kills_at_any_time(nursery: Nursery, tmp_path: Path) -> None:
    write_sources(tmp_path)
    settings, moments = settings_of(tmp_path, tmp_path), Random(20260105)
    workers, over = Workers(nursery, environment(settings)), asyncio.Event()

    def goes_on(life: Survivor) -> bool:
        return life.weeks < WEEKS or not over.is_set()

    server = DevServer(settings.home, find_temporal(None, tmp_path), time_skipping=True, ports=None)
    with closing(JournalStore(settings.journal)) as store, server as first:
        running, lives = first, [await begun(settings, store) for _ in range(2)]
        await workers.start()
        async with asyncio.TaskGroup() as group:
            for life in lives:
                group.create_task(life.live(goes_on))
            for kill in range(KILLS):
                await at_any_time(lives, moments)
                await killed(server, running)
                if kill % BOTH == 0:
                    await workers.kill()
                if kill == KILLS - 1:
                    await is_told(lives[0])
                running = await asyncio.to_thread(server.start)
                if kill % BOTH == 0:
                    await workers.start()
            over.set()
        for life in lives:
            await life.is_whole()

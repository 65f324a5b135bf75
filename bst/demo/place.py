"""Where a play happens: a folder, a server and a worker of its own, all gone when it is over."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bst.demo.flights import write_flights
from bst.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from temporalio.testing import TimeSkipper

    from bst.dev_server import DevServer
    from bst.dev_server_address import Server

# Skips per session; the server's own limit of 200 would make a year stand still on the way.
_MAX_SKIPS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A running server with a worker, over the flights; `skipper` moves the clock of single journeys."""

    settings: Settings
    server: "Server"
    skipper: "TimeSkipper"


@contextmanager
def folder_of_a_play() -> "Iterator[Path]":
    """A folder that is removed with everything in it."""
    folder = Path(tempfile.mkdtemp(prefix="bst-demo-"))
    try:
        yield folder
    finally:
        # The server may still be writing its last words when a second Ctrl-C cuts all this short.
        shutil.rmtree(folder, ignore_errors=True)


def settings_of_a_play(folder: Path, own: Settings) -> Settings:
    """Settings that lead to the play's own server, whatever server the environment names."""
    nothing = folder / "no-profiles.toml"
    nothing.touch()
    return Settings(
        journal=f"sqlite:///{folder / 'journal.db'}",
        data=folder,
        home=folder,
        temporal_binary=own.temporal_binary,
        temporal={"TEMPORAL_CONFIG_FILE": str(nothing)},
    )


def server_of_a_play(folder: Path, own: Settings) -> "DevServer":
    """A server in memory, on free ports, whose time can be moved; not started yet.

    Raises:
        BadInput, ServerUnreachable: there is no Temporal CLI that could be one.
    """
    from bst.dev_server import DevServer
    from bst.temporal_binary import find_temporal

    temporal = find_temporal(own.temporal_binary, own.home / "bin")
    return DevServer(folder, temporal, in_memory=True, time_skipping=True, ports=None)


@asynccontextmanager
async def opened(folder: Path, own: Settings, server: "DevServer", packed: Path) -> AsyncIterator[Place]:
    """Write the flights, start the server and a worker, and stop both at the end.

    Raises:
        BadInput: the flights in `packed` cannot be read.
        ServerUnreachable: the server did not start.
    """
    settings = settings_of_a_play(folder, own)
    try:
        running, _ = await asyncio.gather(
            asyncio.to_thread(server.start), asyncio.to_thread(write_flights, packed, folder)
        )
        from temporalio.testing import TimeSkipper, TimeSkippingConfig

        from bst import logs
        from bst.connection import connect
        from worker import build_worker

        client = await connect(settings, runtime=logs.logging_runtime())
        # Off until somebody fast-forwards: a journey whose timers all fire at once never comes to rest.
        still = TimeSkippingConfig(enabled=False, max_session_skip_count=_MAX_SKIPS)
        async with build_worker(client, settings):
            yield Place(settings, running, TimeSkipper(client, config=still))
    finally:
        await asyncio.to_thread(server.stop)

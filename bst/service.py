"""How a worker lives in a process: it waits for its server, works, shows life, and leaves in good order."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bst.connection import connect
from bst.settings import Settings
from domain.errors import ServerUnreachable

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.runtime import Runtime
    from temporalio.worker import Worker

# Seconds that a first connection may take: a server that starts together with its worker needs one or two
# minutes for its database. After that, whoever started the worker should know.
PATIENCE_S: Final = 180.0
# Seconds between two tries: the first soon, then rarely enough not to fill the log.
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 10.0
# Seconds between two signs of life; the image's health check calls six missed ones dead.
SIGN_EVERY_S: Final = 10.0
_HEALTH_TIMEOUT: Final = timedelta(seconds=5)

_log = structlog.stdlib.get_logger("bst.service")


def stop_on_signals(stop: asyncio.Event, at_once: Callable[[int], object]) -> None:
    """Set `stop` at the first SIGTERM or Ctrl-C, and call `at_once` with the exit code at the second.

    Args:
        stop: what the process waits for; it has to end soon after.
        at_once: ends the process without waiting; gets 128 + the signal's number, as shells report it.
    """
    loop = asyncio.get_running_loop()

    def received(number: int) -> None:
        if stop.is_set():
            at_once(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, received, number)


async def connect_patiently(
    settings: Settings,
    stop: asyncio.Event,
    *,
    runtime: "Runtime | None" = None,
    patience_s: float = PATIENCE_S,
) -> "Client | None":
    """A client, tried for `patience_s` seconds; None if `stop` was set before there was one.

    Raises:
        ServerUnreachable: nothing answered in all this time.
        BadInput: the settings cannot lead anywhere; nothing is tried again then.
    """
    give_up = asyncio.get_running_loop().time() + patience_s
    pause_s = _FIRST_PAUSE_S
    while not stop.is_set():
        try:
            return await connect(settings, runtime=runtime)
        except ServerUnreachable as error:
            left_s = give_up - asyncio.get_running_loop().time()
            if left_s <= 0:
                raise
            _log.warning("no server yet", reason=str(error), giving_up_in_s=round(left_s))
        await _pause(stop, pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
    return None


async def work(worker: "Worker", client: "Client", settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set, then let activities in flight finish, as long as the worker was told to.

    Raises:
        RuntimeError: the worker could not go on; it has ended.
    """
    running = asyncio.create_task(worker.run())
    stopping = asyncio.create_task(stop.wait())
    signs = asyncio.create_task(_show_life(client, settings))
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            _log.info("draining")
            await worker.shutdown()
        await running
        _log.info("stopped")
    finally:
        for task in (stopping, signs):
            task.cancel()
        await asyncio.gather(stopping, signs, return_exceptions=True)
        if settings.health_file is not None:
            settings.health_file.unlink(missing_ok=True)


async def _show_life(client: "Client", settings: Settings) -> None:
    """Touch the health file while the server answers; an old file means that somebody has to look."""
    file = settings.health_file
    if file is None:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        try:
            if await client.service_client.check_health(timeout=_HEALTH_TIMEOUT):
                file.touch()
        except (RuntimeError, OSError) as error:
            _log.warning("no sign of life", reason=str(error))
        await asyncio.sleep(SIGN_EVERY_S)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait `seconds`, or less if `stop` is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)

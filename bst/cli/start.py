"""`bst start`."""

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.charter_file import LoadedCharter
    from bst.client import Journeys
    from domain.views import Status

# Seconds. A worker reads a file of some years in 0.5; without one nobody should wait for long.
VERDICT_PATIENCE_S: Final = 3.0
LOOK_EVERY: Final = timedelta(seconds=0.1)


class Started(NamedTuple):
    """A journey that has just begun: its page in the UI and, when a worker has answered, how it stands."""

    ui: str | None
    status: "Status | None"


@click.command(epilog=options.examples("bst start claims.yaml", "cat claims.yaml | bst start -"))
@click.argument("charter")
@options.as_json
def command(charter: str, *, as_json: bool) -> None:
    """Start a team's journey with its charter.

    CHARTER is a YAML file, `-` for standard input; it is checked first (see `bst check`). A team has one
    journey: to change its charter, use `bst amend`.
    """
    from bst.charter_file import load
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json, show_warnings, text
    from bst.cli.status_page import status_page
    from workflows.messages import journey_id

    loaded = load(charter)
    show_warnings(loaded, as_json=as_json)
    started = ask(lambda journeys: _start(journeys, loaded))
    team, status = loaded.charter.team, started.status
    if as_json:
        show_json(
            {
                "team": team,
                "workflow_id": journey_id(team),
                "ui": started.ui,
                "warnings": [warning.message for warning in loaded.warnings],
                "status": None if status is None else status.model_dump(mode="json"),
            }
        )
        return
    show(text(f"The journey of {team} has started.", "bold green"))
    if started.ui:
        click.echo(f"In the Temporal UI: {started.ui}")
    if status is None:
        click.echo("No worker answers yet: start `bst up` or `python worker.py`, and it goes on.")
    else:
        click.echo()
        show(*status_page(status))


async def _start(journeys: "Journeys", loaded: "LoadedCharter") -> Started:
    from bst.settings import Settings
    from bst.ui_link import ui_link

    await journeys.start(loaded.charter)
    team = loaded.charter.team
    ui = ui_link(journeys.client, Settings.from_environment(), team)
    return Started(ui, await _first_verdict(journeys, team))


async def _first_verdict(journeys: "Journeys", team: str) -> "Status | None":
    """Return the status after the first measurement, or the newest there is; None when no worker answers."""
    from domain.errors import ServerUnreachable

    newest: Status | None = None
    with contextlib.suppress(TimeoutError, ServerUnreachable):
        async with asyncio.timeout(VERDICT_PATIENCE_S):
            async for status in journeys.watch(team, every=LOOK_EVERY):
                newest = status
                # Until something was measured, what is due next is what was due at the start.
                if status.next_at is None or status.next_at > status.entered_at:
                    break
    return newest

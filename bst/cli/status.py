"""`bst status`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.views import Status


@click.command(
    epilog=options.examples(
        "bst status claims",
        "bst status claims --gate && echo 'the gate is open'",
        "bst status claims --json | jq .gap",
    )
)
@options.team
@click.option("--gate", is_flag=True, help="End with 1 unless the gate is open: for scripts.")
@options.as_json
@click.pass_context
def command(context: click.Context, team: str, *, gate: bool, as_json: bool) -> None:
    """Show where a team stands, and why.

    The stage, the outcome against its target, each criterion of the gate with its number and what is
    needed, open ballots, what people have to do, and what to look at.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json
    from bst.cli.status_page import status_page

    status = ask(lambda journeys: _standing(journeys, team))
    if as_json:
        show_json(status)
    else:
        show(*status_page(status))
    if gate and not status.gate_open and status.stage != "completed":
        context.exit(1)


async def _standing(journeys: "Journeys", team: str) -> "Status":
    """Return where the team stands; a journey that an operator ended cannot say so itself."""
    status = await journeys.status(team)
    how = "" if status.ended else await journeys.cut_short(team)
    return status.model_copy(update={"ended": how}) if how else status

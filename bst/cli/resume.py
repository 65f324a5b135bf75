"""`bst resume`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples("bst resume claims --by Maria", "bst resume claims --by Maria --ballot b7")
)
@options.team
@options.by
@click.option("--ballot", metavar="ID", help="The parked proposal's last round, when several are parked.")
@options.as_json
def command(team: str, by: str, ballot: str | None, *, as_json: bool) -> None:
    """Lift a hold, or bring a parked proposal back.

    A proposal is parked when its rounds are used up without everybody's consent. Brought back, the next
    stage is asked again by itself; a member's proposal may be proposed again.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    receipt = ask(lambda journeys: journeys.resume(team, by=by, parked=ballot))
    show_receipt(receipt, as_json=as_json)

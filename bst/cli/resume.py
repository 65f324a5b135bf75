"""`bst resume`."""

import click

from bst.cli import options


@click.command(epilog=options.examples("bst resume claims --by Maria"))
@options.team
@options.by
@options.as_json
def command(team: str, by: str, *, as_json: bool) -> None:
    """Lift a hold, or bring a parked proposal back.

    A proposal is parked when its rounds are used up without everybody's consent.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    receipt = ask(lambda journeys: journeys.resume(team, by=by))
    show_receipt(receipt, as_json=as_json)

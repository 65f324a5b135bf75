"""`bst milestone`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        "bst milestone claims runbook --by Ben", 'bst milestone claims pilot --by Ana --note "12 customers"'
    )
)
@options.team
@click.argument("name")
@options.by
@click.option("--note", default="", metavar="TEXT", help="What else should be kept with it.")
@options.as_json
def command(team: str, name: str, by: str, note: str, *, as_json: bool) -> None:
    """Say that something the team promised is done.

    NAME is the milestone's, as the charter has it. The first word counts: a milestone is reached once.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    receipt = ask(lambda journeys: journeys.milestone(team, name, by=by, note=note))
    show_receipt(receipt, as_json=as_json)

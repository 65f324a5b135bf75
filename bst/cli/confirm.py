"""`bst confirm`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples("bst confirm claims --by Maria", "bst confirm claims --by Ben --version 2")
)
@options.team
@options.by
@click.option(
    "--version", type=click.IntRange(min=1), help="The version you read; the present one if not given."
)
@options.as_json
def command(team: str, by: str, version: int | None, *, as_json: bool) -> None:
    """Stand behind the outcome as it is written.

    The team has formed when every member has. A changed outcome is a new version that everybody
    confirms anew.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    receipt = ask(lambda journeys: journeys.confirm(team, by=by, version=version))
    show_receipt(receipt, as_json=as_json)

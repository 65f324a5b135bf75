"""`bst ballot`."""

import click

from bst.cli import options


@click.command(epilog=options.examples("bst ballot claims", "bst ballot claims --json | jq .last.answers"))
@options.team
@options.as_json
def command(team: str, *, as_json: bool) -> None:
    """Show the open ballots with their questions, and the last closed one with its answers.

    What was answered on an open ballot is sealed until everybody has answered or it closes; on one that was
    withdrawn it stays sealed, because the same may be asked again.
    """
    from bst.cli.asking import ask
    from bst.cli.ballots import ballots_page
    from bst.cli.printing import show, show_json

    ballots = ask(lambda journeys: journeys.ballot(team))
    if as_json:
        show_json(ballots)
    else:
        show(*ballots_page(ballots))

"""`bst hold`."""

import click

from bst.cli import options


@click.command(epilog=options.examples('bst hold claims --by Ben --reason "the data of June is wrong"'))
@options.team
@options.by
@options.reason("Why the line is stopped; everybody sees it.")
@options.as_json
def command(team: str, by: str, reason: str, *, as_json: bool) -> None:
    """Stop the line: gates stay shut until somebody resumes.

    Any member may, at once and alone. Data goes on being collected, and any member may resume.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    receipt = ask(lambda journeys: journeys.hold(team, by=by, reason=reason))
    show_receipt(receipt, as_json=as_json)

"""`bst leave`."""

import click

from bst.cli import options


@click.command(epilog=options.examples('bst leave claims --by Tom --reason "another task from May on"'))
@options.team
@options.by
@options.reason("Why you go; everybody sees it.")
@options.yes
@options.as_json
def command(team: str, by: str, reason: str, *, yes: bool, as_json: bool) -> None:
    """Leave the team, at once and by yourself.

    Open ballots are withdrawn. The next stage is asked anew by itself, of who is on the team then; a
    member's proposal has to be proposed again. Where you were the last of a function the team is
    incomplete, and its gates stay shut until somebody joins by an amendment. Who has gone and cannot do
    this is taken out by an amendment (`bst amend`).
    """
    from bst.asked import sent
    from bst.cli.asking import ask, interactive, sure
    from bst.cli.printing import show_receipt
    from domain.commands import LeaveTeam

    if not yes and interactive(as_json=as_json):
        sure(f"Leave {team} now? Only an amendment brings you back.")
    said = sent(LeaveTeam, by=by, reason=reason)
    show_receipt(ask(lambda journeys: journeys.send(team, said)), as_json=as_json)

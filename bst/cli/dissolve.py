"""`bst dissolve`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        'bst dissolve claims --by Ana --reason "the product ends in May" \\',
        '    --lesson "agree on the data before the target"',
    )
)
@options.team
@options.by
@options.reason("Why the journey should end.")
@click.option("--lesson", required=True, metavar="TEXT", help="What was learned, for teams to come.")
@options.revises
@options.yes
@options.as_json
def command(
    team: str, by: str, reason: str, lesson: str, revises: str | None, *, yes: bool, as_json: bool
) -> None:
    """Propose to end the journey, with the reason and what was learned.

    A ballot opens; when everybody consents the journey is over for good. A team that has not formed yet
    has nobody to ask, and ends at once.
    """
    from bst.cli.asking import ask, interactive, sure
    from bst.cli.printing import show_receipt

    if not yes and interactive(as_json=as_json):
        sure(f"Propose to end the journey of {team} for good?")
    said = {"by": by, "reason": reason, "lesson": lesson, "revises": revises}
    receipt = ask(lambda journeys: journeys.dissolve(team, **said))
    show_receipt(receipt, as_json=as_json)

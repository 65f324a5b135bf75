"""`bst retrospective`."""

from typing import Final

import click

from bst.cli import options

# As `domain.together.records.FlagKind` has them; its import takes time that `--help` need not have.
FLAGS: Final = ("dictating", "taking_orders", "single_function")


@click.command(
    epilog=options.examples(
        'bst retrospective claims taking_orders --by Ben --reason "we plan together from May on"',
        'bst retrospective claims taking_orders --by Maria --reason "agreed, on Mondays"',
    )
)
@options.team
@click.argument("flag", type=click.Choice(FLAGS))
@options.by
@options.reason("What the team made of it.")
@options.as_json
def command(team: str, flag: str, by: str, reason: str, *, as_json: bool) -> None:
    """Say what the team made of a flag of drift.

    The word of a second member, of another function, lifts the flag; what comes after it is counted anew.
    """
    from bst.cli.asking import tell
    from domain.commands import RecordRetrospective

    tell(team, RecordRetrospective, as_json=as_json, by=by, flag=flag, reason=reason)

"""`bst ask`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.commands import OfMembers


@click.command(
    epilog=options.examples(
        'bst ask claims "which offices take part?" --by Ben',
        'bst ask claims "until when?" --by Ben --ballot b3',
        "bst ask claims --withdraw q1 --by Ben",
    )
)
@options.team
@click.argument("question", required=False)
@options.by
@options.ballot
@click.option("--withdraw", metavar="ID", help="Take your own question back, such as q1.")
@options.as_json
def command(
    team: str, question: str | None, by: str, ballot: str | None, withdraw: str | None, *, as_json: bool
) -> None:
    """Ask what has to be clear before everybody answers a ballot.

    Everybody sees QUESTION, and any member may answer it with `bst clarify`. Until somebody has, the ballot
    cannot be consented; you can take the question back.
    """
    from bst.asked import sent
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt
    from domain.commands import AskQuestion, WithdrawQuestion

    if (question is None) == (withdraw is None):
        raise click.UsageError("Give a question, or take one back with --withdraw ID.")
    asked: OfMembers
    if withdraw is not None:
        asked = sent(WithdrawQuestion, by=by, ballot=ballot, question=withdraw)
    else:
        asked = sent(AskQuestion, by=by, ballot=ballot, question=question)
    show_receipt(ask(lambda journeys: journeys.send(team, asked)), as_json=as_json)

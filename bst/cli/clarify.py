"""`bst clarify`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        'bst clarify claims "all but the one in Bern" --by Maria',
        'bst clarify claims "until June" --question q2 --ballot b3 --by Maria',
    )
)
@options.team
@click.argument("answer")
@options.by
@click.option("--question", metavar="ID", help="Which one, such as q1; not needed while one is open.")
@options.ballot
@options.as_json
def command(
    team: str, answer: str, by: str, question: str | None, ballot: str | None, *, as_json: bool
) -> None:
    """Answer a question on an open ballot; any member may.

    Question and answer are open to all, with their names. What stays unclear is asked anew.
    """
    from bst.asked import sent
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt
    from domain.commands import AnswerQuestion

    said = sent(AnswerQuestion, by=by, ballot=ballot, question=question, answer=answer)
    show_receipt(ask(lambda journeys: journeys.send(team, said)), as_json=as_json)

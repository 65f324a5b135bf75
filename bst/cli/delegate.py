"""`bst delegate`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.commands import OfMembers


@click.command(
    epilog=options.examples(
        "bst delegate claims --by Ana --to Ben --until 2027-08-13",
        "bst delegate claims --by Ana --back",
    )
)
@options.team
@options.by
@click.option("--to", metavar="NAME", help="Who may answer ballots for you; nobody answers for two.")
@click.option("--until", metavar="DATE", help="The last day of your absence, at most 90 days ahead.")
@click.option("--back", is_flag=True, help="You are back: nobody answers for you any more.")
@options.as_json
def command(team: str, by: str, to: str | None, until: str | None, *, back: bool, as_json: bool) -> None:
    """Let another member answer ballots for you while you are absent.

    Only you give your voice and take it back; it ends by itself, and is never passed on. The other answers
    explicitly (`bst consent TEAM --by Ben --for Ana`), everybody sees who answered for whom, and an answer
    of your own always prevails.
    """
    from bst.asked import sent
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt
    from domain.commands import DelegateVoice, TakeBackVoice

    if back == (to is not None or until is not None) or (not back and None in (to, until)):
        raise click.UsageError("Say --to NAME and --until DATE, or --back alone.")
    said: OfMembers = sent(TakeBackVoice, by=by) if back else sent(DelegateVoice, by=by, to=to, until=until)
    show_receipt(ask(lambda journeys: journeys.send(team, said)), as_json=as_json)

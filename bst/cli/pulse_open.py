"""`bst pulse open` and `bst pulse draw`."""

import click

from bst.cli import options


@click.command(name="open", epilog=options.examples("bst pulse open claims --by Ana"))
@options.team
@options.by
@options.as_json
def open_(team: str, by: str, *, as_json: bool) -> None:
    """Open a pulse now, before it is due by itself.

    Any member may. Everybody on the team is asked, whoever opened it.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt
    from domain.commands import OpenPulse

    receipt = ask(lambda journeys: journeys.send(team, OpenPulse(by=by)))
    show_receipt(receipt, as_json=as_json)


@click.command(epilog=options.examples("bst pulse draw claims --by Ana"))
@options.team
@options.by
@options.as_json
def draw(team: str, by: str, *, as_json: bool) -> None:
    """Draw your code for the open pulse: once, and it is shown once.

    It asks the answers database (BST_ANSWERS) and nothing else, so no journey and no log knows of it. That
    you drew a code is kept until the pulse closes; which one is not.
    """
    from bst.answering import answers
    from bst.cli.printing import show_json

    with answers() as store:
        code = store.draw(team, by)
        pulse = store.asked(team)
    if as_json:
        show_json({"team": team, "pulse": pulse.number, "code": code})
        return
    click.echo(code)
    click.echo(
        f"Your code for pulse p{pulse.number} of {team}, good for one answer. It is shown only now, and a "
        f"lost one is not made again. Keep it to yourself, and answer later: bst pulse answer {team}",
        err=True,
    )

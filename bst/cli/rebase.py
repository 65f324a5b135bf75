"""`bst rebase`."""

from collections.abc import Callable
from typing import Any

import click

from bst.cli import options
from domain.decisions.rebasing import QUESTIONS


def _question(key: str) -> Callable[[Any], Any]:
    return click.option(f"--{key}/--not-{key}", default=None, help=QUESTIONS[key])


@click.command(
    epilog=options.examples(
        'bst rebase claims 2027-03-01 --by Maria --cause "since then simple claims are paid at once"',
        "bst rebase claims 2027-03-01 --by Maria --cause '...' --different --known --desirable --lasting",
    )
)
@options.team
@click.argument("since")
@options.as_json
@options.by
@click.option("--cause", required=True, metavar="TEXT", help="What changed the process.")
@click.option("--metric", metavar="NAME", help="Which metric; the outcome's if not given.")
@options.revises
@_question("different")
@_question("known")
@_question("desirable")
@_question("lasting")
def command(
    team: str,
    since: str,
    by: str,
    cause: str,
    metric: str | None,
    revises: str | None,
    *,
    as_json: bool,
    **answers: bool | None,
) -> None:
    """Propose to freeze control limits anew, from a period on.

    SINCE is any date in the first period of the new frozen points. Limits never move by themselves, because
    limits that do hide every slow decline. Four questions are asked first, and each has to be answered with
    yes. A ballot opens; when everybody consents, limits are frozen on the points from there on, and the old
    ones stay on the record with the cause.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    said = {key: _answer(key, answer, as_json=as_json) for key, answer in answers.items()}
    words = {"by": by, "since": since, "cause": cause, "metric": metric, "revises": revises}
    receipt = ask(lambda journeys: journeys.rebase(team, **words, **said))
    show_receipt(receipt, as_json=as_json)


def _answer(key: str, answer: bool | None, *, as_json: bool) -> bool:
    """Return the answer that was given, or ask on a terminal; nobody is taken to have said yes."""
    from bst.cli.asking import interactive

    if answer is None and not interactive(as_json=as_json):
        raise click.UsageError(f"{QUESTIONS[key]} Say --{key} or --not-{key}.")
    return click.confirm(QUESTIONS[key], default=None) if answer is None else answer

"""`bst pulse answer`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from activities.answers.store import Asked


@click.command(
    name="answer",
    epilog=options.examples("bst pulse answer claims", "bst pulse answer claims --answers 4,5,2,1,4,4,2,2"),
)
@options.team
@click.option(
    "--answers",
    "given",
    metavar="1,2,...",
    help="One number from 1 to 5 per statement, in their order, instead of being asked.",
)
@options.as_json
def command(team: str, given: str | None, *, as_json: bool) -> None:
    """Answer the open pulse with the code that you drew.

    The code is asked for, or read from standard input: on the command line other users of the machine, and
    your shell's history, could read it.
    """
    from bst.answering import answers
    from bst.cli.printing import show_json

    with answers() as store:
        asked = store.asked(team)
        _explain(asked)
        code = _code()
        store.check(team, code)
        choices = _asked_one_by_one(asked) if given is None else _read(given)
        if len(choices) != len(asked.items):
            raise click.UsageError(f"There are {len(asked.items)} statements, and {len(choices)} answers.")
        store.answer(team, code, dict(zip(asked.items, choices, strict=True)))
    if as_json:
        show_json({"team": team, "pulse": asked.number, "counted": True})
    else:
        click.echo("Counted. Your code is used up. Thank you.")


def _explain(asked: "Asked") -> None:
    """Say what is kept and what is not, before the first statement."""
    from domain.pulses.telling import limits

    click.echo(f"Pulse p{asked.number} of {asked.team}", err=True)
    for sentence in limits(asked.k, len(asked.invited)):
        click.echo(f"- {sentence}", err=True)


def _code() -> str:
    if sys.stdin.isatty():
        code: str = click.prompt("Your code", err=True, hide_input=True)
        return code
    return sys.stdin.readline()


def _asked_one_by_one(asked: "Asked") -> Sequence[int]:
    from domain.pulses.questions import BY_ID, CHOICES, POINTS

    if not sys.stdin.isatty():
        raise click.UsageError("Say your answers, one number per statement: --answers 4,5,2,1,4,4,2,2")
    scale = ", ".join(f"{number} {words}" for number, words in enumerate(CHOICES, 1))
    click.echo(f"\n{scale}\n", err=True)
    wanted = click.IntRange(1, POINTS)
    return [click.prompt(f"{BY_ID[item].text}\n ", type=wanted, err=True) for item in asked.items]


def _read(given: str) -> Sequence[int]:
    try:
        return [int(number) for number in given.split(",")]
    except ValueError:
        raise click.UsageError("--answers takes whole numbers with commas between: 4,5,2,1,4,4,2,2") from None

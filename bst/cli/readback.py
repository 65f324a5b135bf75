"""`bst readback`: the commands about the read-back."""

import asyncio
import contextlib
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.readback.records import ClosedReadBack
    from domain.readback.views import ReadBackView
    from domain.views import Receipt

# Seconds. Counting is one query of the answers database; a worker that is busy takes some seconds more.
PATIENCE_S: Final = 30.0
LOOK_EVERY: Final = timedelta(seconds=0.2)


@click.group(
    epilog=options.examples(
        "bst readback open claims --by Ana", "bst readback codes claims --function Sales --count 3"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Have people outside the team read the outcome, and say when they would call it met."""


@command.command(name="open", epilog=options.examples("bst readback open claims --by Ana"))
@options.team
@options.by
@options.as_json
def open_(team: str, by: str, *, as_json: bool) -> None:
    """Open the read-back of the outcome as it is now.

    Any member may. After one that failed, the outcome has to be amended first.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt
    from domain.commands import OpenReadBack

    show_receipt(ask(lambda journeys: journeys.send(team, OpenReadBack(by=by))), as_json=as_json)


@command.command(epilog=options.examples("bst readback codes claims --function Sales --count 3"))
@options.team
@click.option("--function", required=True, metavar="NAME", help="The function that the readers come from.")
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 50), help="How many readers.")
@options.as_json
def codes(team: str, function: str, count: int, *, as_json: bool) -> None:
    """Make codes for readers of one function, each good for one answer; they are shown only now.

    Give them to people who are not on the team. That cannot be checked, because readers have no account.
    It asks the answers database (BST_ANSWERS) and nothing else.
    """
    from bst.answering import answers
    from bst.cli.printing import show_json

    if not function.strip():
        raise click.UsageError("Say the readers' function: --function Sales")
    with answers() as store:
        made = store.read_backs.codes(team, " ".join(function.split()), count)
    if as_json:
        show_json({"team": team, "function": function, "codes": list(made)})
        return
    for code in made:
        click.echo(code)


@command.command(epilog=options.examples("bst readback answer claims", "bst readback answer claims --pick 2"))
@options.team
@click.option("--pick", type=click.IntRange(1, 3), help="The situation, instead of being asked.")
@options.as_json
def answer(team: str, pick: int | None, *, as_json: bool) -> None:
    """Read the outcome as somebody outside the team, and pick the situation in which it is met.

    The code is asked for, or read from standard input.
    """
    from bst.answering import answers
    from bst.cli.printing import show_json

    with answers() as store:
        read = store.read_backs.asked(team)
        click.echo(f"{read.statement}\n\nIn which of these situations is that met?", err=True)
        for number, situation in enumerate(read.situations, 1):
            click.echo(f"  {number}  {situation}", err=True)
        terminal = sys.stdin.isatty()
        if pick is None and not terminal:
            raise click.UsageError("Say which situation: --pick 2")
        code = click.prompt("Your code", err=True, hide_input=True) if terminal else sys.stdin.readline()
        if pick is None:
            pick = click.prompt("Which", err=True, type=click.IntRange(1, len(read.situations)))
        store.read_backs.answer(team, code, pick)
    if as_json:
        show_json({"team": team, "read_back": read.number, "counted": True})
    else:
        click.echo("Counted. Thank you.")


@command.command(epilog=options.examples("bst readback close claims --by Ana"))
@options.team
@options.by
@options.as_json
def close(team: str, by: str, *, as_json: bool) -> None:
    """Have the read-back counted, once enough people have answered.

    With too few it goes on, and what they picked stays unknown. Waits up to half a minute for the result.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_json, show_receipt

    receipt, found = ask(lambda journeys: _counted(journeys, team, by))
    if as_json:
        show_json({"receipt": receipt.model_dump(mode="json"), "read_back": _plain(found)})
        return
    show_receipt(receipt, as_json=False)
    if found is None or found.closing:
        trouble = f" ({found.trouble})" if found is not None and found.trouble else ""
        click.echo(f"It is being counted{trouble}: `bst readback status {team}` shows what came of it.")
    elif found.open is not None:
        click.echo(f"It goes on: {found.so_far}.")
    elif found.last is not None:
        _say_last(found.last)


async def _counted(journeys: "Journeys", team: str, by: str) -> "tuple[Receipt, ReadBackView | None]":
    """Return what the journey said, and how its read-back stands when it was counted, or in time."""
    from domain.commands import CloseReadBack

    receipt, found = await journeys.send(team, CloseReadBack(by=by)), None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            async for status in journeys.watch(team, every=LOOK_EVERY):
                found = status.read_back
                if found is None or not found.closing or found.trouble:
                    break
    return receipt, found


def _plain(found: "ReadBackView | None") -> object:
    return None if found is None else found.model_dump(mode="json")


def _say_last(last: "ClosedReadBack") -> None:
    from domain.readback.views import result
    from domain.wording import moment

    click.echo(f"{result(last)} Counted {moment(last.closed_at)}.")


@command.command(epilog=options.examples("bst readback status claims"))
@options.team
@options.as_json
def status(team: str, *, as_json: bool) -> None:
    """Show how many have answered the open read-back, and from how many functions; never what they picked.

    When none is open, it shows what came of the last one.
    """
    from activities.answers.errors import NothingAsked
    from bst.answering import answers
    from bst.cli.asking import ask
    from bst.cli.printing import show_json

    try:
        with answers() as store:
            read = store.read_backs.asked(team)
    except NothingAsked:
        found = ask(lambda journeys: journeys.status(team)).read_back
        if found is None or found.last is None:
            raise
        if as_json:
            show_json({"team": team, "last": found.last.model_dump(mode="json")})
        else:
            click.echo("No read-back is open.")
            _say_last(found.last)
        return
    if as_json:
        counts = {"people": read.people, "functions": read.functions}
        show_json({"team": team, "read_back": read.number, **counts})
        return
    so_far = f"{read.people} people from {read.functions} functions"
    click.echo(f"Read-back r{read.number}: {so_far} have answered.")

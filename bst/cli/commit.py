"""`bst commit`: what one member promises by a day."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.together.views import TogetherView


@click.group(
    epilog=options.examples(
        'bst commit add claims "ask legal about the form" --by Maria --due 2027-03-05',
        "bst commit done claims c1 --by Maria",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Promise something by a day, and say what came of it. It is in no gate."""


@command.command(
    "add",
    epilog=options.examples('bst commit add claims "ask legal about the form" --by Maria --due 2027-03-05'),
)
@options.team
@click.argument("what")
@options.by
@click.option("--due", required=True, metavar="DAY", help="By when, such as 2027-03-05.")
@options.as_json
def add(team: str, what: str, by: str, due: str, *, as_json: bool) -> None:
    """Promise WHAT by a day. Nobody promises for somebody else."""
    from bst.cli.asking import tell
    from domain.commands import MakeCommitment

    tell(team, MakeCommitment, as_json=as_json, by=by, what=what, due=due)


@command.command("done", epilog=options.examples("bst commit done claims c1 --by Maria"))
@options.team
@click.argument("commitment", required=False)
@options.by
@options.note("What came of it.")
@options.as_json
def done(team: str, commitment: str | None, by: str, note: str, *, as_json: bool) -> None:
    """Say that you have done what you promised, late too. Your only open one if COMMITMENT is not given."""
    _close(team, commitment, by, note, "done", as_json=as_json)


@command.command("missed", epilog=options.examples('bst commit missed claims c1 --by Maria --note "ill"'))
@options.team
@click.argument("commitment", required=False)
@options.by
@options.note("Why.")
@options.as_json
def missed(team: str, commitment: str | None, by: str, note: str, *, as_json: bool) -> None:
    """Say that you will not do what you promised. When its day is over it is missed by itself."""
    _close(team, commitment, by, note, "missed", as_json=as_json)


@command.command("list", epilog=options.examples("bst commit list claims"))
@options.team
@options.as_json
def list_(team: str, *, as_json: bool) -> None:
    """List the open commitments, and the newest of those that are closed."""
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json, text

    found = ask(lambda journeys: journeys.together(team))
    if as_json:
        show_json(found.commitments)
    else:
        show(*(text(line) for line in commitment_lines(found)))


def commitment_lines(found: "TogetherView") -> Iterator[str]:
    """Yield the commitments, the open ones first."""
    if not found.commitments:
        yield "Nobody has committed to anything."
    for one in found.commitments:
        standing = f"{one.standing}{', late' if one.late else ''}{f': {one.note}' if one.note else ''}"
        yield f"{one.id:<4} {one.owner}: {one.what}, by {one.due.isoformat()} ({standing})"


def _close(team: str, commitment: str | None, by: str, note: str, how: str, *, as_json: bool) -> None:
    from bst.cli.asking import ask, tell
    from domain.commands import CloseCommitment

    if commitment is None:
        known = ask(lambda journeys: journeys.together(team)).commitments
        own = [one.id for one in known if (one.owner.casefold(), one.standing) == (by.casefold(), "open")]
        commitment = own[0] if len(own) == 1 else None
    tell(team, CloseCommitment, as_json=as_json, by=by, commitment=commitment, how=how, note=note)

"""`bst exchange`: what each function needs, cannot do and can do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.together.views import SheetView, TogetherView


@click.group(
    epilog=options.examples(
        'bst exchange post claims --by Ben --need "one person to ask" --limitation "no releases in December"',
        "bst exchange acknowledge claims --by Maria",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Say what your function needs, cannot do and can do; read the others'."""


def _lines(name: str, text: str) -> "options.Decorator":
    return click.option(name, multiple=True, metavar="TEXT", help=f"{text} May be given several times.")


@command.command(
    "post",
    epilog=options.examples(
        'bst exchange post claims --by Ben --need "one person to ask" --capability "automated letters"',
        'bst exchange post claims --by Maria --limitation "two of us are new"',
    ),
)
@options.team
@options.by
@_lines("--need", "What your function needs of the others.")
@_lines("--limitation", "What it cannot do.")
@_lines("--capability", "What it can do.")
@options.as_json
def post(
    team: str,
    by: str,
    need: tuple[str, ...],
    limitation: tuple[str, ...],
    capability: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Post for your function. Whoever had acknowledged its posts is asked again."""
    from bst.cli.asking import tell
    from domain.commands import PostToExchange

    said = {"need": need, "limitation": limitation, "capability": capability}
    tell(team, PostToExchange, as_json=as_json, by=by, **said)


@command.command("withdraw", epilog=options.examples("bst exchange withdraw claims p3 --by Ben"))
@options.team
@click.argument("post")
@options.by
@options.as_json
def withdraw(team: str, post: str, by: str, *, as_json: bool) -> None:
    """Take back a post of your own function. POST is its id, or its words."""
    from bst.cli.asking import tell
    from domain.commands import WithdrawPost

    tell(team, WithdrawPost, as_json=as_json, by=by, post=post)


@command.command(
    "acknowledge",
    epilog=options.examples(
        "bst exchange acknowledge claims --by Maria",
        "bst exchange acknowledge claims --by Maria --function IT --version 4",
    ),
)
@options.team
@options.by
@click.option("--function", multiple=True, metavar="NAME", help="Whose; all others' when left out.")
@click.option(
    "--version", type=int, help="Of the exchange that you read: if it has changed since, nothing is sent."
)
@options.as_json
def acknowledge(team: str, by: str, function: tuple[str, ...], version: int | None, *, as_json: bool) -> None:
    """Say that you have read what the other functions posted."""
    from bst.cli.asking import ask, tell
    from domain.commands import AcknowledgePosts

    if version is None:
        version = ask(lambda journeys: journeys.together(team)).exchange_version
    tell(team, AcknowledgePosts, as_json=as_json, by=by, functions=function, exchange=version)


@command.command("show", epilog=options.examples("bst exchange show claims"))
@options.team
@options.as_json
def show_(team: str, *, as_json: bool) -> None:
    """Show what each function posted, what is missing, and who has yet to read it."""
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json, text

    found = ask(lambda journeys: journeys.together(team))
    if as_json:
        show_json(found.exchange)
    else:
        show(*(text(line) for line in exchange_lines(found)))


def exchange_lines(found: "TogetherView") -> Iterator[str]:
    """Yield the exchange, a line for each post."""
    if not found.exchange:
        yield f"Nobody has posted anything: bst exchange post {found.team}"
        return
    yield f"The exchange, version {found.exchange_version}"
    for sheet in found.exchange:
        yield from _sheet(sheet)


def _sheet(sheet: "SheetView") -> Iterator[str]:
    from domain.wording import named

    yield f"\n{sheet.function}"
    for post_ in sheet.posts:
        yield f"  {post_.id:<4} {post_.kind:<11} {post_.text}"
    if sheet.missing:
        yield f"  not posted yet: {named(sheet.missing)}"
    if sheet.unread_by:
        yield f"  not acknowledged yet by {named(sheet.unread_by)}"

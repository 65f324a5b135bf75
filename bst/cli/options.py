"""The arguments and options that commands share."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import click

Decorator: TypeAlias = Callable[[Any], Any]
MEMBER_VARIABLE: Final = "BST_MEMBER"

team = click.argument("team")


def _who(context: click.Context, _: click.Parameter, name: str | None) -> str | None:
    if not name and not context.resilient_parsing:
        raise click.UsageError(f"Say who you are: --by NAME, or set {MEMBER_VARIABLE}.", context)
    return name


by = click.option(
    "--by",
    metavar="NAME",
    envvar=MEMBER_VARIABLE,
    show_envvar=True,
    callback=_who,
    help="Who you are, as the charter has your name.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, errors too.")
yes = click.option("--yes", "-y", is_flag=True, help="Do not ask first, as when this is no terminal.")
ballot = click.option("--ballot", metavar="ID", help="Which one, such as b3; not needed while one is open.")
digest = click.option(
    "--digest",
    metavar="HEX",
    help="Of the evidence you read (6 digits or more): other evidence refuses the answer.",
)


def examples(*lines: str) -> str:
    """Return the end of a help text, one example a line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def note(text: str) -> Decorator:
    """Return the option `--note` with its own help text."""
    return click.option("--note", default="", metavar="TEXT", help=text)


def reason(text: str) -> Decorator:
    """Return the required option `--reason` with its own help text."""
    return click.option("--reason", required=True, metavar="TEXT", help=text)

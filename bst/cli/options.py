"""The arguments and options that commands share."""

from collections.abc import Callable
from typing import Any, Final

import click

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
absent = click.option(
    "--for",
    "absent",
    metavar="NAME",
    help="The absent member who asked you to answer (bst delegate); without it you answer for yourself.",
)
revises = click.option(
    "--revises", metavar="ID", help="The round that failed and that this proposal mends, such as b5."
)
digest = click.option(
    "--digest",
    metavar="HEX",
    help="Of the evidence you read (6 digits or more): other evidence refuses the answer.",
)


def examples(*lines: str) -> str:
    """Return the end of a help text, one example a line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def reason(text: str) -> Callable[[Any], Any]:
    """Return the required option `--reason` with its own help text."""
    return click.option("--reason", required=True, metavar="TEXT", help=text)

"""The arguments and options that commands share."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import click

Decorator: TypeAlias = Callable[[Any], Any]
MEMBER_VARIABLE: Final = "BST_MEMBER"
KEY_VARIABLE: Final = "BST_KEY"
# Where a command's context has the private key's file that was named, for `bst.cli.signing`.
KEY_CHOSEN: Final = "bst.key"

team = click.argument("team")


def _who(context: click.Context, _: click.Parameter, name: str | None) -> str | None:
    if not name and not context.resilient_parsing:
        raise click.UsageError(f"Say who you are: --by NAME, or set {MEMBER_VARIABLE}.", context)
    return name


def _key_chosen(context: click.Context, _: click.Parameter, file: str | None) -> None:
    context.meta[KEY_CHOSEN] = file or None


named = click.option(
    "--by",
    metavar="NAME",
    envvar=MEMBER_VARIABLE,
    show_envvar=True,
    callback=_who,
    help="Who you are, as the charter has your name.",
)
_key = click.option(
    "--key",
    metavar="FILE",
    envvar=KEY_VARIABLE,
    show_envvar=True,
    expose_value=False,
    callback=_key_chosen,
    help="Your private key, in a team with keys; without it, the one of yours that the charter lists.",
)


def by(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--by`, and `--key` to sign with: for what a member's signature is asked of in a team with keys."""
    return named(_key(command))


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


def note(text: str) -> Decorator:
    """Return the option `--note` with its own help text."""
    return click.option("--note", default="", metavar="TEXT", help=text)


def reason(text: str) -> Decorator:
    """Return the required option `--reason` with its own help text."""
    return click.option("--reason", required=True, metavar="TEXT", help=text)

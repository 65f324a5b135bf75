"""`bst source`: the commands about sources."""

import click

from bst.cli import options
from bst.cli.source_try import command as try_
from bst.cli.source_types import command as types


@click.group(
    epilog=options.examples("bst source try claims.yaml", "bst source types sql"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Try a charter's sources out, or list the kinds that there are."""


command.add_command(try_)
command.add_command(types)

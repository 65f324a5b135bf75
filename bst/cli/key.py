"""`bst key`: the commands about a member's own keys."""

import click

from bst.cli import options
from bst.cli.key_list import command as list_
from bst.cli.key_new import command as new
from bst.cli.key_show import command as show


@click.group(
    epilog=options.examples("bst key new --name Ben", "bst key list claims", "bst key show ben.pub"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Make a key to sign your answers with, or show those that there are.

    Where a charter lists its members' keys, only what they sign counts. The private half stays with you.
    """


command.add_command(new)
command.add_command(list_)
command.add_command(show)

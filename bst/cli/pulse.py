"""`bst pulse`: the commands about pulses."""

import click

from bst.cli import options
from bst.cli.pulse_answer import command as answer
from bst.cli.pulse_open import draw, open_
from bst.cli.pulse_results import results, status


@click.group(
    epilog=options.examples("bst pulse draw claims --by Ana", "bst pulse answer claims"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Ask, and answer without a name, what the team thinks of trust and equality."""


for each in (status, open_, draw, answer, results):
    command.add_command(each)

"""The command `bst`. A command is a module of this package with a `command`, imported when it is called.

So `bst --help` imports neither the SDK nor pydantic and answers at once. `main` is where every error ends: as
one sentence and an exit code (0 done, 1 it did not hold, 2 bad input, 3 no server), never as a traceback.
"""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

import click
from click.shell_completion import shell_complete

from bst import exit_cleanly  # by its module: `bst.cli.leave` is a command
from bst.cli import errors

# What a shell's completion script sets when it asks for words; `_BST_COMPLETE=bash_source bst` prints one.
_COMPLETE: Final = "_BST_COMPLETE"

SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Start": {
        "source": "Try a charter's sources out, or list the kinds that there are.",
        "check": "Check charters; `-` reads one from standard input.",
        "schema": "Print the JSON Schema of charters, or a reference.",
        "up": "Start a Temporal server with its UI and a worker, and keep both running until Ctrl-C.",
        "setup": "Register the search attributes on the Temporal server in use.",
        "start": "Start a team's journey with its charter.",
        "rehearse": "Play a charter over past data: when would gates have opened, what held them?",
        "serve": "Serve the page on which people answer without an account, until Ctrl-C.",
        "demo": "Play 2013 for three teams on real flights, on a real server.",
    },
    "Look": {
        "list": "List every journey; works while no worker runs.",
        "status": "Show where a team stands, and why.",
        "ballot": "Show the open ballots with their questions, and the last closed one with its answers.",
        "evidence": "Show the numbers behind the gate: charts, sentences, diagnostics.",
        "together": "Show how a team works together: exchange, drift, promises, results.",
        "watch": "Show where a team stands, live, until its journey ends.",
        "chart": "Show the control chart of a metric, as wide as the terminal, and what it says.",
        "report": "Write a journey's report: one HTML file that needs nothing but itself.",
        "permissions": "Show what members may do: one table, the same for everybody.",
        "events": "Show what has happened in a journey, from the journal.",
        "export": "Write a journey's journal into a file that `bst verify` checks on any machine.",
        "verify": "Prove a journal: compute all evidence and decide every decision again.",
        "what-if": "What would have been otherwise, had a team's charter said something else?",
    },
    "Take part": {
        "key": "Make a key to sign your answers with, or show those that there are.",
        "confirm": "Stand behind the outcome as it is written.",
        "consent": "Consent to a proposal: good enough for now, safe enough to try.",
        "object": "Object to a proposal that would do harm, with a reason.",
        "ask": "Ask what has to be clear before everybody answers a ballot.",
        "clarify": "Answer a question on an open ballot; any member may.",
        "delegate": "Let another member answer ballots for you while you are absent.",
        "readback": "Have people outside the team read the outcome, and say when they would call it met.",
        "pulse": "Ask, and answer without a name, what the team thinks of trust and equality.",
        "milestone": "Say that something the team promised is done.",
        "measure": "Read the sources now, such as after a file was mended.",
        "record": "Record what only people can count, for one period, or correct it.",
        "explain": "Propose to take a signal on the chart as explained.",
        "rebase": "Propose to freeze control limits anew, from a period on.",
        "amend": "Propose another charter.",
        "exempt": "Propose that the team stays in its stage for a time, whatever the numbers say.",
        "leave": "Leave the team, at once and by yourself.",
        "exchange": "Say what your function needs, cannot do and can do; read the others'.",
        "work": "Take on work with what it is meant to change, and say what came of it.",
        "retrospective": "Say what the team made of a flag of drift.",
        "commit": "Promise something by a day, and say what came of it. It is in no gate.",
        "facilitate": "Hand the facilitation on. Nobody has it twice before all were offered a turn.",
        "hold": "Stop the line: gates stay shut until somebody resumes.",
        "resume": "Lift a hold, or bring a parked proposal back.",
        "dissolve": "Propose to end the journey, with the reason and what was learned.",
    },
}
COMMANDS: Final[Mapping[str, str]] = {
    name: line for section in SECTIONS.values() for name, line in section.items()
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, and whose help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own shape
        """Return the names in the table's order."""
        return [*COMMANDS]  # `list` is a module of this package, once it was called

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command, or None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"bst.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest the nearest; click suggests only what was imported."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table, section by section."""
        for title, lines in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([*lines.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`bst COMMAND --help` has examples. Set BST_MEMBER to your name and leave out --by.",
)
@click.version_option(package_name="business-service-teams", prog_name="bst")
def bst() -> None:
    """Carry a business service team through its journey: stability, optimization, innovation."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    errors.write_what_the_terminal_can_show()
    code = errors.flushed(_run(given))
    if "temporalio.bridge" in sys.modules:  # its threads may abort an orderly end
        exit_cleanly.leave(code)
    sys.exit(code)


def _run(given: list[str]) -> int:
    if instruction := os.environ.get(_COMPLETE):
        return shell_complete(bst, {}, "bst", _COMPLETE, instruction)
    try:
        # Not click's own `main`, which ends the process with 1 when the reader of a pipe goes away.
        with bst.make_context("bst", given) as context:
            bst.invoke(context)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException as error:  # noqa: BLE001 - the last place where an error can become a sentence
        return errors.told(error, given)
    return 0

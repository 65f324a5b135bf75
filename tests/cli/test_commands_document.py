"""docs/commands.md says what the commands say."""

import re
import shlex

import click
import pytest

from bst.cli import COMMANDS, bst
from bst.cli.reference import reference
from bst.next_steps import next_steps
from domain import commands as c
from domain.views import status
from tests.cli.place import ROOT
from tests.unit.journeys import begun


def test_the_document_is_what_the_help_says() -> None:
    written = (ROOT / "docs" / "commands.md").read_text()
    assert written == reference(), "run: python -m bst.cli.reference > docs/commands.md"


def test_every_command_is_in_it() -> None:
    written = reference()
    assert [name for name in COMMANDS if f"### bst {name}\n" not in written] == []
    assert [name for name in COMMANDS if not re.search(rf"\n    (\w+=\S+ )?bst {name}\b", written)] == [], (
        "an example for each"
    )


def examples() -> list[str]:
    """Every command line that the document shows."""
    joined = reference().replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines() if line.startswith("    ")]
    return [re.split(r" (?:\||&&|>) ", line)[0] for line in lines if line.startswith("bst ")]


@pytest.mark.parametrize("line", examples())
def test_examples_are_commands_that_exist(line: str) -> None:
    parsed(line)


def test_what_is_offered_next_are_commands_that_exist() -> None:
    play = begun(stages={"stability": {"milestones": ["runbook"]}})
    play.confirm_all()
    play.measure()
    play.do(c.HoldJourney(by="Ana", reason="wait"))
    play.do(c.DissolveTeam(by="Ana", reason="over", lesson="start smaller"))
    offered = next_steps(status(play.state))
    assert len(offered) > 3
    for line in offered:
        parsed(line)


def parsed(line: str) -> None:
    """Let the command read its arguments, without running it."""
    _, name, *arguments = shlex.split(line)
    command = bst.get_command(click.Context(bst), name)
    assert command is not None, line
    while isinstance(command, click.Group) and arguments:
        name, *arguments = arguments
        assert name in command.commands, line
        command = command.commands[name]
    command.make_context(name, arguments)

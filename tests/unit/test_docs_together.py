"""docs/together.md says what the program does: its numbers, its flags, its commands."""

import re
import shlex
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from bst.cli import bst
from bst.cli.retrospective import FLAGS
from bst.yaml_text import read_yaml
from domain.charter import Charter
from domain.commands.together import POST_LENGTH
from domain.decisions import committing, exchanging, working
from domain.drift_rules import DriftRules
from domain.together.drift import CYCLES_UNTIL_HELD
from domain.together.folding import CONTRIBUTIONS_KEPT
from domain.together.records import FlagKind
from tests.unit.journeys import charter

PAGE = (Path(__file__).parents[2] / "docs" / "together.md").read_text(encoding="utf-8")


def test_its_numbers_are_those_of_the_program() -> None:
    rules = {name: field.default for name, field in DriftRules.model_fields.items()}
    for words in (
        f"up to {exchanging.OF_A_KIND} posts of a kind, of up to {POST_LENGTH} characters each",
        f"the whole exchange {exchanging.ROOM:,}",
        f"Up to {working.OPEN_AT_MOST} items are open",
        f"Up to {committing.OPEN_AT_MOST} are open",
        f"the newest {CONTRIBUTIONS_KEPT} contributions",
        f"the `window` ({rules['window']}) newest",
        f"more than {rules['dictating']:.0%}".replace("%", " %"),
        f"| `taking_orders` | more than {rules['taking_orders']:.0%}".replace("%", " %"),
        f"| `single_function` | more than {rules['single_function']:.0%}".replace("%", " %"),
    ):
        assert words in " ".join(PAGE.split()), words
    assert CYCLES_UNTIL_HELD == 2
    assert "unresolved for two cycles" in PAGE


def test_its_flags_are_those_of_the_program() -> None:
    assert re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE) == list(get_args(FlagKind)) == list(FLAGS)


def test_its_charter_is_understood() -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    asked: Any = read_yaml(shown).data
    found = Charter.model_validate(charter().model_dump() | asked)
    assert found.forming.exchange
    assert found.drift is not None


LINES = [
    line
    for block in re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]


@pytest.mark.parametrize("line", LINES)
def test_its_commands_exist(line: str) -> None:
    _, name, *arguments = shlex.split(line)
    command = bst.get_command(click.Context(bst), name)
    assert command is not None
    if isinstance(command, click.Group):
        name, *arguments = arguments
        command = command.commands[name]
    command.make_context(name, arguments)

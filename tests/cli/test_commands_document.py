"""docs/commands.md says what the commands say."""

from bst.cli import COMMANDS
from bst.cli.reference import reference
from tests.cli.place import ROOT


def test_the_document_is_what_the_help_says() -> None:
    written = (ROOT / "docs" / "commands.md").read_text()
    assert written == reference(), "run: python -m bst.cli.reference > docs/commands.md"


def test_every_command_is_in_it() -> None:
    written = reference()
    assert [name for name in COMMANDS if f"### bst {name}\n" not in written] == []
    assert [name for name in COMMANDS if f"\n    bst {name}" not in written] == [], "an example for each"

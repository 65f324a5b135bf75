"""The reference of all commands in Markdown, made from their own help texts.

python -m bst.cli.reference > docs/commands.md
"""

from collections.abc import Iterator
from typing import Final

import click

from bst.cli import SECTIONS, bst

# Columns of a help text in the reference, on any terminal that it is made on.
WIDTH: Final = 100

_HEAD: Final = """\
# Commands

Made from the commands' own help (`python -m bst.cli.reference > docs/commands.md`); a test compares them.

Every command takes `--json` and then prints one JSON document, errors too:
`{"error": {"code": "not_a_member", "message": "..."}}`. The shapes are those of `domain.views`,
of `bst verify` that of `bst.verification.findings`; `watch` prints one document a line.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | what was asked for did not hold, such as `bst status --gate` on a shut gate |
| 2 | bad input, or refused by the rules; nothing was changed |
| 3 | no Temporal server answers, or no worker does |
| 130 | stopped with Ctrl-C |

`BST_MEMBER` is your name as the charter has it, where `--by` is left out. Which server and journal are meant
is said by the environment: see `bst.settings`. Colours appear only on a terminal, and `NO_COLOR` is honoured.
"""


def reference() -> str:
    """Return the whole document."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    group = click.Context(bst, info_name="bst")
    for title, names in SECTIONS.items():
        yield f"## {title}\n"
        for name in names:
            command = bst.get_command(group, name)
            assert command is not None  # a name of the table
            yield from _command(command, group, name)


def _command(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    """Yield the section of a command, and of those that it groups."""
    context = click.Context(
        command, parent=parent, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH
    )
    yield f"### {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for part, grouped in command.commands.items():
            yield from _command(grouped, context, part)


if __name__ == "__main__":
    click.echo(reference(), nl=False)

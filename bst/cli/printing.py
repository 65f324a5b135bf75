"""How commands print: JSON for machines, plain words and tables for people."""

import json
import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click
from pydantic import BaseModel

from bst.cli.errors import printable
from domain.views import Receipt

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from bst.charter_file import LoadedCharter

_LINE_END: Final = re.compile(r"(?: |\x1b\[[0-9;]*m)+$")
# Characters a line where nobody says how wide it may be: a file, or a pipe to grep.
PIPE_WIDTH: Final = 120


def show_json(
    value: BaseModel | Sequence[BaseModel | dict[str, Any]] | dict[str, Any], *, one_line: bool = False
) -> None:
    """Print a view, or several, as one JSON document."""
    plain: Any = value
    if isinstance(value, BaseModel):
        plain = value.model_dump(mode="json")
    elif not isinstance(value, dict):
        plain = [item if isinstance(item, dict) else item.model_dump(mode="json") for item in value]
    click.echo(json.dumps(plain, ensure_ascii=False, indent=None if one_line else 2))


def show_receipt(receipt: Receipt, *, as_json: bool) -> None:
    """Print what an update did, a line for each thing that happened."""
    if as_json:
        show_json(receipt)
        return
    for sentence in receipt.said or ("Nothing changed: this was recorded before.",):
        click.echo(printable(sentence))


def show(*parts: "RenderableType") -> None:
    """Print for people, in colour only on a terminal.

    Captured first, because rich ends the process with 1 when the reader has gone away.
    """
    screen = console()
    with screen.capture() as captured:
        for part in parts:
            screen.print(part)
    # Tables fill their lines with blanks, which would be copied along, and break at a narrower window.
    sys.stdout.write("".join(f"{_trimmed(line)}\n" for line in captured.get().splitlines()))


def _trimmed(line: str) -> str:
    """Return the line without blanks at its end; colours that are switched off there stay switched off."""
    return _LINE_END.sub(lambda end: end[0].replace(" ", ""), line)


def console() -> "Console":
    """Return what tables are printed on."""
    from rich.console import Console

    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=PIPE_WIDTH if piped else None)


def text(words: str, style: str = "") -> "Text":
    """Return somebody's words, in which nothing is markup and nothing moves the cursor."""
    from rich.text import Text

    return Text(printable(words), style=style)


def show_warnings(loaded: "LoadedCharter", *, as_json: bool) -> None:
    """Print what is doubtful about a charter beside the result, where a program does not read it."""
    if not as_json:
        for warning in loaded.warnings:
            click.echo(printable(warning.printed(loaded.path)), err=True)

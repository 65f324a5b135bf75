"""How commands sign: with the key that was named, or the member's own that the charter lists."""

import os
import sys
from pathlib import Path
from typing import Final

import click

from bst.cli.options import KEY_CHOSEN
from bst.signing_calls import Sign
from domain.errors import KeyUnusable

PASSPHRASE_VARIABLE: Final = "BST_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
FILE_VARIABLE: Final = "BST_KEY_PASSPHRASE_FILE"


def signer_of_context() -> Sign:
    """Return what signs for the command that runs; nothing is read or asked before it has to."""
    context = click.get_current_context(silent=True)
    chosen = None if context is None else context.meta.get(KEY_CHOSEN)
    opened: Sign | None = None

    def sign(by: str, public: str, message: bytes) -> str:
        # The library that signs takes its time to import, and most teams have no keys.
        from bst.keys.folder import folder
        from bst.keys.signer import Signer

        nonlocal opened
        if opened is None:
            file = None if chosen is None else Path(chosen).expanduser()
            opened = Signer(folder(), file=file, passphrase=passphrase_of)
        return opened(by, public, message)

    return sign


def passphrase_of(file: Path) -> str:
    """Return a key's passphrase: of the environment, else asked for on the terminal.

    Raises:
        KeyUnusable: nobody can be asked.
    """
    if (given := given_passphrase()) is not None:
        return given
    if not sys.stdin.isatty():
        raise KeyUnusable(
            f"The key in {file} has a passphrase and nobody is here to ask: set {FILE_VARIABLE} to a file "
            f"that has it, or {PASSPHRASE_VARIABLE}."
        )
    answer: str = click.prompt(f"Passphrase of {file}", hide_input=True, err=True)
    return answer


def given_passphrase() -> str | None:
    """Return the passphrase that the environment gives to programs: in a file, or as it is.

    Raises:
        KeyUnusable: the file cannot be read, or is not for its owner alone.
    """
    from bst.keys.private import guarded

    if file := os.environ.get(FILE_VARIABLE):
        return guarded(Path(file).expanduser()).decode(errors="replace").rstrip("\r\n")
    return os.environ.get(PASSPHRASE_VARIABLE) or None

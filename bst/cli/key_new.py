"""`bst key new`."""

import sys
from pathlib import Path
from typing import Final

import click

from bst.cli import options

# Characters. Shorter ones are guessed in days, whatever stretches them.
SHORTEST: Final = 8


@click.command(
    "new",
    epilog=options.examples(
        "bst key new --name Ben",
        "bst key new --name Ben -o ~/keys/ben.key",
        "bst key new --name Ben --keyring",
    ),
)
@click.option(
    "--name",
    metavar="NAME",
    envvar=options.MEMBER_VARIABLE,
    show_envvar=True,
    required=True,
    help="Whose key it is, as the charter has your name.",
)
@click.option(
    "--out", "-o", metavar="FILE", help="Where the private half goes; the public one beside it, as .pub."
)
@click.option("--keyring", is_flag=True, help="Keep the private half in the platform's keyring, and no file.")
@click.option("--no-passphrase", is_flag=True, help="Leave the file open to whoever can read it.")
@options.as_json
def command(name: str, out: str | None, *, keyring: bool, no_passphrase: bool, as_json: bool) -> None:
    """Make a key (Ed25519), and print its public half for the charter.

    The private half goes to a file that only you can read, under a passphrase that you are asked for twice.
    Programs give it by BST_KEY_PASSPHRASE_FILE or BST_KEY_PASSPHRASE. Files are as OpenSSH writes them, in
    the folder that BST_KEYS names (else bst/keys in your configuration). Nothing is overwritten.

    A lost key or passphrase cannot be restored: make a new key, and the others list it by an amendment.
    """
    if keyring and (out or no_passphrase):
        raise click.UsageError("A keyring takes no file and no passphrase: leave out -o and --no-passphrase.")
    from bst.cli.printing import show_json
    from bst.keys import private
    from bst.keys.folder import file_name, folder
    from domain.errors import KeyUnusable
    from signing.ed25519 import public_half

    path = folder() / f"{file_name(name)}.key" if out is None else Path(out).expanduser()
    private.refuse_taken(path)
    key = private.new()
    if keyring:
        private.write_public(key, path.with_suffix(".pub"), name)
        try:
            private.to_keyring(key)
        except KeyUnusable:
            path.with_suffix(".pub").unlink()  # half a key would only be in the way
            raise
    else:
        private.write(key, path, None if no_passphrase else _passphrase(), name)
    public, where = public_half(key), None if keyring else str(path)
    if as_json:
        show_json({"name": name, "public": public, "file": where})
        return
    click.echo(
        f"The private half is in {where or 'the keyring'}. For the charter:\n\nkeys:\n  {name}: {public}"
    )


def _passphrase() -> str:
    """Return the passphrase for a new key.

    Raises:
        click.UsageError: there is none, or it is too short.
    """
    from bst.cli.signing import FILE_VARIABLE, given_passphrase

    words = given_passphrase()
    if words is None:
        if not sys.stdin.isatty():
            raise click.UsageError(
                f"A key needs a passphrase, and nobody is here to ask: set {FILE_VARIABLE} to a file that "
                "has it, or say --no-passphrase."
            )
        asked: str = click.prompt(
            "Passphrase", hide_input=True, confirmation_prompt="The same again", default="",
            show_default=False, err=True,
        )  # fmt: skip
        words = asked
    if not words:
        raise click.UsageError("No passphrase was given: say --no-passphrase if the file is to be open.")
    if len(words) < SHORTEST:
        raise click.UsageError(f"A passphrase has {SHORTEST} characters or more: take a few words.")
    return words

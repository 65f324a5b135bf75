"""`bst key show`."""

from pathlib import Path

import click

from bst.cli import options


@click.command("show", epilog=options.examples("bst key show ~/.config/bst/keys/ben.pub"))
@click.argument("file")
@options.as_json
def command(file: str, *, as_json: bool) -> None:
    """Print the public half of a key in FILE, as charters list it.

    FILE is a public key (.pub), such as one of ssh-keygen -t ed25519, or a private one, which is opened.
    """
    from bst.cli.errors import printable
    from bst.cli.printing import show_json
    from bst.cli.signing import passphrase_of
    from bst.keys import private
    from bst.keys.folder import read_public
    from signing.ed25519 import public_half

    path, name = Path(file).expanduser(), ""
    if path.suffix == ".pub":
        public, name = read_public(path)
    else:
        locked = private.is_locked(path)
        public = public_half(private.read(path, passphrase_of(path) if locked else None))
    if as_json:
        show_json({"name": name, "public": public})
    else:
        click.echo(printable(f"{name}: {public}" if name else public))

"""Where a member's keys are, and which there are.

One folder of the user's: for each key `NAME.pub`, a line as OpenSSH writes it, and beside it the private
half `NAME.key`, unless that is in the platform's keyring. Keys of `ssh-keygen -t ed25519` may be put there.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from domain.errors import KeyUnusable
from signing.ed25519 import public_text

FOLDER_VARIABLE: Final = "BST_KEYS"
_NO_FILE_NAME: Final = re.compile(r"[^a-z0-9]+")


class Kept(NamedTuple):
    """One key: its name, its public half as charters list it, and where its private half is."""

    name: str
    public: str
    file: Path | None
    """The private half's file; None where it is in the keyring."""


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of keys: BST_KEYS, or `bst/keys` in the user's configuration (XDG)."""
    if chosen := environment.get(FOLDER_VARIABLE):
        return Path(chosen).expanduser()
    config = environment.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(config).expanduser() / "bst" / "keys"


def file_name(name: str) -> str:
    """Return a file's name for a member's: `Jana Müller` is kept in `jana-muller`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_FILE_NAME.sub("-", plain).strip("-") or "key"


def kept(place: Path) -> Iterator[Kept]:
    """Yield the keys in a folder, by name; what is no Ed25519 key is left out."""
    for path in sorted(place.glob("*.pub")):
        try:
            public, name = read_public(path)
        except KeyUnusable:
            continue
        beside = private_beside(path)
        yield Kept(name or path.stem, public, beside if beside.exists() else None)


def read_public(path: Path) -> tuple[str, str]:
    """Return a public key as charters list it, and the name that stands with it.

    Raises:
        KeyUnusable: the file cannot be read, or holds no Ed25519 key.
    """
    try:
        line = path.read_bytes().strip()
        key = load_ssh_public_key(line)
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(f"{path} is no public key as OpenSSH writes it (ssh-ed25519 ...).") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable(f"{path} is a key of another kind: only ssh-ed25519 is taken.")
    comment = line.split(maxsplit=2)[2:]
    return public_text(key), comment[0].decode(errors="replace") if comment else ""


def private_beside(public: Path) -> Path:
    """Return where the private half of a `.pub` file is: `NAME.key`, or `NAME` as ssh-keygen has it."""
    bare = public.with_suffix("")
    return bare if bare.is_file() else public.with_suffix(".key")

"""The private half of a key: in a file that only its owner may read, or in the platform's keyring.

Files are OpenSSH's own format, whose passphrase is stretched by bcrypt, so `ssh-keygen -p` can change it.
"""

import os
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from domain.errors import KeyUnusable
from signing.ed25519 import public_half

# Rounds of bcrypt: OpenSSH's own number since 9.4, a quarter of a second for whoever tries a passphrase.
ROUNDS: Final = 24
# Others than the owner may neither read, write nor run it.
_OTHERS: Final = 0o077
_SERVICE: Final = "business-service-teams"
_MORE: Final = 'pip install "business-service-teams[keyring]"'


def new() -> Ed25519PrivateKey:
    """Return a new key, of the system's random numbers."""
    return Ed25519PrivateKey.generate()


def refuse_taken(path: Path) -> None:
    """Refuse a place where something is, before anybody is asked for a passphrase.

    Raises:
        KeyUnusable: one of the two halves would overwrite something.
    """
    for file in (path, path.with_suffix(".pub")):
        if file.exists():
            raise KeyUnusable(_taken(file))


def write(key: Ed25519PrivateKey, path: Path, passphrase: str | None, comment: str) -> None:
    """Write a key's two halves: `path` for its owner alone, and the public one beside it.

    Raises:
        KeyUnusable: there is something already, or it cannot be written; nothing is overwritten.
    """
    public = path.with_suffix(".pub")
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase is not None:
        builder = PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(ROUNDS)
        encryption = builder.build(passphrase.encode())
    _create(path, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encryption), 0o600)
    try:
        write_public(key, public, comment)
    except KeyUnusable:
        path.unlink()  # half a key would only be in the way
        raise


def write_public(key: Ed25519PrivateKey, path: Path, comment: str) -> None:
    """Write the public half as OpenSSH does, with the member's name."""
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    _create(path, line + b" " + comment.encode() + b"\n", 0o644)


def read(path: Path, passphrase: str | None) -> Ed25519PrivateKey:
    """Return the private half in a file.

    Raises:
        KeyUnusable: it is not there, others may read it, it is no Ed25519 key, or the passphrase is wrong.
    """
    data = guarded(path)
    try:
        key = _opened(data, passphrase)
    except TypeError:
        word = "has a passphrase, and none was given" if passphrase is None else "has no passphrase"
        raise KeyUnusable(f"The key in {path} {word}.") from None
    except (ValueError, UnsupportedAlgorithm):
        why = "is no private key" if passphrase is None else "does not open: the passphrase is wrong"
        raise KeyUnusable(f"{path} {why}.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} is a key of another kind: make one with `bst key new`.")
    return key


def is_locked(path: Path) -> bool:
    """Return whether a file's key has a passphrase; raises KeyUnusable as `guarded` does."""
    try:
        _opened(guarded(path), None)
    except TypeError:  # so the library says that there is one
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False  # it is no key at all, and `read` says so
    return False


def _opened(data: bytes, passphrase: str | None) -> object:
    load = load_ssh_private_key if b"OPENSSH" in data else load_pem_private_key
    return load(data, None if passphrase is None else passphrase.encode())


def guarded(path: Path) -> bytes:
    """Return what a private file holds, if nobody but its owner may read it.

    Raises:
        KeyUnusable: it is not there, or others may read it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & _OTHERS:
                raise KeyUnusable(
                    f"Others may read {path} (mode {mode & 0o777:03o}), so it may be theirs too: make a new "
                    f"key, or if nobody else was ever there, `chmod 600 {path}`."
                )
            return file.read()
    except FileNotFoundError:
        raise KeyUnusable(f"There is no key {path}: `bst key list` shows yours.") from None
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be read: {error.strerror}.") from None


def to_keyring(key: Ed25519PrivateKey) -> None:
    """Keep a private half in the platform's keyring, which opens with the user's own login.

    Raises:
        KeyUnusable: there is no keyring here, or it does not take the key.
    """
    text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    keyring, errors = _keyring()
    try:
        keyring.set_password(_SERVICE, public_half(key), text)
    except errors.KeyringError as error:
        raise KeyUnusable(f"The platform's keyring does not take the key: {_said(error)}.") from None


def from_keyring(public: str) -> Ed25519PrivateKey:
    """Return the private half of a public one from the platform's keyring.

    Raises:
        KeyUnusable: there is no keyring here, or no such key in it.
    """
    keyring, errors = _keyring()
    try:
        text = keyring.get_password(_SERVICE, public)
    except errors.KeyringError as error:
        raise KeyUnusable(f"The platform's keyring does not open: {_said(error)}.") from None
    if text is None:
        raise KeyUnusable(f"The platform's keyring has no private half of {public}.")
    key = load_ssh_private_key(text.encode(), None)
    assert isinstance(key, Ed25519PrivateKey)  # as `to_keyring` wrote it
    return key


def _keyring() -> tuple[Any, Any]:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise KeyUnusable(f"The platform's keyring needs {_MORE}.") from None
    return keyring, keyring.errors


def _taken(path: Path) -> str:
    return f"{path} is there already, and a key is never overwritten: choose another file with -o."


def _said(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _create(path: Path, data: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError:
        raise KeyUnusable(_taken(path)) from None
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)

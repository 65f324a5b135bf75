"""What signs a member's commands: a private half that fits the public one that the charter lists."""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bst.keys import private
from bst.keys.folder import Kept, kept
from domain.errors import KeyUnusable
from signing.ed25519 import public_half, sign

# A file -> its passphrase, asked for when it has one.
Passphrase = Callable[[Path], str]


class Signer:
    """Signs with a member's own key. It is opened once, when something has to be signed for the first time.

    Args:
        place: the folder of keys; the one whose public half the charter lists is taken.
        file: this key and no other.
        passphrase: is asked for the passphrase of a file that has one.
    """

    def __init__(self, place: Path, *, file: Path | None = None, passphrase: Passphrase) -> None:
        self._place, self._file, self._passphrase = place, file, passphrase
        self._open: dict[str, Ed25519PrivateKey] = {}

    def __call__(self, by: str, public: str, message: bytes) -> str:
        """Return the signature of a statement in base64, by the key whose public half is `public`.

        Raises:
            KeyUnusable: there is no such key here, or it cannot be opened.
        """
        if public not in self._open:
            self._open[public] = self._opened(by, public)
        return sign(self._open[public], message)

    def _opened(self, by: str, public: str) -> Ed25519PrivateKey:
        if self._file is None:
            found = next((key for key in kept(self._place) if key.public == public), None)
            if found is None:
                raise KeyUnusable(self._none(by, public))
            key = private.from_keyring(public) if found.file is None else self._read(found.file)
        else:
            key = self._read(self._file)
        if public_half(key) != public:
            raise KeyUnusable(
                f"{self._file or self._place} holds {public_half(key)}, and the charter lists {public} for "
                f"{by}: sign with that key, or the team lists the other (bst amend)."
            )
        return key

    def _read(self, path: Path) -> Ed25519PrivateKey:
        return private.read(path, self._passphrase(path) if private.is_locked(path) else None)

    def _none(self, by: str, public: str) -> str:
        mine: list[Kept] = list(kept(self._place))
        there = f"has {', '.join(key.name for key in mine)}" if mine else "is empty"
        return (
            f"The charter lists {public} for {by}, and its private half is not here: {self._place} {there}. "
            "Name its file with --key FILE. If it is lost, the others can list a new one: see `bst key new`."
        )

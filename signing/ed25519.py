"""Ed25519 (RFC 8032) by the library `cryptography`: pure functions over text and bytes.

Verifying is deterministic and touches nothing else, so a workflow may do it.
"""

import base64
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PREFIX: Final = "ed25519:"


def verify(public_key: str, message: bytes, signature: str) -> bool:
    """Return whether the signature (base64) is that key's (`ed25519:` and base64) of the message.

    Whatever is malformed is no signature: nothing is raised.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(public_key.removeprefix(_PREFIX)))
        key.verify(_decoded(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return public_key.startswith(_PREFIX)


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    """Return the key's signature of the message in base64; the same message gives the same one."""
    return base64.b64encode(key.sign(message)).decode()


def public_half(key: Ed25519PrivateKey) -> str:
    """Return the public half as a charter lists it: `ed25519:` and base64."""
    return public_text(key.public_key())


def public_text(key: Ed25519PublicKey) -> str:
    """Return a public key as a charter lists it."""
    return _PREFIX + base64.b64encode(key.public_bytes_raw()).decode()


def _decoded(text: str) -> bytes:
    """Return the bytes of a base64 text that is written in the one right way; ValueError for any other."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("this base64 is not written as it should be")
    return raw

"""Keys and signatures as they are written: Ed25519 (RFC 8032), in the one base64 that RFC 4648 has for them.

The rules know the form only. Whether a signature is good is told by a `Verify` that enters as an argument:
what computes it stands in `signing`, outside the rules.
"""

import base64
import re
from collections.abc import Callable
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from domain.model import Carried, Sent
from domain.values import Whole

# 32 and 64 bytes in base64. The last letter has bits to spare: zero in the one right way.
_KEY: Final = r"^ed25519:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
_SIGNATURE: Final = r"^[A-Za-z0-9+/]{85}[AQgw]==$"
_FORM: Final = "`ed25519:` and 44 letters and signs"
# Characters: enough of a wrong key to recognise it.
_SHOWN: Final = 24
# How often a member may sign in a journey: far beyond any life, and exact in every JSON reader.
LARGEST_NUMBER: Final = 2**53 - 1

# The y coordinates of Curve25519's points of small order, as numbers below 2**255, two of them written in two
# ways. With one of these as a key a signature would say nothing, because it could fit any message.
_P: Final = 2**255 - 19
SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        _P - 1,
        _P,
        _P + 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)


def parse_public_key(value: object) -> object:
    """Return a public key as it is written, if it is one.

    Raises:
        ValueError: it is none, or one that says nothing; the sentence says what would be.
    """
    if not isinstance(value, str):
        return value  # the type's own words say it best
    key = value.strip()
    if not re.fullmatch(_KEY[1:-1], key):
        shown = key if len(key) <= _SHOWN else f"{key[:_SHOWN]}..."
        raise ValueError(f"`{shown}` is no public key: write it as `bst key show` prints it, {_FORM}")
    number = int.from_bytes(base64.b64decode(key.removeprefix("ed25519:")), "little")
    if number % 2**255 in SMALL_ORDER:
        raise ValueError("anybody could sign for this key: make one with `bst key new`")
    return key


PublicKey = Annotated[str, StringConstraints(pattern=_KEY), BeforeValidator(parse_public_key)]

# Public key, message, signature in base64 -> whether it is that key's signature of that message.
Verify = Callable[[str, bytes, str], bool]


class Signature(Sent):
    """What a member's key says to a command."""

    number: Whole = Field(
        ge=1, le=LARGEST_NUMBER, description="Which of the member's signatures in this journey: 1, 2, ..."
    )
    ed25519: str = Field(pattern=_SIGNATURE, description="Of the command's statement, in base64.")


class Signed(Carried):
    """Whose signature counted, and which."""

    by: str
    number: int
    ed25519: str
    words: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="What was signed in other words than the event has: a day for its week, for instance.",
        exclude_if=lambda words: not words,
    )


def nobody(public_key: str, message: bytes, signature: str) -> bool:  # noqa: ARG001 - the shape of a `Verify`
    """Take no signature for good: what is left out must not let anything through."""
    return False

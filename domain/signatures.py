"""Keys and signatures as they are written: Ed25519 (RFC 8032), in the one base64 that RFC 4648 has for them.

The rules know the form only. Whether a signature is good is told by a `Verify` that enters as an argument:
what computes it stands in `signing`, outside the rules.
"""

from collections.abc import Callable
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from domain.model import Carried, Sent
from domain.values import Whole

# 32 and 64 bytes in base64. The last letter has bits to spare: zero in the one right way.
_KEY: Final = r"^ed25519:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
_SIGNATURE: Final = r"^[A-Za-z0-9+/]{85}[AQgw]==$"
# How often a member may sign in a journey: far beyond any life, and exact in every JSON reader.
LARGEST_NUMBER: Final = 2**53 - 1

PublicKey = Annotated[str, StringConstraints(pattern=_KEY)]

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
    words: dict[str, str | float | None] = Field(
        default_factory=dict,
        description="What was signed in other words than the event has: a day for its week, for instance.",
        exclude_if=lambda words: not words,
    )


def nobody(public_key: str, message: bytes, signature: str) -> bool:  # noqa: ARG001 - the shape of a `Verify`
    """Take no signature for good: what is left out must not let anything through."""
    return False

"""Members with keys, made anew for each run of the tests, and commands signed with them."""

from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.commands import Signable
from domain.signatures import Signature
from domain.state import State
from domain.statement import Standing, standing, statement
from signing.ed25519 import public_half, sign
from tests.unit.journeys import MEMBERS

PRIVATE = {member: Ed25519PrivateKey.generate() for member in (*MEMBERS, "Dora")}
KEYS = {member: public_half(PRIVATE[member]) for member in MEMBERS}


_Command = TypeVar("_Command", bound=Signable)


def signed(
    about: State | Standing,
    command: _Command,
    by: str | None = None,
    number: int | None = None,
    key: str = "",
) -> _Command:
    """Return the command with the signature that the member's program would give it, or a wrong one."""
    known = about if isinstance(about, Standing) else standing(about)
    name: str = by or command.by  # type: ignore[attr-defined]
    which = known.next_number(name) if number is None else number
    value = sign(PRIVATE[key or name], statement(known, command, name, which))
    return command.model_copy(update={"signature": Signature(number=which, ed25519=value)})

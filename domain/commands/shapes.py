"""What people write into a command: one line of bounded length. And what a command may be signed with."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from domain.model import Sent
from domain.signatures import Signature
from domain.values import one_line

BallotId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), BeforeValidator(one_line)]


class Signable(Sent):
    """What a member asks, and in a team with keys has to sign: there it counts for nothing without."""

    kind: str
    signature: Signature | None = Field(
        default=None,
        description="In a team with keys: the member's own, of the command's statement.",
        exclude_if=lambda signature: signature is None,
    )

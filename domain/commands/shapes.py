"""What people write into a command: one line of bounded length. And what a command may be signed with."""

from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field, StringConstraints

from domain.model import Sent
from domain.signatures import Signature
from domain.values import one_line

BallotId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
QuestionId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), BeforeValidator(one_line)]
# A further round of a proposal whose last one failed, shown with what is different.
REVISES: Final = "The failed round that this one mends."


class Signable(Sent):
    """What a member asks, and in a team with keys has to sign: there it counts for nothing without."""

    asks_everybody: ClassVar[bool] = False
    """Whether it puts something to everybody, in a ballot, once the team has formed."""

    signed_names: ClassVar[tuple[str, ...]] = ()
    """What may be left out, and not where it is signed: a signature must not depend on what is meant then."""

    kind: str
    signature: Signature | None = Field(
        default=None,
        description="In a team with keys: the member's own, of the command's statement.",
        exclude_if=lambda signature: signature is None,
    )

"""Ballots: members answer, and propose."""

from typing import Final, Literal

from pydantic import Field

from domain.ballots import ObjectionKind
from domain.charter import Charter
from domain.commands.shapes import REVISES, BallotId, Signable, Words
from domain.values import Name, Sentence

_ABSENT: Final = "The absent member who asked `by` to answer for them."


class GiveConsent(Signable):
    """Good enough for now and safe enough to try."""

    signed_names = ("ballot", "digest")

    kind: Literal["give_consent"] = "give_consent"
    by: Name
    ballot: BallotId | None = Field(default=None, description="Its id; the only open one when left out.")
    digest: str | None = Field(default=None, description="Digest of the evidence that was read.")
    note: Words = Field(default="", description="A preference: recorded, and it does not block.")
    on_behalf_of: Name | None = Field(default=None, description=_ABSENT)


class RaiseObjection(Signable):
    """This would do harm: a reason of a kind, not a preference."""

    signed_names = ("ballot", "digest")

    kind: Literal["raise_objection"] = "raise_objection"
    by: Name
    ballot: BallotId | None = None
    digest: str | None = None
    objection: ObjectionKind
    reason: Sentence
    fix: Words = Field(default="", description="What would mend it, where somebody knows: the next round.")
    on_behalf_of: Name | None = Field(default=None, description=_ABSENT)


class ProposeAmendment(Signable):
    """Propose another charter."""

    asks_everybody = True

    kind: Literal["propose_amendment"] = "propose_amendment"
    by: Name
    reason: Sentence
    charter: Charter
    revises: BallotId | None = Field(default=None, description=REVISES)


class DissolveTeam(Signable):
    """Propose to end the journey, with the reason and what was learned."""

    asks_everybody = True

    kind: Literal["dissolve_team"] = "dissolve_team"
    by: Name
    reason: Sentence
    lesson: Sentence
    revises: BallotId | None = Field(default=None, description=REVISES)


OfDeciding = GiveConsent | RaiseObjection | ProposeAmendment | DissolveTeam

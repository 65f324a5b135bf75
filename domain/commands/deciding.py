"""Ballots: members answer, and propose."""

from typing import Literal

from pydantic import Field

from domain.ballots import ObjectionKind
from domain.charter import Charter
from domain.commands.shapes import BallotId, Signable, Words
from domain.values import Name, Sentence


class GiveConsent(Signable):
    """Good enough for now and safe enough to try."""

    kind: Literal["give_consent"] = "give_consent"
    by: Name
    ballot: BallotId | None = Field(default=None, description="Its id; the only open one when left out.")
    digest: str | None = Field(default=None, description="Digest of the evidence that was read.")
    note: Words = Field(default="", description="A preference: recorded, and it does not block.")


class RaiseObjection(Signable):
    """This would do harm: a reason of a kind, not a preference."""

    kind: Literal["raise_objection"] = "raise_objection"
    by: Name
    ballot: BallotId | None = None
    digest: str | None = None
    objection: ObjectionKind
    reason: Sentence


class ProposeAmendment(Signable):
    """Propose another charter."""

    kind: Literal["propose_amendment"] = "propose_amendment"
    by: Name
    reason: Sentence
    charter: Charter


class DissolveTeam(Signable):
    """Propose to end the journey, with the reason and what was learned."""

    kind: Literal["dissolve_team"] = "dissolve_team"
    by: Name
    reason: Sentence
    lesson: Sentence


OfDeciding = GiveConsent | RaiseObjection | ProposeAmendment | DissolveTeam

"""Exemptions from regression: proposed to everybody, for a time, and revoked by anybody."""

from typing import Literal

from pydantic import Field

from domain.commands.shapes import REVISES, BallotId, Signable
from domain.values import Day, Name, Sentence


class ProposeExemption(Signable):
    """Propose that the team stays in its stage for a time, whatever the numbers say."""

    asks_everybody = True

    kind: Literal["propose_exemption"] = "propose_exemption"
    by: Name
    reason: Sentence
    until: Day = Field(description="Its last day, by the days of UTC; at most 90 days ahead.")
    revises: BallotId | None = Field(default=None, description=REVISES)


class RevokeExemption(Signable):
    """End an exemption before its day."""

    kind: Literal["revoke_exemption"] = "revoke_exemption"
    by: Name
    reason: Sentence


OfExempting = ProposeExemption | RevokeExemption

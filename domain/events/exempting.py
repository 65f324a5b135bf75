"""Exemptions from regression: granted by consent, and how they ended."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.events.shapes import ByMember
from domain.model import Carried


class ExemptionGranted(Carried):
    """Until its day there is no grace period and no way back to stability."""

    kind: Literal["exemption_granted"] = "exemption_granted"
    by: str
    reason: str
    until: datetime
    at: datetime


class ExemptionExpired(Carried):
    """Its day is over."""

    kind: Literal["exemption_expired"] = "exemption_expired"
    grace_until: datetime | None = Field(description="End of the grace period that goes on now.")


class ExemptionRevoked(ByMember):
    """A member ended it before its day."""

    kind: Literal["exemption_revoked"] = "exemption_revoked"
    by: str
    reason: str
    grace_until: datetime | None = Field(description="End of the grace period that goes on now.")


ExemptingEvent = ExemptionGranted | ExemptionExpired | ExemptionRevoked

"""Members who were away for a time, and members who went."""

from datetime import datetime
from typing import Literal

from domain.events.shapes import ByMember
from domain.model import Carried


class VoiceDelegated(ByMember):
    """A member is absent until a time, and asked another to answer for them."""

    kind: Literal["voice_delegated"] = "voice_delegated"
    by: str
    to: str
    until: datetime


class VoiceTakenBack(ByMember):
    """The member is back."""

    kind: Literal["voice_taken_back"] = "voice_taken_back"
    by: str


class DelegationEnded(Carried):
    """The day of return has come: nobody answers for the member any more."""

    kind: Literal["delegation_ended"] = "delegation_ended"
    by: str
    to: str


class MemberLeft(ByMember):
    """A member left the team, at once and by themselves."""

    kind: Literal["member_left"] = "member_left"
    by: str
    function: str
    reason: str
    at: datetime


MembershipEvent = VoiceDelegated | VoiceTakenBack | DelegationEnded | MemberLeft

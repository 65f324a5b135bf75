"""Members who are away for a time, and members who go."""

from typing import Literal

from pydantic import Field

from domain.commands.shapes import Signable
from domain.values import Day, Name, Sentence


class DelegateVoice(Signable):
    """I am absent: another member may answer ballots for me, until a day."""

    kind: Literal["delegate_voice"] = "delegate_voice"
    by: Name
    to: Name
    until: Day = Field(description="The last day of the absence, by the days of UTC.")


class TakeBackVoice(Signable):
    """I am back: nobody answers for me any more."""

    kind: Literal["take_back_voice"] = "take_back_voice"
    by: Name


class LeaveTeam(Signable):
    """I leave this team, at once."""

    kind: Literal["leave_team"] = "leave_team"
    by: Name
    reason: Sentence


OfMembership = DelegateVoice | TakeBackVoice | LeaveTeam

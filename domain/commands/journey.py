"""The journey itself: members confirm the outcome, stop the line, let it go on, and do what they promised."""

from typing import Literal

from pydantic import Field

from domain.commands.shapes import BallotId, Signable, Words
from domain.values import Name, Sentence


class ConfirmOutcome(Signable):
    """I stand behind this version of the outcome."""

    signed_names = ("version",)

    kind: Literal["confirm_outcome"] = "confirm_outcome"
    by: Name
    version: int | None = Field(default=None, description="The version read; the newest when left out.")


class HoldJourney(Signable):
    """Stop the line: gates stay shut until somebody resumes; data goes on being collected."""

    kind: Literal["hold_journey"] = "hold_journey"
    by: Name
    reason: Sentence


class ResumeJourney(Signable):
    """Go on: lift a hold, or bring a parked proposal back."""

    kind: Literal["resume_journey"] = "resume_journey"
    by: Name
    parked: BallotId | None = Field(
        default=None, description="The last round of the parked proposal; needed when several are parked."
    )


class ReachMilestone(Signable):
    """Something the team promised for a stage is done."""

    kind: Literal["reach_milestone"] = "reach_milestone"
    name: Name
    by: Name | None = Field(default=None, description="Who says so; the milestone's owner when left out.")
    note: Words = ""


OfJourney = ConfirmOutcome | HoldJourney | ResumeJourney

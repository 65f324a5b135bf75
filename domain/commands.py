"""What people and the clock may ask of a journey, in the imperative.

No command has a role parameter: every member may do everything that any
member may do. `by` is a member's name as it stands in the charter.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from domain.ballots import ObjectionKind
from domain.charter import Charter
from domain.charting import Flag
from domain.measurement import MeasureResult
from domain.model import Sent
from domain.values import Name, Number, Sentence, one_line

BallotId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), BeforeValidator(one_line)]


class StartJourney(Sent):
    """Begin: the charter is linted once more, then the team forms."""

    kind: Literal["start_journey"] = "start_journey"
    charter: Charter


class ConfirmOutcome(Sent):
    """I stand behind this version of the outcome."""

    kind: Literal["confirm_outcome"] = "confirm_outcome"
    by: Name
    version: int | None = Field(default=None, description="The version read; the newest when left out.")


class GiveConsent(Sent):
    """Good enough for now and safe enough to try."""

    kind: Literal["give_consent"] = "give_consent"
    by: Name
    ballot: BallotId | None = Field(default=None, description="Its id; the only open one when left out.")
    digest: str | None = Field(default=None, description="Digest of the evidence that was read.")
    note: Words = Field(default="", description="A preference: recorded, and it does not block.")


class RaiseObjection(Sent):
    """This would do harm: a reason of a kind, not a preference."""

    kind: Literal["raise_objection"] = "raise_objection"
    by: Name
    ballot: BallotId | None = None
    digest: str | None = None
    objection: ObjectionKind
    reason: Sentence


class ExplainSignal(Sent):
    """Propose to take one point as explained."""

    kind: Literal["explain_signal"] = "explain_signal"
    by: Name
    metric: Name | None = Field(default=None, description="The outcome's metric when left out.")
    period: Name = Field(description="A date in the period, such as 2013-06-24.")
    cause: Sentence


class RecordValue(Sent):
    """A member counted a metric of the kind `manual` for one period, or corrects what was counted."""

    kind: Literal["record_value"] = "record_value"
    by: Name
    metric: Name | None = Field(default=None, description="The outcome's metric when left out.")
    period: Name = Field(description="A date in the period, such as 2013-06-24.")
    value: Number | None = Field(default=None, description="The value, ...")
    numerator: Number | None = Field(
        default=None, ge=0, description="... or of a share or rate, how many ..."
    )
    denominator: Number | None = Field(default=None, gt=0, description="... of how many.")
    note: Words = Field(default="", description="How it was counted.")

    @model_validator(mode="after")
    def _one_form(self) -> "RecordValue":
        counted = (self.numerator, self.denominator)
        if (self.value is None) == (None in counted) or (self.value is not None and counted != (None, None)):
            raise ValueError("give either value, or numerator and denominator")
        return self


class ProposeRebase(Sent):
    """Propose to freeze limits anew, from a period on; each question has to be answered with yes."""

    kind: Literal["propose_rebase"] = "propose_rebase"
    by: Name
    metric: Name | None = Field(default=None, description="The outcome's metric when left out.")
    since: Name = Field(description="A date in the first period of the new frozen points.")
    cause: Sentence
    different: Flag = Field(description="The data shows a distinctly different behaviour than before.")
    known: Flag = Field(description="The reason for the change is known.")
    desirable: Flag = Field(description="The new behaviour is desirable.")
    lasting: Flag = Field(description="It is intended, and expected to continue.")


class ProposeAmendment(Sent):
    """Propose another charter."""

    kind: Literal["propose_amendment"] = "propose_amendment"
    by: Name
    reason: Sentence
    charter: Charter


class HoldJourney(Sent):
    """Stop the line: gates stay shut until somebody resumes; data goes on being collected."""

    kind: Literal["hold_journey"] = "hold_journey"
    by: Name
    reason: Sentence


class ResumeJourney(Sent):
    """Go on: lift a hold, or bring a parked proposal back."""

    kind: Literal["resume_journey"] = "resume_journey"
    by: Name


class DissolveTeam(Sent):
    """Propose to end the journey, with the reason and what was learned."""

    kind: Literal["dissolve_team"] = "dissolve_team"
    by: Name
    reason: Sentence
    lesson: Sentence


class MeasureNow(Sent):
    """Read the sources now and not only when they are due."""

    kind: Literal["measure_now"] = "measure_now"
    by: Name


class ReachMilestone(Sent):
    """Something the team promised for a stage is done."""

    kind: Literal["reach_milestone"] = "reach_milestone"
    name: Name
    by: Name | None = Field(default=None, description="Who says so; the milestone's owner when left out.")
    note: Words = ""


class RefuseMessage(Sent):
    """Record a signal that could not be understood, so that it is not lost."""

    kind: Literal["refuse_message"] = "refuse_message"
    message: Name
    reason: str


class RecordMeasurement(Sent):
    """Take in what the sources gave, and judge the gate."""

    kind: Literal["record_measurement"] = "record_measurement"
    result: MeasureResult


class ReportJournal(Sent):
    """Say whether the journal can be written."""

    kind: Literal["report_journal"] = "report_journal"
    trouble: str | None = Field(description="Why it cannot; None when it can.")


class PassTime(Sent):
    """Do what is due: reminders, closes, the end of a grace period."""

    kind: Literal["pass_time"] = "pass_time"


Command = (
    StartJourney
    | ConfirmOutcome
    | GiveConsent
    | RaiseObjection
    | ExplainSignal
    | RecordValue
    | ProposeRebase
    | ProposeAmendment
    | HoldJourney
    | ResumeJourney
    | DissolveTeam
    | MeasureNow
    | ReachMilestone
    | RefuseMessage
    | RecordMeasurement
    | ReportJournal
    | PassTime
)

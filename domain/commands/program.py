"""What the program itself asks: nobody has a name here."""

from typing import Literal

from pydantic import Field

from domain.charter import Charter
from domain.measurement import MeasureResult
from domain.model import Sent
from domain.values import Name


class StartJourney(Sent):
    """Begin: the charter is linted once more, then the team forms."""

    kind: Literal["start_journey"] = "start_journey"
    charter: Charter
    journey: str = Field(default="", description="What tells it from any other journey of this team.")


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


OfProgram = RefuseMessage | RecordMeasurement | ReportJournal | PassTime

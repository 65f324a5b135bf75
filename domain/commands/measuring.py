"""Numbers: members want them read, count them by hand, and propose how they are taken."""

from typing import Literal

from pydantic import Field, model_validator

from domain.charting import Flag
from domain.commands.shapes import REVISES, BallotId, Signable, Words
from domain.model import Sent
from domain.values import Name, Number, Sentence


class MeasureNow(Sent):
    """Read the sources now and not only when they are due. It decides nothing, so nobody signs it."""

    kind: Literal["measure_now"] = "measure_now"
    by: Name


class RecordValue(Signable):
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


class ExplainSignal(Signable):
    """Propose to take one point as explained."""

    asks_everybody = True

    kind: Literal["explain_signal"] = "explain_signal"
    by: Name
    metric: Name | None = Field(default=None, description="The outcome's metric when left out.")
    period: Name = Field(description="A date in the period, such as 2013-06-24.")
    cause: Sentence
    revises: BallotId | None = Field(default=None, description=REVISES)


class ProposeRebase(Signable):
    """Propose to freeze limits anew, from a period on; each question has to be answered with yes."""

    asks_everybody = True

    kind: Literal["propose_rebase"] = "propose_rebase"
    by: Name
    metric: Name | None = Field(default=None, description="The outcome's metric when left out.")
    since: Name = Field(description="A date in the first period of the new frozen points.")
    cause: Sentence
    different: Flag = Field(description="The data shows a distinctly different behaviour than before.")
    known: Flag = Field(description="The reason for the change is known.")
    desirable: Flag = Field(description="The new behaviour is desirable.")
    lasting: Flag = Field(description="It is intended, and expected to continue.")
    revises: BallotId | None = Field(default=None, description=REVISES)


OfMeasuring = MeasureNow | RecordValue | ExplainSignal | ProposeRebase

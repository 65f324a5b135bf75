"""What a charter says of the read-back."""

from pydantic import Field, model_validator

from domain.model import Sent
from domain.values import Number, Sentence, Whole

# Three are enough to guess wrong twice as often as right, and few enough to be read.
SITUATIONS = 3


class ReadBack(Sent):
    """People outside the team read the outcome, and pick the situation in which it is met."""

    situations: tuple[Sentence, ...] = Field(
        min_length=SITUATIONS,
        max_length=SITUATIONS,
        description="Three situations that a reader could see one day, each as concrete as the others; in "
        "one of them the outcome is met.",
    )
    met: Whole = Field(ge=1, le=SITUATIONS, description="In which of them the outcome is met: 1, 2 or 3.")
    people: Whole = Field(default=5, ge=3, le=50, description="Readers needed, none of them on the team.")
    functions: Whole = Field(default=3, ge=2, le=20, description="Functions that they must come from.")
    agreement: Number = Field(
        default=0.8, gt=0.5, le=1, description="Share of them who must pick the situation that is meant."
    )

    @model_validator(mode="after")
    def _apart(self) -> "ReadBack":
        if len({situation.casefold() for situation in self.situations}) < SITUATIONS:
            raise ValueError("two situations are the same: write three that differ")
        if self.functions > self.people:
            msg = f"{self.people} people cannot come from {self.functions} functions: ask more people"
            raise ValueError(msg)
        return self

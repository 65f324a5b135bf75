"""Ballots: one round of consent on one proposal, bound to the evidence it is about.

Every member has one voice, and nobody's counts more. Silence is never
consent, and there is no override. Answers stay sealed until all have
answered or the ballot closes; `domain.views` is the only way to read them.
Questions are open, and one that nobody answered keeps a ballot from being
consented.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.charter import Charter, Stage
from domain.model import Carried, silent

ObjectionKind = Literal["harms_outcome", "stops_my_work", "irreversible"]
BallotOutcome = Literal["consented", "objected", "no_decision", "withdrawn"]
# A last call that still leaves a working day to answer.
ONE_DAY = timedelta(days=1)


class Advance(Carried):
    """Go on to the next stage."""

    kind: Literal["advance"] = "advance"
    stage: Stage
    to: Stage


class Explanation(Carried):
    """Take a point as explained: it stays on the chart and stops counting."""

    kind: Literal["explain"] = "explain"
    by: str
    metric: str
    period: int
    cause: str


class Rebase(Carried):
    """Freeze the limits of a metric anew, from a period on."""

    kind: Literal["rebase"] = "rebase"
    by: str
    metric: str
    period: int = Field(description="First period of the new frozen points.")
    cause: str
    answered: tuple[str, ...] = Field(description="Wheeler's questions, each answered with yes.")


class Amendment(Carried):
    """Replace the charter."""

    kind: Literal["amend"] = "amend"
    by: str
    reason: str
    charter: Charter | None = Field(
        default=None, description="None once the ballot has closed: the journal has it, the state no room."
    )


class Dissolution(Carried):
    """End the journey, with the reason and what was learned."""

    kind: Literal["dissolve"] = "dissolve"
    by: str
    reason: str
    lesson: str


class Exemption(Carried):
    """Stay in the stage for a time, whatever the numbers say: no grace period, no way back."""

    kind: Literal["exempt"] = "exempt"
    by: str
    reason: str
    until: datetime


Proposal = Annotated[
    Advance | Explanation | Rebase | Amendment | Dissolution | Exemption, Field(discriminator="kind")
]


class Answer(Carried):
    """What one member said. A newer answer replaces an older one until the ballot closes."""

    choice: Literal["consent", "objection"]
    objection: ObjectionKind | None = None
    words: str = ""
    fix: str = Field(default="", description="What would mend an objection.", exclude_if=silent)
    given_by: str = Field(default="", description="Who answered for an absent member.", exclude_if=silent)
    revision: int = Field(description="1 for the first answer of this member on this ballot.")

    @property
    def said(self) -> str:
        """The answer in words: its kind, what would mend it, and who gave it for an absent member."""
        kind = (self.objection or self.choice).replace("_", " ")
        if self.choice == "consent" and self.words:
            kind += ", with a preference"
        words = f": {self.words}" if self.words else ""
        fix = f"; it would be mended by: {self.fix}" if self.fix else ""
        return f"{kind}{f', given by {self.given_by}' if self.given_by else ''}{words}{fix}"


class Question(Carried):
    """What a member wants to know before everybody answers. Open to all, with its answer."""

    id: str
    by: str
    text: str
    at: datetime
    answered_by: str = ""
    answer: str = ""

    @property
    def said(self) -> str:
        """Question and answer, with their names."""
        answer = f"{self.answered_by}: {self.answer}" if self.answered_by else "not answered yet"
        return f"{self.id} of {self.by}: {self.text} ({answer})"

    @property
    def unanswered(self) -> bool:
        """Whether it keeps the ballot from being consented."""
        return not self.answered_by


class Ballot(Carried):
    """One open round."""

    id: str
    proposal: Proposal
    digest: str = Field(description="SHA-256 of the evidence that the proposal is about.")
    round: int
    opened_at: datetime
    closes_at: datetime
    voters: tuple[str, ...]
    answers: dict[str, Answer] = Field(default_factory=dict)
    reminders: int = 0
    excused: tuple[str, ...] = Field(
        default=(), description="Voters whose silence does not count when time is up.", exclude_if=silent
    )
    revises: str = Field(
        default="", description="The failed round that this proposal mends.", exclude_if=silent
    )
    first: str = Field(
        default="", description="Of an amendment's later round: its first ballot.", exclude_if=silent
    )
    revised: tuple[str, ...] = Field(
        default=(), description="The difference, a line each.", exclude_if=silent
    )
    questions: tuple[Question, ...] = Field(default=(), exclude_if=silent)
    questions_asked: int = Field(default=0, exclude_if=silent)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Members who have not answered yet."""
        return tuple(member for member in self.voters if member not in self.answers)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """Questions that nobody has answered yet."""
        return tuple(question for question in self.questions if question.unanswered)

    @property
    def complete(self) -> bool:
        """Whether there is nothing to wait for: everybody answered, and no question keeps it open."""
        return not self.waiting_for and (self.verdict == "objected" or not self.unanswered)

    @property
    def missing(self) -> tuple[str, ...]:
        """Members without whose answer there is no consent."""
        return tuple(member for member in self.waiting_for if member not in self.excused)

    @property
    def verdict(self) -> BallotOutcome:
        """How the ballot stands if it closed now."""
        if any(answer.choice == "objection" for answer in self.answers.values()):
            return "objected"
        return "no_decision" if self.missing or self.unanswered else "consented"


class ClosedBallot(Carried):
    """The newest closed round, with its answers, which are sealed no longer."""

    ballot: Ballot
    outcome: BallotOutcome
    reason: str
    closed_at: datetime


def reminders_at(ballot: Ballot) -> tuple[datetime, ...]:
    """Return when members are reminded: at half time, and a day before the close when that is later."""
    span = ballot.closes_at - ballot.opened_at
    half = ballot.opened_at + span / 2
    day_before = ballot.closes_at - ONE_DAY
    return (half, day_before) if day_before > half else (half,)

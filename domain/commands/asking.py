"""Ballots: members ask before they answer, and others clarify."""

from typing import Literal

from pydantic import Field

from domain.commands.shapes import BallotId, QuestionId, Signable
from domain.values import Name, Sentence


class AskQuestion(Signable):
    """Ask what has to be clear before everybody answers: until it is answered, there is no consent."""

    signed_names = ("ballot",)

    kind: Literal["ask_question"] = "ask_question"
    by: Name
    ballot: BallotId | None = Field(default=None, description="Its id; the only open one when left out.")
    question: Sentence


class AnswerQuestion(Signable):
    """Answer a member's question. Anybody may, once; what stays unclear is asked anew."""

    signed_names = ("ballot",)

    kind: Literal["answer_question"] = "answer_question"
    by: Name
    ballot: BallotId | None = None
    question: QuestionId | None = Field(default=None, description="Its id; the only open one when left out.")
    answer: Sentence


class WithdrawQuestion(Signable):
    """Take a question of one's own back: it keeps nothing open any more."""

    signed_names = ("ballot",)

    kind: Literal["withdraw_question"] = "withdraw_question"
    by: Name
    ballot: BallotId | None = None
    question: QuestionId | None = None


OfAsking = AskQuestion | AnswerQuestion | WithdrawQuestion

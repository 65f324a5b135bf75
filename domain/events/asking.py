"""Ballots: what members wanted to know first, and what they were told."""

from datetime import datetime
from typing import Literal

from domain.events.shapes import ByMember


class QuestionAsked(ByMember):
    """A member asked: until somebody answers, the ballot is not consented."""

    kind: Literal["question_asked"] = "question_asked"
    ballot: str
    question: str
    by: str
    text: str
    at: datetime


class QuestionAnswered(ByMember):
    """A member answered a question."""

    kind: Literal["question_answered"] = "question_answered"
    ballot: str
    question: str
    by: str
    text: str


class QuestionWithdrawn(ByMember):
    """Who had asked took the question back."""

    kind: Literal["question_withdrawn"] = "question_withdrawn"
    ballot: str
    question: str
    by: str


AskingEvent = QuestionAsked | QuestionAnswered | QuestionWithdrawn

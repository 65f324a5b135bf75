"""Questions on a ballot: anybody asks, anybody answers, and who asked may take it back."""

from datetime import datetime
from typing import Final

from domain import events as e
from domain.ballots import Ballot, Question
from domain.commands import AnswerQuestion, AskQuestion, WithdrawQuestion
from domain.decisions.people import member, open_ballot
from domain.errors import NotUnderstood, WrongStage
from domain.state import State
from domain.wording import named

# More questions than people can have in mind at once; enough for any proposal that was understood at all.
UNANSWERED_AT_MOST: Final = 5


def ask(state: State, command: AskQuestion, now: datetime) -> tuple[e.Event, ...]:
    """Ask. The same open question of the same member is one question."""
    by, ballot = member(state, command.by), open_ballot(state, command.ballot, now)
    if any((q.by, q.text) == (by, command.question) for q in ballot.unanswered):
        return ()
    if len(ballot.unanswered) >= UNANSWERED_AT_MOST:
        raise WrongStage(
            f"{UNANSWERED_AT_MOST} questions on ballot {ballot.id} wait for an answer: answer one first."
        )
    name = f"q{ballot.questions_asked + 1}"
    return (e.QuestionAsked(ballot=ballot.id, question=name, by=by, text=command.question, at=now),)


def answer(state: State, command: AnswerQuestion, now: datetime) -> tuple[e.Event, ...]:
    """Answer a question, which any member may. The first answer stands, and is never taken over."""
    by, ballot = member(state, command.by), open_ballot(state, command.ballot, now)
    question = _question(ballot, command.question)
    if not question.unanswered:
        if (question.answered_by, question.answer) == (by, command.answer):
            return ()
        raise WrongStage(
            f"{question.answered_by} answered {question.id} already: what is still unclear is asked anew."
        )
    return (e.QuestionAnswered(ballot=ballot.id, question=question.id, by=by, text=command.answer),)


def withdraw(state: State, command: WithdrawQuestion, now: datetime) -> tuple[e.Event, ...]:
    """Take one's own question back."""
    by, ballot = member(state, command.by), open_ballot(state, command.ballot, now)
    question = _question(ballot, command.question)
    if question.by != by:
        raise WrongStage(
            f"{question.by} asked {question.id}, and takes it back if anybody does; you may answer it."
        )
    if not question.unanswered:
        raise WrongStage(f"{question.answered_by} answered {question.id}: it keeps nothing open any more.")
    return (e.QuestionWithdrawn(ballot=ballot.id, question=question.id, by=by),)


def _question(ballot: Ballot, name: str | None) -> Question:
    waiting = ballot.unanswered
    if name is None and len(waiting) == 1:
        return waiting[0]
    found = next((q for q in ballot.questions if q.id == name), None)
    if found is None:
        there = named(q.id for q in waiting) if waiting else "none"
        if name is None and waiting:
            raise NotUnderstood(f"Several questions on ballot {ballot.id} are open: say which one, {there}.")
        which = f"No question on ballot {ballot.id} is called {name!r}" if name else "No question is open"
        raise NotUnderstood(f"{which}: unanswered is {there}.")
    return found

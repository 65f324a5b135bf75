"""How a state changes by what members ask, delegate and leave, and by exemptions.

A part of `domain.evolve`, and as total as it is.
"""

from datetime import datetime
from typing import Any, assert_never

from domain import events as e
from domain.ballots import Ballot, Question
from domain.charter import Charter
from domain.state import Delegation, Exempt, State

# Answered questions of a ballot that a state has room for; the journal has them all.
ANSWERED_KEPT = 3

Voiced = e.AskingEvent | e.MembershipEvent | e.ExemptingEvent


def voiced(state: State, event: Voiced) -> State:
    """Return the state after the event."""
    match event:
        case e.QuestionAsked() | e.QuestionAnswered() | e.QuestionWithdrawn():
            ballots = tuple(
                _asked(ballot, event) if ballot.id == event.ballot else ballot for ballot in state.ballots
            )
            return _with(state, ballots=ballots)
        case e.VoiceDelegated(by=by, to=to, until=until):
            return _with(state, delegations={**state.delegations, by: Delegation(to=to, until=until)})
        case e.VoiceTakenBack(by=by) | e.DelegationEnded(by=by):
            return _with(state, delegations={k: v for k, v in state.delegations.items() if k != by})
        case e.MemberLeft():
            return _left(state, event)
        case e.ExemptionGranted(by=by, reason=reason, until=until, at=at):
            left = None if state.grace is None else max(state.grace.until - at, at - at)
            return _with(state, exempt=Exempt(by=by, reason=reason, until=until, at=at, grace_left=left))
        case e.ExemptionExpired(grace_until=grace_until) | e.ExemptionRevoked(grace_until=grace_until):
            return _with(state, exempt=None, **_grace(state, grace_until))
        case _:
            assert_never(event)


def _with(state: State, **changes: Any) -> State:
    return state.model_copy(update=changes)


def _grace(state: State, until: datetime | None) -> dict[str, Any]:
    if state.grace is None or until is None:
        return {}
    return {"grace": state.grace.model_copy(update={"until": until})}


def _asked(ballot: Ballot, event: e.AskingEvent) -> Ballot:
    match event:
        case e.QuestionAsked():
            new = Question(id=event.question, by=event.by, text=event.text, at=event.at)
            asked = {"questions": (*ballot.questions, new), "questions_asked": ballot.questions_asked + 1}
            return ballot.model_copy(update=asked)
        case e.QuestionAnswered():
            said = {"answered_by": event.by, "answer": event.text}
            questions = tuple(
                q.model_copy(update=said) if q.id == event.question else q for q in ballot.questions
            )
            return ballot.model_copy(update={"questions": _newest(questions)})
        case e.QuestionWithdrawn():
            left = tuple(q for q in ballot.questions if q.id != event.question)
            return ballot.model_copy(update={"questions": left})
        case _:
            assert_never(event)


def _newest(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    answered = [q.id for q in questions if not q.unanswered]
    old = set(answered[:-ANSWERED_KEPT])
    return tuple(q for q in questions if q.id not in old)


def _left(state: State, event: e.MemberLeft) -> State:
    charter = without(state.charter, event.by)
    gone = event.function not in charter.members.values() and event.function in charter.required_functions
    return _with(
        state,
        charter=charter,
        confirmations={name: v for name, v in state.confirmations.items() if name != event.by},
        delegations=still_given(state.delegations, charter),
        missing_since=state.missing_since | ({event.function: event.at} if gone else {}),
        gate=None,
    )


def without(charter: Charter, member: str) -> Charter:
    """Return the charter without a member; a function that nobody is from any more stays required."""
    members = {name: job for name, job in charter.members.items() if name != member}
    keys = {name: key for name, key in charter.keys.items() if name != member}
    update: dict[str, Any] = {"members": members, "keys": keys}
    if set(charter.required_functions) - set(members.values()):
        update["functions"] = charter.required_functions
    return charter.model_copy(update=update)


def only_removed(before: Charter, after: Charter) -> tuple[str, ...]:
    """Return the members that an amendment takes out, if that is all it does; nobody otherwise.

    Their keys go with them, and a milestone of theirs gets another owner, because no charter passes its lint
    otherwise.
    """
    gone = tuple(name for name in before.members if name not in after.members)
    may = {"members": after.members, "milestones": after.milestones, "keys": after.keys}
    same, stay = before.model_copy(update=may), _of_others(before.members, gone)
    owners = {
        name: after.milestones.get(name) if owner in gone else owner
        for name, owner in before.milestones.items()
    }
    kept = (same, stay, owners, _of_others(before.keys, gone))
    return gone if kept == (after, after.members, after.milestones, after.keys) else ()


def _of_others(table: dict[str, str], gone: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in table.items() if name not in gone}


def still_given(delegations: dict[str, Delegation], charter: Charter) -> dict[str, Delegation]:
    """Return the delegations between members of the charter."""
    return {
        absent: given
        for absent, given in delegations.items()
        if absent in charter.members and given.to in charter.members
    }

"""What can be done about a journey now, as commands that only need a name filled in."""

import shlex
from collections.abc import Iterator
from typing import Final

from domain.ballot_views import BallotView
from domain.criteria.readback import NOBODY_ASKED
from domain.notices import TO_ANSWER, TO_GO_ON, TO_READ, TO_RECORD
from domain.views import Status

# How `domain.notices.waiting` ends its sentence on confirmations.
_TO_CONFIRM: Final = " to confirm the outcome"


def next_steps(status: Status, me: str | None = None) -> tuple[str, ...]:
    """Return ready-made command lines, the most urgent first; none when there is only to wait.

    Args:
        status: where the team stands.
        me: who asks, if that is known to the commands as well: then what `me` can do needs no `--by`.
    """
    if status.ended or status.stage in {"completed", "dissolved"}:
        return (f"bst events {status.team}",)
    return tuple(_steps(status, me))


def _steps(status: Status, me: str | None) -> Iterator[str]:
    team, by = status.team, "" if me else " --by NAME"
    for ballot in status.ballots:
        yield from _on(status, ballot, me)
    if any(sentence.endswith(_TO_CONFIRM) for sentence in status.waiting):
        yield f"bst confirm {team}{by}"
    yield from _together(status, me)
    yield from _to_record(status, by)
    yield from _read_back(status, by)
    if any(sentence.startswith(TO_ANSWER) for sentence in status.waiting):
        yield f"bst pulse draw {team}{by}"
        yield f"bst pulse answer {team}"
    yield from _resumed(status, by)
    yield from _to_mend(status, by)
    for verdict in status.verdicts:
        kind, _, name = verdict.criterion.partition(":")
        if kind == "milestone" and verdict.status != "met":
            yield f"bst milestone {team} {shlex.quote(name)}{by}"
        if kind == "control" and verdict.status == "not_met":
            yield f'bst explain {team} DATE{by} --cause "..."'
    if "source" in status.attention:
        yield f"bst measure {team}{by}"
    if {"source", "incomplete"} & set(status.attention):
        yield f'bst amend {team} CHARTER.yaml{by} --reason "..."'


def _resumed(status: Status, by: str) -> Iterator[str]:
    """Yield what lifts a hold or brings the next stage back, and what brings back each parked proposal."""
    parked = [one.ballot for one in status.failed if one.parked]
    if "hold" in status.attention or any(note.startswith(TO_GO_ON) for note in status.notes):
        yield f"bst resume {status.team}{by}"
    for ballot in parked:
        yield f"bst resume {status.team} --ballot {ballot}{by}"


def _together(status: Status, me: str | None) -> Iterator[str]:
    team, by = status.team, "" if me else " --by NAME"
    mine = [duty for who, told in status.duties.items() if not me or who == me for duty in told]
    if any(duty.startswith("post a ") for duty in mine):
        yield f'bst exchange post {team}{by} --need "..." --limitation "..." --capability "..."'
    if any(duty.startswith("acknowledge ") for duty in mine):
        yield f"bst exchange show {team}"
        yield f"bst exchange acknowledge {team}{by}"
    if any(duty.startswith("keep ") for duty in mine):
        yield f"bst commit done {team} ID{by}"
    if any(duty == "facilitate" for duty in mine):
        yield f"bst facilitate next {team}{by}"
    if "drift" in status.attention:
        yield f"bst together {team}"


def _on(status: Status, ballot: BallotView, me: str | None) -> Iterator[str]:
    """Yield what can be done about one ballot: answer it, answer a question on it."""
    team, which = status.team, f" --ballot {ballot.id}" if len(status.ballots) > 1 else ""
    if ballot.waiting_for:
        yield f"bst consent {team}{which}{_by(ballot, me)}"
        yield f'bst object {team}{which}{_by(ballot, me)} --kind harms_outcome --reason "..."'
    for question in ballot.questions:
        if question.unanswered:
            by = "" if me else " --by NAME"
            yield f'bst clarify {team} "..." --question {question.id}{which}{by}'


def _to_mend(status: Status, by: str) -> Iterator[str]:
    for one in status.failed:
        if one.outcome == "objected" and not one.parked and one.kind == "amend":
            yield f'bst amend {status.team} CHARTER.yaml{by} --reason "..." --revises {one.ballot}'
    if status.exempt is not None:
        yield f'bst exempt {status.team} --revoke{by} --reason "..."'


def _read_back(status: Status, by: str) -> Iterator[str]:
    if any(sentence.startswith(TO_READ) for sentence in status.waiting):
        yield f"bst readback codes {status.team} --function NAME --count 3"
        yield f"bst readback close {status.team}{by}"
    elif any(v.criterion == "read_back" and v.actual == NOBODY_ASKED for v in status.verdicts):
        yield f"bst readback open {status.team}{by}"


def _to_record(status: Status, by: str) -> Iterator[str]:
    for sentence in status.waiting:
        if sentence.startswith(TO_RECORD):
            metric, _, period = sentence.removeprefix(TO_RECORD).rpartition(" of ")
            yield f"bst record {status.team} {shlex.quote(metric)} --period {period}{by} --value NUMBER"


def _by(ballot: BallotView, me: str | None) -> str:
    if me and me.casefold() in (name.casefold() for name in ballot.waiting_for):
        return ""
    return f" --by {shlex.quote(ballot.waiting_for[0]) if len(ballot.waiting_for) == 1 else 'NAME'}"

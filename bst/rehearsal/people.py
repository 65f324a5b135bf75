"""The members of a rehearsed team: the policy of `bst.rehearsal.answers`, turned into acts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bst.rehearsal.answers import Answers, Objection
from bst.rehearsal.engine import Act
from domain import commands as c
from domain.ballots import Advance, Ballot
from domain.charter import Charter
from domain.periods import end_of, parse_label
from domain.state import State
from domain.zones import day_of, start_of_day

# People act so long after what they act on, and after a day's first moment: never at the very moment at which
# a period closes, where the order would be chance.
MOMENT: Final = timedelta(minutes=1)


@dataclass
class Members:
    """What the members of one journey will do."""

    answers: Answers
    zone: str
    planned: list[Act]
    _answered: set[tuple[str, str]] = field(default_factory=set)
    _objected: Counter[int] = field(default_factory=Counter)

    def due(self, state: State) -> Act | None:
        """Return what is done next: what was planned for a day, or an answer on an open ballot."""
        first = self.planned[0] if self.planned else None
        for ballot in state.ballots:
            for member in ballot.waiting_for:
                at = self._answers_at(ballot, member)
                if at is not None and (first is None or at < first.at):
                    first = Act(at, self._answer(ballot, member, state, at))
        return first

    def did(self, act: Act) -> None:
        """Take note that this was done, or was not allowed."""
        command = act.command
        if isinstance(command, c.GiveConsent | c.RaiseObjection) and command.ballot is not None:
            self._answered.add((command.ballot, command.by))
            if isinstance(command, c.RaiseObjection):
                self._objected[self._index(command)] += 1
        else:
            self.planned.pop(0)

    def _answers_at(self, ballot: Ballot, member: str) -> datetime | None:
        delay = self.answers.delay_of(member)
        if delay is None or (ballot.id, member) in self._answered:
            return None
        return ballot.opened_at + delay + MOMENT

    def _answer(self, ballot: Ballot, member: str, state: State, at: datetime) -> c.Command:
        objection = next(
            (o for i, o in enumerate(self.answers.objections) if self._objects(i, o, ballot, member, at)),
            None,
        )
        if objection is None or state.stage == "forming":
            return c.GiveConsent(by=member, ballot=ballot.id)
        return c.RaiseObjection(
            by=member, ballot=ballot.id, objection=objection.kind, reason=objection.reason
        )

    def _objects(self, index: int, objection: Objection, ballot: Ballot, member: str, at: datetime) -> bool:
        proposal = ballot.proposal
        return (
            isinstance(proposal, Advance)
            and objection.by == member
            and objection.stage in {None, proposal.stage}
            and ballot.round <= objection.rounds
            and (objection.times is None or self._objected[index] < objection.times)
            and (objection.since is None or day_of(at, self.zone) >= objection.since)
        )

    def _index(self, command: c.RaiseObjection) -> int:
        return next(
            i
            for i, o in enumerate(self.answers.objections)
            if (o.by, o.kind, o.reason) == (command.by, command.objection, command.reason)
        )


def members(answers: Answers, charter: Charter, start: datetime) -> Members:
    """Return the people of one play; each play needs its own."""
    planned = sorted(_planned(answers, charter, start), key=lambda act: act.at)
    return Members(answers, charter.time_zone, planned)


def _planned(answers: Answers, charter: Charter, start: datetime) -> Iterator[Act]:
    def moment(day: date | None) -> datetime:
        return start + MOMENT if day is None else max(start, start_of_day(day, charter.time_zone)) + MOMENT

    for member in charter.members:
        day = answers.confirm.get(member)
        if not isinstance(day, str):
            yield Act(moment(day), c.ConfirmOutcome(by=member))
    for name in charter.milestones:
        day = answers.milestones.get(name)
        if not isinstance(day, str):
            yield Act(moment(day), c.ReachMilestone(name=name))
    for one in answers.explanations:
        yield Act(
            moment(one.on),
            c.ExplainSignal(by=one.by, metric=one.metric, period=one.period, cause=one.cause),
        )
    for held in answers.holds:
        yield Act(moment(held.on), c.HoldJourney(by=held.by, reason=held.reason))
        yield Act(moment(held.until), c.ResumeJourney(by=held.by))
    for value in answers.values:
        command = c.RecordValue.model_validate(value.model_dump(exclude={"on"}))
        if value.on is not None:
            at = moment(value.on)
        else:
            at = max(start, end_of(parse_label(value.period, charter.calendar), charter.calendar)) + MOMENT
        yield Act(at, command)

"""One team on its way: its journey's clock is moved, and its people do what the script says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from bst.client import OVER, Journeys
from bst.demo.cast import FIRST_DAY, Explanation, Milestone, Objection, Script, Team
from bst.failures import told
from bst.turning_points import Line
from domain.ballot_views import BallotView
from domain.errors import BstError
from domain.views import Status
from workflows.messages import journey_id

ONE_DAY: Final = timedelta(days=1)
# How far the clock is moved so that everything that was set off comes to its end; nothing is due so soon.
_A_MOMENT: Final = timedelta(minutes=1)
# Seconds for one stretch of at most a week: it takes 0.1, and a server that died would be waited for forever.
_PATIENCE_S: Final = 60.0


@dataclass
class Player:
    """One team on its way: its day, and what of the script is still to come."""

    team: Team
    journeys: Journeys
    skipper: TimeSkipper
    day: datetime = FIRST_DAY
    _noon: datetime | None = None
    _done: set[Milestone | Explanation] = field(default_factory=set)
    _refused: list[Line] = field(default_factory=list)

    async def begin(self) -> None:
        """Start the journey on the first day; everybody confirms."""
        await self.journeys.start(self.team.charter, as_of=FIRST_DAY)
        for member in self.team.charter.members:
            await self.journeys.confirm(self.team.name, by=member)
        self._noon = await self._clock()

    async def live_until(self, end: datetime) -> None:
        """Let the journey's time pass until `end`, stopping on each day on which somebody has to act."""
        while True:
            status = await self._act()
            if self.day >= end or status.stage in OVER:
                return
            self.day = min([end, *(day for day in self._days(status) if day > self.day)])
            await self._pass_to(self.day)

    def refused_before(self, day: datetime | None) -> list[Line]:
        """Return what the rules did not allow before `day`, once; all of it for None."""
        past = [line for line in self._refused if day is None or line.at < day]
        self._refused = self._refused[len(past) :]
        return past

    async def _pass_to(self, day: datetime) -> None:
        """Move the clock to the day's noon, less the real time that went by since the last one."""
        assert self._noon is not None  # a journey begins before it lives
        await self._pass(day - FIRST_DAY - (await self._clock() - self._noon))

    async def _clock(self) -> datetime:
        """Return the workflow's own time, which is the real one plus what was skipped."""
        async with told(_PATIENCE_S):
            return await self.skipper.get_current_time(self._handle)

    async def _pass(self, time: timedelta) -> None:
        async with told(_PATIENCE_S):
            await self.skipper.fast_forward(self._handle, time)

    @property
    def _handle(self) -> WorkflowHandle[Any, Any]:
        return self.skipper.client.get_workflow_handle(journey_id(self.team.name))

    async def _act(self) -> Status:
        """Do what is due today, until nothing is; return how the team stands then."""
        while True:
            status = await self.journeys.status(self.team.name)
            acted = await self._reach_milestones() or await self._explain() or await self._answer(status)
            if not acted:
                return status
            await self._pass(_A_MOMENT)

    async def _reach_milestones(self) -> bool:
        due = [m for m in self.team.script.milestones if m.on <= self.day.date() and m not in self._done]
        for milestone in due:
            self._done.add(milestone)
            try:
                await self.journeys.milestone(self.team.name, milestone.name)
            except BstError as error:
                self._refuse(f"milestone {milestone.name}", error)
        return bool(due)

    async def _explain(self) -> bool:
        due = [e for e in self.team.script.explanations if e.on <= self.day.date() and e not in self._done]
        for explanation in due:
            self._done.add(explanation)
            week = explanation.week.isoformat()
            try:
                await self.journeys.explain(
                    self.team.name, by=explanation.by, period=week, cause=explanation.cause
                )
            except BstError as error:
                self._refuse(f"{explanation.by} wanted to explain the week of {week}", error)
        return bool(due)

    async def _answer(self, status: Status) -> bool:
        due = [
            (ballot, member)
            for ballot in status.ballots
            for member in ballot.waiting_for
            if answer_day(ballot, member, self.team.script) <= self.day
        ]
        for ballot, member in due:
            objection = objection_to(ballot, member, status, self.team.script, self.day.date())
            if objection is None:
                await self.journeys.consent(self.team.name, by=member, ballot=ballot.id)
            else:
                await self.journeys.object(
                    self.team.name,
                    by=member,
                    ballot=ballot.id,
                    kind=objection.kind,
                    reason=objection.reason,
                )
        return bool(due)

    def _days(self, status: Status) -> Iterator[datetime]:
        """Yield the days on which something of the script is due, past ones included."""
        script = self.team.script
        yield from (at_noon(milestone.on) for milestone in script.milestones)
        yield from (at_noon(explanation.on) for explanation in script.explanations)
        for ballot in status.ballots:
            for member in ballot.waiting_for:
                yield answer_day(ballot, member, script)

    def _refuse(self, wanted: str, error: BstError) -> None:
        self._refused.append(Line(self.day, self.team.name, "not_allowed", f"{wanted}: {error}"))


def answer_day(ballot: BallotView, member: str, script: Script) -> datetime:
    """Return when a member answers: at noon, so many days after the ballot opened."""
    return at_noon(ballot.opened_at.date()) + ONE_DAY * script.answers_after[member]


def objection_to(
    ballot: BallotView, member: str, status: Status, script: Script, today: date
) -> Objection | None:
    """Return the objection that the script has for this member, ballot and day; None means consent."""
    if ballot.kind != "advance":
        return None
    return next(
        (
            objection
            for objection in script.objections
            if objection.by == member
            and objection.stage == status.stage
            and ballot.round <= objection.rounds
            and today >= objection.since
        ),
        None,
    )


def at_noon(day: date) -> datetime:
    """Return the moment of a day at which people act."""
    return datetime.combine(day, FIRST_DAY.timetz())

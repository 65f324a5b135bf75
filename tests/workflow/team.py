"""A team that tests let live on the real server: real files, the real activities, its own task queue."""

import asyncio
import csv
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from activities.answers.pulses import PulseActivities
from activities.answers.store import AnswerStore
from activities.journal import JournalActivities
from activities.journal_store import JournalStore
from activities.measure import MeasureActivities
from bst.verification.walk import verify
from domain import commands as c
from domain.ballot_views import Ballots
from domain.charter import Charter
from domain.periods import Calendar, label, period_of
from domain.views import Evidence, Receipt, Status
from workflows.messages import TEAM_JOURNEY, JourneyInput, journey_id
from workflows.team_journey import TeamJourney

WEEK = timedelta(weeks=1)
START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
MEMBERS = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance"}


def steps(*levels: tuple[int, float], scatter: float = 0.5) -> Callable[[int], float]:
    """Return a series: from each week on (counted from the start, negative before it), a level."""

    def value(week: int) -> float:
        level = [level for since, level in levels if week >= since][-1]
        return level + random.Random(week).uniform(-scatter, scatter)

    return value


def write_weeks(path: Path, value: Callable[[int], float], first: int = -30, last: int = 120) -> None:
    """Write one value a week, from `first` to `last` weeks after the start."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["period", "value"])
        start = period_of(START, Calendar("weekly"))
        rows.writerows(
            [label(start + week, Calendar("weekly")), round(value(week), 3)] for week in range(first, last)
        )


def charter(team: str, **changes: Any) -> Charter:
    """Return a charter with short windows, so that a test lives through few weeks."""
    parts: dict[str, Any] = {
        "team": team,
        "outcome": {
            "statement": "A customer who files a simple claim is paid in 4 days instead of 11",
            "beneficiary": "customers who file a simple claim",
            "metric": "days to payment",
            "unit": "days",
            "direction": "down",
            "baseline": 11,
            "target": 4,
            "deadline": "2029-06-30",
            "source": {"kind": "files", "path": "days.csv"},
        },
        "members": MEMBERS,
        "milestones": {"runbook": "Ben"},
        "stages": {
            "stability": {"baseline_points": 20, "judged_points": 10},
            "optimization": {"after_points": 12, "margin": 1},
            "innovation": {"at_target": 4, "of": 5, "milestones": ["runbook"]},
        },
    }
    return Charter.model_validate(parts | changes)


@dataclass
class Team:
    """One running journey, and short ways to talk to it."""

    name: str
    handle: WorkflowHandle[Any, Any]
    skipper: TimeSkipper
    store: JournalStore
    folder: Path
    now: datetime = START

    async def pass_weeks(self, weeks: float = 1) -> None:
        """Let the journey's own time pass, stop exactly there, and wait until nothing is due any more."""
        await self.skipper.fast_forward(self.handle, weeks * WEEK)
        self.now += weeks * WEEK
        await self.until(lambda status: status.next_at is None or status.next_at > self.now)

    async def status(self) -> Status:
        found: Status = await self.handle.query("status", result_type=Status)
        return found

    async def evidence(self) -> Evidence:
        found: Evidence = await self.handle.query("evidence", result_type=Evidence)
        return found

    async def ballots(self) -> Ballots:
        found: Ballots = await self.handle.query("ballot", result_type=Ballots)
        return found

    async def update(self, name: str, command: Any, update_id: str | None = None) -> Receipt:
        receipt: Receipt = await self.handle.execute_update(
            name, command, id=update_id or str(uuid.uuid4()), result_type=Receipt
        )
        return receipt

    async def confirm_all(self) -> None:
        for member in MEMBERS:
            await self.update("confirm", c.ConfirmOutcome(by=member))

    async def consent_all(self) -> None:
        ballot = (await self.ballots()).open[0]
        for member in ballot.waiting_for:
            await self.update("consent", c.GiveConsent(by=member, ballot=ballot.id, digest=ballot.digest))

    async def until(self, holds: Callable[[Status], bool]) -> Status:
        """Wait, in real time, until the journey says so; the test's own timeout is the bound."""
        while not holds(status := await self.status()):  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.05)
        return status

    def kinds(self) -> list[str]:
        """The kinds of the journaled events, in order."""
        return [entry.kind for entry in self.store.read(self.name)]


@contextmanager
def journal(folder: Path, *, forged: bool = False) -> Iterator[JournalStore]:
    """Open a journal of this test alone; unless the test forges it, all that is in it must follow."""
    store = JournalStore(f"sqlite:///{folder / 'journal.db'}")
    try:
        yield store
        if not forged:
            prove(store)
    finally:
        store.close()


def prove(store: JournalStore) -> None:
    """Hold that all that was journaled follows from its facts, whatever the test was about."""
    path = store.address.path
    for team in store.teams() if path is not None and path.exists() else ():
        found = verify(team, list(store.read(team)))
        # A test may end while the rest of a decision is on its way.
        cut = found.difference is not None and "ends within a decision" in found.difference.sentence
        assert found.ok or cut, found.difference


@asynccontextmanager
async def working(
    client: Client, task_queue: str, folder: Path, store: JournalStore, answers: AnswerStore | None = None
) -> AsyncIterator[Worker]:
    """Run a worker with the real activities over a folder, where answers are too unless they are given."""
    pulses = PulseActivities(answers or AnswerStore(f"sqlite:///{folder / 'answers.db'}"))
    with ThreadPoolExecutor(8) as pool:
        async with Worker(
            client,
            task_queue=task_queue,
            workflows=[TeamJourney],
            activities=[
                MeasureActivities(folder, store).measure,
                JournalActivities(store).append_events,
                *pulses.all,
            ],
            activity_executor=pool,
            # As the real worker: what is in flight at the end of a test may finish.
            graceful_shutdown_timeout=timedelta(seconds=20),
        ) as worker:
            yield worker


async def started(
    skipper: TimeSkipper, task_queue: str, folder: Path, store: JournalStore, **changes: Any
) -> Team:
    """Start a journey whose own clock begins at START, with time that stands until it is moved."""
    name = f"team-{uuid.uuid4().hex[:12]}"
    await skipper.client.start_workflow(
        TEAM_JOURNEY,
        JourneyInput(charter=charter(name, **changes), as_of=START),
        id=journey_id(name),
        task_queue=task_queue,
    )
    handle = skipper.client.get_workflow_handle(journey_id(name))
    return Team(name, handle, skipper, store, folder)


def measured(status: Status) -> bool:
    """Whether nothing is due: the first measurement is in, or its trouble is."""
    return status.next_at is None or status.next_at > START + timedelta(hours=1)


StartTeam = Callable[..., Awaitable[Team]]

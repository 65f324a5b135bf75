"""How a journey ends while something is under way: it always ends, and nothing that happened is lost."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import CancelledError
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from activities.journal import JournalActivities
from activities.journal_store import JournalStore
from activities.measure import MeasureActivities
from domain import commands as c
from domain.envelope import Envelope
from domain.measurement import MeasureAnswer, MeasureTask
from tests.workflow.team import START, Team, journal, started, steps, working, write_weeks
from workflows.team_journey import TeamJourney

ENDING = c.DissolveTeam(by="Ana", reason="the product is sold", lesson="ask customers earlier")
SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
# Far more than a journey that is not stuck takes for anything in these tests (seconds).
SOON = 30


@dataclass
class Gated:
    """The real measuring, which waits before it answers until it may."""

    real: MeasureActivities
    begun: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    @activity.defn(name="measure", no_thread_cancel_exception=True)  # as the real one, for its reason
    def measure(self, task: MeasureTask) -> MeasureAnswer:
        self.begun.set()
        while not self.may_answer.wait(0.1):
            activity.heartbeat()
        return self.real.measure(task)


@asynccontextmanager
async def gated(client: Client, task_queue: str, folder: Path, store: JournalStore) -> AsyncIterator[Gated]:
    """Run a worker whose measurements are under way until the test lets them answer."""
    slow = Gated(MeasureActivities(folder, store))
    with ThreadPoolExecutor(4) as pool:
        async with Worker(
            client,
            task_queue=task_queue,
            workflows=[TeamJourney],
            activities=[slow.measure, JournalActivities(store).append_events],
            activity_executor=pool,
        ):
            try:
                yield slow
            finally:
                slow.may_answer.set()


async def under_way(slow: Gated) -> None:
    assert await asyncio.to_thread(slow.begun.wait, SOON)


async def ended(team: Team) -> str:
    found: str = (await asyncio.wait_for(team.handle.result(), SOON))["stage"]
    return found


async def test_a_journey_ends_while_a_measurement_is_under_way(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    with journal(tmp_path) as store:
        async with gated(client, task_queue, tmp_path, store) as slow:
            team = await started(skipper, task_queue, tmp_path, store)
            await under_way(slow)
            await team.update("dissolve", ENDING)
            slow.may_answer.set()
            assert await ended(team) == "dissolved"
        assert team.kinds()[-1] == "team_dissolved"
        assert "measured" not in team.kinds()


async def test_a_signal_after_the_end_is_recorded_while_the_journal_is_waited_for(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "kept"
    blocked.write_text("a file where the journal's folder should be")
    with journal(blocked) as store:
        async with working(client, task_queue, tmp_path, store):
            team = await started(skipper, task_queue, tmp_path, store)
            await team.update("dissolve", ENDING)
            await team.handle.signal("milestone", "runbook")
            await team.until(lambda status: "is dissolved" in " ".join(status.notes))
            blocked.unlink()
            assert await ended(team) == "dissolved"
            assert team.kinds()[-2:] == ["team_dissolved", "message_refused"]


async def test_a_journal_that_refuses_the_end_is_asked_once_a_day(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    with journal(tmp_path, forged=True) as store:
        async with gated(client, task_queue, tmp_path, store) as slow:
            team = await started(skipper, task_queue, tmp_path, store)
            await under_way(slow)
            body = {"of": "another journey of this name"}
            store.append([Envelope(team=team.name, seq=1, at=START, kind="journey_started", body=body)])
            await team.update("dissolve", ENDING)
            slow.may_answer.set()
            await team.pass_weeks(1)
            tries = [e async for e in team.handle.fetch_history_events() if e.event_type == SCHEDULED]
            assert 4 <= len(tries) <= 10
            assert (await team.status()).stage == "dissolved"
            await team.handle.terminate()


async def test_a_cancelled_journey_is_cancelled_also_while_it_measures(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    with journal(tmp_path) as store:
        async with gated(client, task_queue, tmp_path, store) as slow:
            team = await started(skipper, task_queue, tmp_path, store)
            await under_way(slow)
            await team.handle.cancel()
            with pytest.raises(WorkflowFailureError) as caught:
                await asyncio.wait_for(team.handle.result(), SOON)
            assert isinstance(caught.value.cause, CancelledError)
            assert (await team.handle.describe()).status is WorkflowExecutionStatus.CANCELED

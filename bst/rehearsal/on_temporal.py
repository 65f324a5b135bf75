"""The same rehearsal through the real workflow, on a server of its own whose time is moved.

Everything is real but the sources, which are the recording that the rehearsal in process was played from,
and the members, who do what they did there. Every journey on that server is a rehearsal and says so: in its
id, in what the UI shows of it, and in the name of its queue. The team keeps its name, so that the journals
compare.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from activities.journal import JournalActivities
from activities.journal_store import JournalStore
from activities.measure import MEASURE, journaled, measure_from
from activities.reading import Ask
from bst.failures import Missing, told
from bst.rehearsal.engine import Act, Played
from bst.rehearsal.preparing import Rehearsal
from bst.settings import Settings
from domain.charter import Charter
from domain.commands import ReachMilestone
from domain.envelope import AppendEvents, Entry, Envelope
from domain.measurement import MeasureAnswer, MeasureTask
from domain.views import Receipt, Status
from workflows.member_updates import UPDATE_NAMES
from workflows.messages import REHEARSAL, TEAM_JOURNEY, JourneyInput
from workflows.team_journey import TeamJourney

if TYPE_CHECKING:
    from bst.dev_server import DevServer

# Skips of one rehearsal; the server's own limit of 200 would make it stand still on the way.
MAX_SKIPS: Final = 1_000_000
# Seconds for one stretch of time, at most a quarter: it takes 10 s on a busy machine.
_PATIENCE_S: Final = 120.0
# Seconds: a measurement takes a few hundredths.
_LOOK_EVERY_S: Final = 0.01
_QUARTER: Final = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class RehearsedMeasures:
    """The measuring activity of a rehearsal: its sources are the recording."""

    ask: Ask
    store: JournalStore

    @activity.defn(name=MEASURE, no_thread_cancel_exception=True)
    def measure(self, task: MeasureTask) -> MeasureAnswer:
        """Measure as a worker does, and take the waiting events along to the journal."""
        last, trouble = journaled(self.store, task.pending)
        return MeasureAnswer(
            result=measure_from(task.request, self.ask), journaled=last, journal_trouble=trouble
        )


@contextmanager
def a_server(own: Settings) -> "Iterator[tuple[Path, DevServer]]":
    """A folder and a server in memory, both gone at the end; the server is not started yet.

    Raises:
        BadInput, ServerUnreachable: there is no Temporal CLI that could be one.
    """
    from bst.dev_server import DevServer
    from bst.temporal_binary import find_temporal

    folder = Path(tempfile.mkdtemp(prefix="bst-rehearsal-"))
    try:
        temporal = find_temporal(own.temporal_binary, own.home / "bin")
        yield folder, DevServer(folder, temporal, in_memory=True, time_skipping=True, ports=None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def connected(folder: Path, server: "DevServer") -> AsyncIterator[TimeSkipper]:
    """Start the server, give what moves its journeys' time, and stop it at the end.

    Raises:
        ServerUnreachable: it did not start.
    """
    from bst import logs
    from bst.connection import connect

    nothing = folder / "no-profiles.toml"
    nothing.touch()
    settings = Settings(
        journal=f"sqlite:///{folder / 'journal.db'}",
        data=folder,
        home=folder,
        temporal={"TEMPORAL_CONFIG_FILE": str(nothing)},
    )
    try:
        await asyncio.to_thread(server.start)
        client = await connect(settings, runtime=logs.logging_runtime())
        yield skipper_of(client)
    finally:
        await asyncio.to_thread(server.stop)


def skipper_of(client: Client) -> TimeSkipper:
    """Return what moves journeys' time, never by itself: one whose timers all fire never comes to rest."""
    return TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=MAX_SKIPS))


async def played_on_temporal(
    rehearsal: Rehearsal, played: Played, skipper: TimeSkipper, journal: str, name: str = ""
) -> list[Entry]:
    """Play the rehearsal through the workflow; return its journal.

    Args:
        rehearsal: what is played.
        played: the same in process, for who did what and when.
        skipper: of a server with time skipping.
        journal: address of the journal to write, which has no record of the team yet.
        name: a part of the workflow's id, where several rehearsals share a server.

    Raises:
        BstError: the server or the worker stopped answering, or refused what was allowed in process.
    """
    queue = f"{REHEARSAL}{name or rehearsal.charter.team}"
    with closing(JournalStore(journal)) as store:
        measure = RehearsedMeasures(rehearsal.recording.ask, store).measure
        with ThreadPoolExecutor(2, thread_name_prefix="rehearsal") as threads:
            worker = Worker(
                skipper.client,
                task_queue=queue,
                workflows=[TeamJourney],
                activities=[measure, JournalActivities(store).append_events],
                activity_executor=threads,
            )
            async with worker:
                journey = _Journey(rehearsal, skipper, queue)
                await journey.start(queue)
                try:
                    for number, act in enumerate(played.acts, 1):
                        await journey.pass_to(act.at)
                        await journey.do(act, number)
                        await journey.rest()
                    await (journey.result() if played.state.over else journey.pass_to(rehearsal.end))
                    waiting = await journey.pending()
                finally:
                    await journey.stop()
        if waiting:
            await asyncio.to_thread(store.append, waiting)
        return list(store.read(rehearsal.charter.team))


def label_of(charter: Charter) -> str:
    """Return the line that the Temporal UI shows of a rehearsal."""
    return f"REHEARSAL of {charter.team}: played over past data, nothing here has happened"


@dataclass
class _Journey:
    """One rehearsed journey: its clock is moved, and its members act."""

    rehearsal: Rehearsal
    skipper: TimeSkipper
    id: str
    _begun: datetime | None = None

    async def start(self, queue: str) -> None:
        """Start it on the rehearsal's first moment."""
        charter = self.rehearsal.charter
        async with told(_PATIENCE_S):
            await self.skipper.client.start_workflow(
                TEAM_JOURNEY,
                JourneyInput(charter=charter, as_of=self.rehearsal.start),
                id=self.id,
                task_queue=queue,
                static_summary=label_of(charter),
                static_details=f"# {label_of(charter)}",
            )
        async with told(_PATIENCE_S, worker=True):
            await self._handle.query("status")  # its clock begins with its first task, and not with the call
        self._begun = await self._clock()

    async def pass_to(self, moment: datetime) -> None:
        """Let its time pass to a moment of its own clock, in stretches."""
        while (left := moment - await self.now()) > timedelta(0):
            async with told(_PATIENCE_S):
                await self.skipper.fast_forward(self._handle, min(left, _QUARTER))

    async def do(self, act: Act, number: int) -> None:
        """Send what a member does, as a client would."""
        command = act.command
        async with told(_PATIENCE_S, worker=True, changes=True):
            if isinstance(command, ReachMilestone):
                await self._handle.signal("milestone", command)
            else:
                await self._handle.execute_update(
                    UPDATE_NAMES[type(command)], command, id=f"act-{number}", result_type=Receipt
                )

    async def rest(self) -> None:
        """Wait until it has done what it does by itself: a measurement that an act has set off."""
        async with told(_PATIENCE_S, worker=True):
            while True:
                status = await self._handle.query("status", result_type=Status)
                if status.next_at is None or status.next_at > await self.now():
                    return
                await asyncio.sleep(_LOOK_EVERY_S)

    async def pending(self) -> tuple[Envelope, ...]:
        """Return the events that are on their way to the journal."""
        async with told(_PATIENCE_S, worker=True):
            waiting: AppendEvents = await self._handle.query("pending", result_type=AppendEvents)
        return waiting.envelopes

    async def result(self) -> None:
        """Wait until it has come to its own end."""
        async with told(_PATIENCE_S, worker=True):
            await self._handle.result()

    async def stop(self) -> None:
        """End it, wherever it stands."""
        try:
            async with told(_PATIENCE_S):
                await self._handle.terminate("the rehearsal is over")
        except Missing:
            return  # it came to its own end

    async def now(self) -> datetime:
        """Return the journey's own time."""
        assert self._begun is not None  # it has started
        return self.rehearsal.start + (await self._clock() - self._begun)

    async def _clock(self) -> datetime:
        async with told(_PATIENCE_S):
            return await self.skipper.get_current_time(self._handle)

    @property
    def _handle(self) -> WorkflowHandle[Any, Any]:
        return self.skipper.client.get_workflow_handle(self.id)

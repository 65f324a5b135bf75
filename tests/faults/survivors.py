"""Journeys whose worker or server gets killed: how they are lived, and what must be true afterwards."""

import asyncio
import csv
import json
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from pydantic import BaseModel
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.journal_store import JournalStore
from bst import calls
from bst.client import Journeys
from bst.connection import connect
from bst.settings import Settings
from bst.verification.walk import verify
from domain import ballot_views, views
from domain import commands as c
from domain import events as e
from domain.errors import Refused, ServerUnreachable
from domain.evolve import fold
from domain.parsing import parse_event
from domain.periods import Calendar, parse_label, period_of
from domain.views import Receipt, Status
from tests.faults.workers import PATIENCE_S, until
from tests.temporal_server import MAX_SKIPS, settings_in
from tests.workflow.team import MEMBERS, START, WEEK, charter, steps, write_weeks
from workflows.messages import TEAM_JOURNEY, JourneyInput, journey_id

OUTCOME, HOURS = "days to payment", "hours of work per claim"
# Weeks that the charter of these tests imports before its first one.
IMPORTED = 30
# Steps of a recursion over which SQLite takes some 0.1 s, time enough to be killed in, or next to nothing.
SLOW, QUICK = 300_000, 1
_QUERY = """
    with recursive steps(n) as (select 1 union all select n + 1 from steps where n < {steps})
    select period, value from weeks
    where period >= :since and period < :until and (select count(*) from steps) > 0
"""
# For the server's patience with a workflow's task (10 s in earnest), so that no test waits for it.
TASK_TIMEOUT = timedelta(seconds=2)
_T = TypeVar("_T")


def write_sources(folder: Path) -> None:
    """A file in which the outcome gets better once, and a database that answers slowly."""
    write_weeks(folder / "days.csv", steps((-30, 11), (4, 6)))
    write_weeks(folder / "hours.csv", steps((-30, 5), (4, 3)))
    with closing(sqlite3.connect(folder / "weeks.db")) as database, database:
        database.execute("create table weeks (period text primary key, value real)")
        rows = _weeks(folder / "hours.csv").items()
        database.executemany("insert into weeks values (?, ?)", rows)


def _weeks(path: Path) -> dict[str, float]:
    with path.open(newline="") as file:
        return {row["period"]: float(row["value"]) for row in csv.DictReader(file)}


@dataclass
class Survivor:
    """One journey, those who talk to it, and what they were told."""

    name: str
    journeys: Journeys
    skipper: TimeSkipper
    folder: Path
    store: JournalStore
    promised: Counter[tuple[str, Any]] = field(default_factory=Counter)
    weeks: int = 0
    holds: int = 0

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.skipper.client.get_workflow_handle(journey_id(self.name))

    @property
    def progress(self) -> int:
        """How much has come of it: weeks that passed, and messages that were answered."""
        return self.weeks + self.promised.total()

    async def certainly(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """Ask again until there is an answer; in between nothing but the absence of a server is heard."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                return await call()
            except ServerUnreachable as trouble:
                if time.monotonic() > give_up:
                    pytest.fail(f"in {PATIENCE_S:g} s there was no answer: {trouble}")
            await asyncio.sleep(0.05)

    async def status(self) -> Status:
        return await self.certainly(lambda: self.journeys.status(self.name))

    async def until(self, holds: Callable[[Status], bool], what: str) -> Status:
        give_up = time.monotonic() + PATIENCE_S
        while not holds(status := await self.status()):
            assert time.monotonic() < give_up, f"in {PATIENCE_S:g} s it did not come true that {what}"
            await asyncio.sleep(0.05)
        return status

    async def send(self, name: str, command: BaseModel, update_id: str) -> Receipt:
        """Send an update as the client does, as often as it takes, and note what it promises."""
        receipt = await self.certainly(
            lambda: calls.update(self.skipper.client, self.name, name, command, update_id)
        )
        match command:
            case c.ConfirmOutcome():
                self.promised["outcome_confirmed", command.by] += 1
            case c.GiveConsent():
                self.promised["consent_given", (command.by, command.ballot)] += 1
            case c.HoldJourney():
                self.promised["journey_held", command.reason] += 1
            case c.ResumeJourney():
                self.promised["journey_resumed", command.by] += 1
        return receipt

    async def confirm_all(self) -> None:
        for member in MEMBERS:
            await self.send("confirm", c.ConfirmOutcome(by=member, version=1), f"confirm-{member}")

    async def consent_all(self, status: Status) -> None:
        for ballot in status.ballots:
            for member in ballot.waiting_for:
                consent = c.GiveConsent(by=member, ballot=ballot.id)
                try:
                    await self.send("consent", consent, f"consent-{ballot.id}-{member}")
                except Refused:  # new data has withdrawn the ballot meanwhile: refused, and nothing promised
                    return

    async def hold(self) -> None:
        self.holds += 1
        await self.send("hold", c.HoldJourney(by="Ana", reason=f"look {self.holds}"), f"hold-{self.holds}")

    async def resume(self) -> None:
        await self.send("resume", c.ResumeJourney(by="Ben"), f"resume-{self.holds}")

    async def pass_weeks(self, weeks: int) -> None:
        """Let at least as much time pass; more, when the server died over the asking."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self.skipper.fast_forward(self.handle, weeks * WEEK)
            except RPCError as trouble:
                if time.monotonic() > give_up:
                    pytest.fail(f"in {PATIENCE_S:g} s no week passed: {trouble}")
            else:
                self.weeks += weeks
                return

    async def live(self, goes_on: Callable[["Survivor"], bool], stride: int = 1) -> None:
        """Confirm, consent, hold, resume and let weeks pass (`stride` at once), one thing after the other."""
        await self.confirm_all()
        while goes_on(self):
            status = await self.status()
            if status.ballots:
                await self.consent_all(status)
            elif self.weeks // 3 > self.holds:
                await self.hold()
                await self.resume()
            await self.pass_weeks(stride)

    async def is_whole(self) -> None:
        """Nothing is lost and nothing is there twice: sources, journal, live state and promises agree."""
        await self._rest()
        await self.hold()  # so that the journal gets what was waiting for it
        await until(lambda: self.kinds().count("journey_held") == self.holds, "the journal has everything")
        await self._rest()
        entries = list(self.store.read(self.name))
        proof = verify(self.name, entries)
        assert proof.ok, proof.difference
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        events = [parse_event(json.loads(entry.body)) for entry in entries]
        known = tuple(event for event in events if event is not None)
        assert len(known) == len(entries)
        state = fold(None, known)
        assert state is not None
        evidence = await self.journeys.evidence(self.name)
        assert views.status(state) == await self.journeys.status(self.name)
        assert views.evidence(state) == evidence
        assert ballot_views.ballots(state) == await self.journeys.ballot(self.name)
        self._measured_once(known, evidence)
        assert _said(known) == self.promised

    def _measured_once(self, events: tuple[e.Event, ...], evidence: views.Evidence) -> None:
        measured = [event.result for event in events if isinstance(event, e.Measured)]
        through = measured[-1].through
        assert through >= period_of(START, Calendar("weekly")) + self.weeks - 1
        for metric, file in ((OUTCOME, "days.csv"), (HOURS, "hours.csv")):
            results = [result for answer in measured for result in answer.results if result.name == metric]
            assert [result.trouble for result in results if result.trouble] == []
            seen = [(o.period, o.value) for result in results for o in result.observations]
            rows = {
                parse_label(day, Calendar("weekly")): value
                for day, value in _weeks(self.folder / file).items()
            }
            first = period_of(START, Calendar("weekly")) - IMPORTED
            assert seen == [(period, rows[period]) for period in range(first, through + 1)]
            shown = next(view.series for view in evidence.metrics if view.name == metric)
            assert [(o.period, o.value) for o in shown.observations()] == seen

    async def runs(self) -> int:
        """How many runs the journey has had."""
        query = f"WorkflowId = '{journey_id(self.name)}'"
        return len([run async for run in self.skipper.client.list_workflows(query)])

    async def _rest(self) -> None:
        """Wait until the journey does nothing by itself; its time stands."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            description = (await self.handle.describe()).raw_description
            if not description.pending_activities and not description.HasField("pending_workflow_task"):
                return
            assert time.monotonic() < give_up, f"the journey does not rest: {description.pending_activities}"
            await asyncio.sleep(0.05)

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.store.read(self.name)]


def _said(events: tuple[e.Event, ...]) -> Counter[tuple[str, Any]]:
    """Count who sent which message, as `Survivor.send` does."""
    said: Counter[tuple[str, Any]] = Counter()
    for event in events:
        match event:
            case e.OutcomeConfirmed() | e.JourneyResumed():
                said[event.kind, event.by] += 1
            case e.ConsentGiven():
                said[event.kind, (event.by, event.ballot)] += 1
            case e.JourneyHeld():
                said[event.kind, event.reason] += 1
    return said


async def at_any_time(lives: list[Survivor], moments: Random) -> None:
    """Wait for a moment in which the journeys have gone on a little, whatever they are at."""
    mark = sum(life.progress for life in lives) + moments.randint(1, 4)
    await until(lambda: sum(life.progress for life in lives) >= mark, "the journeys go on")
    await asyncio.sleep(moments.uniform(0, 0.3))  # waits for nothing: one moment among all


def settings_of(place: Path, folder: Path) -> Settings:
    """Settings for the server and the sources of `place`, with a task queue and a journal in `folder`."""
    journal = f"sqlite:///{folder / 'journal.db'}"
    return settings_in(place / "home", BST_DATA=str(place), BST_JOURNAL=journal, BST_TASK_QUEUE=folder.name)


async def begun(settings: Settings, store: JournalStore, *, steps_of_query: int = SLOW) -> Survivor:
    """Start a journey over the sources of `settings.data`, with time that stands until it is moved."""
    standing = TimeSkippingConfig(enabled=False, max_session_skip_count=MAX_SKIPS)
    skipper = TimeSkipper(await connect(settings), config=standing)
    name = f"team-{uuid.uuid4().hex[:12]}"
    source = {"kind": "sql", "url": "sqlite:///weeks.db", "query": _QUERY.format(steps=steps_of_query)}
    hours = {"name": HOURS, "layer": "efficiency", "unit": "hours", "direction": "down", "source": source}
    await skipper.client.start_workflow(
        TEAM_JOURNEY,
        JourneyInput(charter=charter(name, metrics=[hours]), as_of=START),
        id=journey_id(name),
        task_queue=settings.task_queue,
        task_timeout=TASK_TIMEOUT,
    )
    return Survivor(name, Journeys(skipper.client), skipper, settings.data, store)

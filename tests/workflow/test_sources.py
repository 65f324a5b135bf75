"""Sources of a real journey: a week without a worker, and a file that was mended."""

import json
import sqlite3
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper

from activities.measure import measure_all
from domain import commands as c
from domain.charter import Charter
from domain.events import Measured
from domain.parsing import parse_event
from domain.periods import Cadence, Calendar, label, period_of
from domain.schedule import measure_request
from tests.workflow.team import START, StartTeam, Team, charter, journal, steps, working, write_weeks
from workflows.ledger import begun
from workflows.messages import TEAM_JOURNEY, CarriedJourney, JourneyInput, journey_id

OUTAGE = timedelta(weeks=1)
# Periods that are there before the journey begins.
BEFORE = 70
WEEKLY = Calendar("weekly")


def write_sources(folder: Path, until: datetime, cadence: Cadence) -> None:
    """Write one value per period up to a moment: ten columns to each of a CSV, a Parquet file, a database."""
    start, end = period_of(START, Calendar(cadence)) - BEFORE, period_of(until, Calendar(cadence))
    columns = ", ".join(f"10 + (period * {7 + i}) % 13 / 10.0 as v{i}" for i in range(10))
    name = "strftime(timestamp '1970-01-01' + interval (period) {unit}, '%Y-%m-%dT%H:00:00+00:00') as label"
    unit = {"daily": "day", "hourly": "hour"}[cadence]
    with duckdb.connect() as made:
        made.execute(
            f"create table points as select {name.format(unit=unit)}, {columns} "
            f"from range({start}, {end}) as periods(period)"
        )
        made.execute(f"copy points to '{folder / 'points.csv'}' (header)")
        made.execute(f"copy points to '{folder / 'points.parquet'}'")
        rows = made.execute("select * from points").fetchall()
    with sqlite3.connect(folder / "points.db") as database:
        database.execute("drop table if exists points")
        database.execute("create table points (label text, " + ", ".join(f"v{i}" for i in range(10)) + ")")
        database.executemany(f"insert into points values ({', '.join('?' * 11)})", rows)
    database.close()


def source(number: int) -> dict[str, Any]:
    """Return the source of one of fifty metrics: a column of one of three."""
    if number % 5 < 2:
        file = ("points.csv", "points.parquet")[number % 5]
        query = f"select label as period, v{number // 5} as value from data"
        return {"kind": "files", "path": file, "query": query}
    query = f"select label as period, v{number // 5} + {number} as value from points where label >= :since"
    return {"kind": "sql", "url": "sqlite:///points.db", "query": query}


def left_behind(chosen: Charter, folder: Path) -> CarriedJourney:
    """Return a journey that was measured at its start, as its run leaves it to one that begins a week later.

    A server's clock cannot be moved while work waits for a worker that is not there.
    """
    ledger, refused = begun(chosen, START, journey="")
    assert refused is None
    result = measure_all(measure_request(ledger.state, START), folder)
    ledger.do(c.RecordMeasurement(result=result), START)
    return CarriedJourney(
        state=ledger.state,
        clock_offset=START + OUTAGE - datetime.now(UTC),
        sequence=ledger.sequence,
        outbox=ledger.outbox,
        receipts={},
    )


def measurements(team: Team) -> list[Measured]:
    events = [parse_event(json.loads(entry.body)) for entry in team.store.read(team.name)]
    return [event for event in events if isinstance(event, Measured)]


@pytest.mark.parametrize("cadence", ["daily", "hourly"])
async def test_a_week_without_a_worker_is_caught_up_at_once_with_fifty_metrics(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path, cadence: Cadence
) -> None:
    write_sources(tmp_path, START, cadence)
    metrics = [
        {"name": f"metric {i}", "layer": "support", "unit": "days", "direction": "down", "source": source(i)}
        for i in range(1, 50)
    ]
    outcome = {
        "statement": "A customer who files a simple claim is paid in 4 days instead of 11",
        "beneficiary": "customers who file a simple claim",
        "metric": "metric 0",
        "unit": "days",
        "direction": "down",
        "baseline": 11,
        "target": 4,
        "deadline": "2029-06-30",
        "source": source(0),
    }
    carried = left_behind(
        charter(f"team-{uuid.uuid4().hex[:12]}", cadence=cadence, outcome=outcome, metrics=metrics), tmp_path
    )
    write_sources(tmp_path, START + OUTAGE, cadence)
    name = carried.state.charter.team
    with journal(tmp_path) as store:
        await client.start_workflow(
            TEAM_JOURNEY, JourneyInput(carried=carried), id=journey_id(name), task_queue=task_queue
        )
        team = Team(name, client.get_workflow_handle(journey_id(name)), skipper, store, tmp_path)
        async with working(client, task_queue, tmp_path, store):
            await team.until(lambda s: s.measured_at is not None and s.measured_at >= START + OUTAGE)
            await team.update("hold", c.HoldJourney(by="Ana", reason="look at the journal"))
            await team.until(lambda _: "journey_held" in team.kinds())
            status = await team.status()

    found = measurements(team)
    caught_up = found[1]
    assert {result.trouble for event in found for result in event.result.results} == {None}
    start, end = period_of(START, Calendar(cadence)), period_of(START + OUTAGE, Calendar(cadence))
    for number in range(50):
        name = f"metric {number}"
        new = next(result for result in caught_up.result.results if result.name == name)
        assert [o.period for o in new.observations] == list(range(start, end))
        everything = Counter(
            o.period
            for event in found
            for r in event.result.results
            if r.name == name
            for o in r.observations
        )
        assert set(everything.values()) == {1}
        assert max(everything) == end - 1
        assert min(everything) >= start - BEFORE
    assert store.verify_chain(team.name).ok
    assert status.period == label(end - 1, Calendar(cadence))


async def test_a_mended_file_is_read_at_once_when_a_member_says_so(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await start_team()  # its file is not there
    await team.until(lambda status: status.measured_at is not None)
    first = await team.status()
    assert first.attention == ()
    assert f"(once mended, `bst measure {team.name} --by NAME` reads it at once)" in first.notes[0]
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    with pytest.raises(WorkflowUpdateFailedError) as soon:
        await team.update("measure_now", c.MeasureNow(by="Ben"))
    assert "ask again in a minute" in str(soon.value.cause)

    await team.skipper.fast_forward(team.handle, timedelta(minutes=2))
    receipt = await team.update("measure_now", c.MeasureNow(by="Ben"))

    assert receipt.said == ("Ben wants the sources read now",)
    after = await team.until(lambda status: status.measured_at != first.measured_at)
    assert (after.notes, after.period) == ((), label(period_of(START, WEEKLY) - 1, WEEKLY))


async def test_a_source_that_goes_on_failing_is_told_with_its_beginning(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await start_team()
    once = await team.status()
    assert (once.attention, "fails since 2026-01-05 00:0" in once.notes[0]) == ((), True)
    await team.pass_weeks(0.3)
    twice = await team.status()
    assert twice.attention == ("source",)
    assert "fails since 2026-01-05 00:0" in twice.notes[0]
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    await team.pass_weeks(1)
    assert (await team.status()).notes == ()

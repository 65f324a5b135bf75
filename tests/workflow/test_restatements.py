"""A database that changes its mind, on the real server: what the team is told, and what does not move."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.worker import Replayer

from domain import commands as c
from domain.events import GateDoubted, Measured, ValueRecorded
from domain.parsing import parse_event
from domain.periods import Calendar, label, period_of
from tests.workflow.team import START, StartTeam, Team, charter, steps
from workflows.plugin import plugin
from workflows.team_journey import TeamJourney

WEEKS = Calendar("weekly")
QUERY = "select week as period, days as value from claims where week >= :since and week < :until"
SOURCE = {"kind": "sql", "url": "sqlite:///claims.db", "query": QUERY}


class Claims:
    """The database of the team, as its owners change it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "claims.db"
        self.write("create table claims (week text primary key, days real)")

    def write(self, statement: str, *values: object) -> None:
        database = sqlite3.connect(self.path)
        with database:
            database.execute(statement, values)
        database.close()

    def say(self, week: int, days: float | None) -> None:
        """Let a week (counted from the start) have this value; None lets its row vanish."""
        name = label(period_of(START, WEEKS) + week, WEEKS)
        self.write("delete from claims where week = ?", name)
        if days is not None:
            self.write("insert into claims values (?, ?)", name, days)

    def fill(self, value: Callable[[int], float], first: int = -30, last: int = 60) -> None:
        for week in range(first, last):
            self.say(week, round(value(week), 3))


@pytest.fixture
def claims(tmp_path: Path) -> Claims:
    found = Claims(tmp_path)
    found.fill(steps((-30, 11)))
    return found


def outcome() -> dict[str, object]:
    return charter("any").outcome.model_dump() | {"source": SOURCE}


def measured(team: Team) -> list[Measured]:
    events = [parse_event(entry.envelope().body) for entry in team.store.read(team.name)]
    return [event for event in events if isinstance(event, Measured)]


async def test_a_restated_week_withdraws_the_ballot_and_doubts_the_gate_that_was_passed(
    claims: Claims, start_team: StartTeam
) -> None:
    team = await start_team(outcome=outcome())
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))

    claims.say(-3, 30)
    await team.pass_weeks()
    status = await team.status()
    assert (status.stage, status.ballots) == ("stability", ())
    last = (await team.ballots()).last
    assert last is not None
    assert last.outcome == "withdrawn"
    assert "days to payment was restated for the week of 2025-12-15" in last.reason
    assert any("was restated for the week of 2025-12-15" in note for note in status.notes)

    claims.say(-3, 11)
    await team.pass_weeks()
    await team.until(lambda status: bool(status.ballots))
    await team.consent_all()
    await team.until(lambda status: status.stage == "optimization")

    claims.say(-2, 40)  # within the window that the gate was judged on
    await team.pass_weeks()
    status = await team.status()
    assert status.stage == "optimization"  # nothing moves back by itself
    assert "doubt" in status.attention
    assert any("the gate of stability was passed on other numbers" in note for note in status.notes)

    claims.say(-2, 11)
    await team.pass_weeks(2)
    assert "doubt" not in (await team.status()).attention
    kinds = team.kinds()
    assert (kinds.count("gate_doubted"), kinds.count("gate_affirmed")) == (1, 1)
    [doubted] = [
        event
        for entry in team.store.read(team.name)
        if isinstance(event := parse_event(entry.envelope().body), GateDoubted)
    ]
    assert "outside" in doubted.doubt.reason
    history = await team.handle.fetch_history()
    await Replayer(workflows=[TeamJourney], plugins=[plugin()]).replay_workflow(history)


async def test_what_vanishes_comes_late_or_fails_is_told_apart(
    claims: Claims, start_team: StartTeam, tmp_path: Path
) -> None:
    claims.say(-2, None)
    team = await start_team(outcome=outcome())
    await team.confirm_all()
    first = (await team.evidence()).metrics[0].series
    gap = period_of(START, WEEKS) - 2

    claims.say(-2, 10.5)  # late, into a recorded gap
    claims.say(-4, None)
    await team.pass_weeks(1.5)
    series = (await team.evidence()).metrics[0].series
    assert first.values[gap - first.first] is None
    assert series.values[gap - series.first] == 10.5
    assert series.values[gap - 2 - series.first] is None

    away = claims.path.rename(tmp_path / "away.db")
    await team.pass_weeks()
    status = await team.status()
    assert any("fails since" in note for note in status.notes)
    kept = (await team.evidence()).metrics[0].series
    assert kept == series  # a failing source says nothing, also not that something has vanished

    away.rename(claims.path)
    await team.pass_weeks()
    await team.pass_weeks()
    told = [
        (restated.period - gap, restated.after)
        for event in measured(team)
        for restated in event.result.results[0].restated
    ]
    assert told == [(-2, None), (0, 10.5)]
    newest = (await team.evidence()).metrics[0].series
    assert len([value for value in newest.values if value is None]) == 1


async def test_a_member_counts_and_another_corrects(start_team: StartTeam) -> None:
    team = await start_team(outcome=outcome() | {"source": {"kind": "manual"}})
    await team.confirm_all()
    start = period_of(START, WEEKS)
    for week in range(-30, 0):
        period, value = label(start + week, WEEKS), round(steps((-30, 11))(week), 2)
        await team.update("record_value", c.RecordValue(by="Ben", period=period, value=value))
    status = await team.until(lambda status: bool(status.ballots))
    assert status.period == "2025-12-29"
    correction = c.RecordValue(by="Ana", period="2025-12-22", value=30, note="two files were lost")
    receipt = await team.update("record_value", correction)
    assert "Ana recorded days to payment of 2025-12-22, 30 days instead of" in receipt.said[0]
    await team.until(lambda status: not status.ballots)
    last = (await team.ballots()).last
    assert last is not None
    assert "restated for the week of 2025-12-22" in last.reason
    by = [
        (event.by, event.observation.value)
        for entry in team.store.read(team.name)
        if isinstance(event := parse_event(entry.envelope().body), ValueRecorded)
    ]
    assert (len(by), by[-1]) == (31, ("Ana", 30.0))

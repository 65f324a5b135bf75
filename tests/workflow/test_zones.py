"""A journey of a named time zone on the real server: it wakes by local clocks, and replays by what it did."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from temporalio.worker import Replayer

from domain import zones
from tests.workflow.team import StartTeam, Team, measured, steps, write_weeks
from workflows.plugin import plugin
from workflows.team_journey import TeamJourney

ZONE = "America/New_York"
STANDARD, SUMMER = timedelta(hours=5), timedelta(hours=4)  # behind UTC


@pytest.fixture
async def team(start_team: StartTeam, tmp_path: Path) -> Team:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team(time_zone=ZONE)
    await team.confirm_all()
    return team


async def test_a_week_ends_at_the_local_midnight_of_winter_and_of_summer(team: Team) -> None:
    status = await team.until(measured)
    assert status.next_at == datetime(2026, 1, 5, tzinfo=UTC) + STANDARD  # 19:00 on Sunday, when it started
    assert status.period == "2025-12-22"

    await team.pass_weeks(0.5)
    assert (await team.status()).period == "2025-12-29"
    await team.pass_weeks(9)
    assert (await team.status()).next_at == datetime(2026, 3, 16, tzinfo=UTC) + SUMMER


async def test_its_history_replays_after_the_rules_of_the_zone_have_changed(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    await team.pass_weeks(9.5)
    history = await team.handle.fetch_history()
    elsewhere = zones.zone_of("Asia/Tokyo")

    def other_rules(name: str) -> ZoneInfo:
        return elsewhere

    zones.start_of_day.cache_clear()
    monkeypatch.setattr(zones, "zone_of", other_rules)
    try:
        assert zones.start_of_day(date(2026, 1, 5), ZONE).hour == 15  # they have
        await Replayer(workflows=[TeamJourney], plugins=[plugin()]).replay_workflow(history)
    finally:
        zones.start_of_day.cache_clear()

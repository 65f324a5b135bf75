"""Workflow tests run on the shared, real server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from tests.temporal_server import client, server, settings, skipper, task_queue
from tests.workflow.team import StartTeam, Team, journal, measured, started, working

__all__ = ["client", "server", "settings", "skipper", "start_team", "task_queue"]


@pytest.fixture
async def start_team(
    client: Client,
    skipper: TimeSkipper,
    task_queue: str,
    tmp_path: Path,
) -> AsyncIterator[StartTeam]:
    """Start journeys over this test's folder, with a worker that serves them."""
    with journal(tmp_path) as store:
        async with working(client, task_queue, tmp_path, store):

            async def start(**changes: Any) -> Team:
                team = await started(skipper, task_queue, tmp_path, store, **changes)
                await team.until(measured)
                return team

            yield start

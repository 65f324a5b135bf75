"""The present code replays what earlier code has written."""

import gzip
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from workflows.plugin import plugin
from workflows.team_journey import TeamJourney

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json.gz"))


def test_there_are_histories() -> None:
    assert HISTORIES


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.name)
async def test_a_stored_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json("journey-recorded", _text(path))
    await Replayer(workflows=[TeamJourney], plugins=[plugin()]).replay_workflow(history)


def _text(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()

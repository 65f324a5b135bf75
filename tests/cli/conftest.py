"""The command's tests share one server and one worker for each test process."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bst.settings import Settings
from tests.cli.place import ROOT, Place, bare_environment, write_data
from tests.programs import until
from tests.temporal_server import client, server, settings

__all__ = ["client", "server", "settings"]


@pytest.fixture(scope="session")
def unattended(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with a server, and nobody who works for it."""
    folder = tmp_path_factory.mktemp("unattended")
    write_data(folder)
    journal = f"sqlite:///{folder / 'journal.db'}"
    variables = {"BST_DATA": str(folder), "BST_JOURNAL": journal, "BST_TASK_QUEUE": folder.name}
    return Place(folder, bare_environment(settings.home, **variables))


@pytest.fixture(scope="session")
def place(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with a server and a worker."""
    folder = tmp_path_factory.mktemp("place")
    write_data(folder)
    journal = f"sqlite:///{folder / 'journal.db'}"
    variables = {"BST_DATA": str(folder), "BST_JOURNAL": journal, "BST_TASK_QUEUE": f"cli-{folder.name}"}
    here = Place(folder, bare_environment(settings.home, **variables))
    log = (folder / "worker.log").open("wb")
    worker = subprocess.Popen(
        [sys.executable, ROOT / "worker.py"], env=here.environment, stdout=log, stderr=log, cwd=folder
    )
    try:
        first = here.started()
        until(lambda: here.bst("status", first).code == 0, seconds=60)
        yield here
    finally:
        worker.terminate()
        worker.wait(30)
        log.close()


@pytest.fixture
def nowhere(tmp_path: Path) -> Place:
    """A place without a server."""
    write_data(tmp_path)
    return Place(tmp_path, bare_environment(tmp_path, BST_DATA=str(tmp_path)))

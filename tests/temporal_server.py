"""A real Temporal server for tests: in memory, on free ports, with time skipping, one per test process.

Import the fixtures into a folder's conftest.py (`tests/README.md` has an example). Folders of one run share
the server, so a test starts workflows with ids and on a task queue of its own.
"""

import functools
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bst import file_lock
from bst.connection import connect
from bst.dev_server import DevServer, stop_orphan
from bst.dev_server_address import Server
from bst.settings import Settings
from bst.temporal_binary import find_temporal

__all__ = ["client", "server", "settings", "skipper", "task_queue"]

# Skips per session. The server's own limit of 200 is carried over continue-as-new, and a journey of a year
# of days passes it: it would stand still without a word.
MAX_SKIPS = 1_000_000


_PREFIX = "bst-tests-"


@functools.cache
def _home() -> Path:
    return Path(tempfile.mkdtemp(prefix=_PREFIX))


@functools.cache
def _dev_server() -> DevServer:
    return DevServer(_home(), find_temporal(None, _home()), in_memory=True, time_skipping=True, ports=None)


@functools.cache
def _started() -> Server:
    _sweep()
    return _dev_server().start()


def _sweep() -> None:
    """Stop the servers of test runs that were killed before they could do it themselves."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/server.lock"):
        if not file_lock.is_held(lock.with_name("up.lock")):
            stop_orphan(lock.parent)
            shutil.rmtree(lock.parent, ignore_errors=True)


def settings_in(home: Path, **variables: str) -> Settings:
    """Settings for the embedded server of `home`, whatever the environment of the test run says."""
    home.mkdir(parents=True, exist_ok=True)
    nothing = home / "no-profiles.toml"
    nothing.touch()
    return Settings.from_environment(
        {"BST_HOME": str(home), "BST_DATA": str(home), "TEMPORAL_CONFIG_FILE": str(nothing), **variables}
    )


@contextmanager
def embedded() -> Iterator[Settings]:
    """Run the shared server for a script outside pytest."""
    _started()
    try:
        yield settings_in(_home())
    finally:
        _dev_server().stop()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The running server: `address` (host:port), `ui` (URL), `pid`."""
    yield _started()
    _dev_server().stop()  # at the end of the session; a second folder's stop finds nothing to do
    shutil.rmtree(_home(), ignore_errors=True)


@pytest.fixture(scope="session")
def settings(server: Server) -> Settings:
    """The settings that lead to the shared server, as `bst` would have them beside `bst up`."""
    return settings_in(_home())


@pytest.fixture(scope="session")
async def client(settings: Settings) -> Client:
    """A client of the shared server, made as every client of the program is."""
    return await connect(settings)


@pytest.fixture(scope="session")
def skipper(client: Client) -> TimeSkipper:
    """Moves the clock of single workflows: `skipper.client` starts them, `skipper.fast_forward` moves them.

    Nothing is skipped until somebody fast-forwards: a journey whose timers all fire at once never comes to
    rest. Take the handle by workflow id alone, so that it follows continue-as-new.
    """
    return TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=MAX_SKIPS))


@pytest.fixture
def task_queue() -> str:
    """A task queue of this test alone."""
    return f"test-{uuid.uuid4()}"

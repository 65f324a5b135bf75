"""Programs and servers that tests start, stop and kill: each is the test's own, and none outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bst.dev_server import DevServer, running_server
from bst.temporal_binary import find_temporal
from tests.temporal_server import settings_in

Program: TypeAlias = subprocess.Popen[str]
Start: TypeAlias = Callable[..., Program]

ROOT = Path(__file__).parents[1]
BST = Path(sys.executable).with_name("bst")
WORKER = [sys.executable, "-c", "from tests.slow_worker import main; main()"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder for an embedded server; whatever still runs in it at the end is killed."""
    folder = tmp_path / "home"
    settings_in(folder)
    yield folder
    if server := running_server(folder):
        os.kill(server.pid, signal.SIGKILL)


@pytest.fixture
def dev_server(home: Path) -> Iterator[DevServer]:
    """A server with its state in a file, on free ports, not started yet."""
    server = DevServer(home, find_temporal(None, home), ports=None)
    yield server
    server.stop()


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The environment of a program that belongs to `home`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "BST_"))}
    return {
        **ours,
        "BST_HOME": str(home),
        "TEMPORAL_CONFIG_FILE": str(home / "no-profiles.toml"),
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Start a program of ours; it is killed at the end of the test if it still runs."""
    programs: list[Program] = []

    def started(command: list[str], **variables: str) -> Program:
        program = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        programs.append(program)
        return program

    yield started
    for program in programs:
        if program.poll() is None:
            program.kill()
        program.communicate()


def up(start: Start, **variables: str) -> tuple[Program, dict[str, Any]]:
    """`bst up --json`, and what it says once everything runs."""
    program = start([str(BST), "up", "--json"], **variables)
    assert program.stdout is not None
    line = program.stdout.readline()
    if not line:
        pytest.fail(f"bst up ended with {program.wait()}: {program.communicate()[1]}")
    return program, json.loads(line)


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something holds; a test fails when it does not."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it did not come true"
        time.sleep(0.02)

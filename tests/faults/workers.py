"""Worker processes that get killed, and a bound for everything that is waited for."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from bst.settings import Settings
from tests.mortal_worker import DIES

ROOT = Path(__file__).parents[2]
# Seconds for anything that has to come true although something was killed on the way. What a death costs is
# some 3 s for an activity and 10 s for a workflow's task, until the server gives it to the next worker.
PATIENCE_S = 40.0
_LOOK_EVERY_S = 0.02


async def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds; a test fails with `what` when it does not."""
    give_up = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < give_up, f"in {PATIENCE_S:g} s it did not come true that {what}"
        await asyncio.sleep(_LOOK_EVERY_S)


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a program with these settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "BST_"))}
    return {
        **ours,
        **settings.temporal,
        "BST_HOME": str(settings.home),
        "BST_DATA": str(settings.data),
        "BST_JOURNAL": settings.journal,
        "BST_TASK_QUEUE": settings.task_queue,
    }


@dataclass
class Nursery:
    """The process that workers are forked from."""

    folder: Path
    process: subprocess.Popen[str]

    @classmethod
    def opened(cls, folder: Path) -> Self:
        # One thread for linear algebra: a process with several must not be forked.
        variables = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.mortal_worker", str(folder)]
        pipe = subprocess.PIPE
        return cls(
            folder, subprocess.Popen(command, cwd=ROOT, env=variables, stdin=pipe, stdout=pipe, text=True)
        )

    def worker(self, environment: dict[str, str]) -> int:
        """Start a worker with this environment; its process id."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"environment": environment}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        """End it, and with it all workers."""
        self.process.communicate(timeout=PATIENCE_S)

    @property
    def log(self) -> str:
        path = self.folder / "worker.log"
        return path.read_text() if path.exists() else ""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where the workers of a module's tests come from; in the end, none may have failed to replay."""
    with closing(Nursery.opened(tmp_path_factory.mktemp("nursery"))) as nursery:
        yield nursery
        assert "Failing workflow task" not in nursery.log


@dataclass
class Workers:
    """Worker processes on one task queue, one at a time."""

    nursery: Nursery
    environment: dict[str, str]
    pid: int = 0

    async def start(self, dies: str = "") -> None:
        """Start one and wait until it is at work; it kills itself at the moment `dies`."""
        alive = self.nursery.folder / f"{self.environment['BST_TASK_QUEUE']}.alive"
        alive.unlink(missing_ok=True)
        variables = {**self.environment, "BST_HEALTH_FILE": str(alive), DIES: dies}
        self.pid = self.nursery.worker(variables)
        await until(lambda: alive.exists() or self.ended is not None, "a worker is at work")
        assert dies or self.ended is None, self.nursery.log[-2000:]

    async def kill(self) -> None:
        """`kill -9` the one that works."""
        assert self.ended is None, self.nursery.log[-2000:]
        os.kill(self.pid, signal.SIGKILL)
        await self.died()

    async def died(self) -> None:
        """Wait until it has been killed, by whomever."""
        await until(lambda: self.ended is not None, "the worker dies")
        assert self.ended == -signal.SIGKILL, self.nursery.log[-2000:]

    @property
    def ended(self) -> int | None:
        """Its exit code, or None while it lives."""
        path = self.nursery.folder / f"{self.pid}.ended"
        text = path.read_text() if path.exists() else ""
        return int(text) if text else None

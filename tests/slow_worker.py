"""A worker program whose activity takes its time, for tests that stop or kill it meanwhile."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from bst.settings import Settings


@activity.defn(name="take_time")
def take_time(folder: str) -> str:
    """Say that it began, work for a second, and say that it ended."""
    (Path(folder) / "began").touch()
    time.sleep(1.0)
    (Path(folder) / "ended").touch()
    return "done"


@workflow.defn(name="Slow")
class Slow:
    """Waits for a word, then runs the activity."""

    @workflow.init
    def __init__(self, folder: str) -> None:
        self._go = False

    @workflow.signal
    def go(self) -> None:
        self._go = True

    @workflow.run
    async def run(self, folder: str) -> str:
        await workflow.wait_condition(lambda: self._go)
        return await workflow.execute_activity(
            take_time, folder, start_to_close_timeout=timedelta(seconds=30)
        )


def build(client: Client, settings: Settings) -> Worker:
    """The worker of this module in place of the real one."""
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[Slow],
        activities=[take_time],
        activity_executor=ThreadPoolExecutor(4),
        graceful_shutdown_timeout=timedelta(seconds=20),
    )


def main() -> None:
    """What `python worker.py` does, with this module's workflow."""
    import worker

    sys.exit(worker.main(build))

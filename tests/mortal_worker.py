"""Real workers, made to be killed: also by their own hand at a named moment, and soon missed by the server.

    python -m tests.mortal_worker FOLDER

It imports the program once, which takes most of a worker's start, and forks a process for each line of its
input: JSON with the `environment` of a worker. It answers with the process's id; FOLDER gets the log, and a
file `ID.ended` with its exit code when it has died. With the end of the input, all end.

All work is that of `worker.build_worker`; the SDK's interceptors add two things. The server learns within
seconds that an activity's worker is gone (a minute in earnest). And at the moment that BST_TEST_DIES names,
the process kills itself with SIGKILL: nothing is flushed, closed or said.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NoReturn
from unittest.mock import patch

import scipy.special  # noqa: F401 - the first measurement of each would import it
from temporalio import workflow
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.common import RetryPolicy
from temporalio.worker import (
    ActivityInboundInterceptor,
    ContinueAsNewInput,
    ExecuteActivityInput,
    HandleUpdateInput,
    Interceptor,
    StartActivityInput,
    Worker,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

import worker
from bst.settings import Settings

# Activity's name: the moment before it begins, and the one after its work is done and before it is told.
BEFORE: Final = {"measure": "measuring", "append_events": "appending"}
AFTER: Final = {"measure": "measured", "append_events": "appended"}
DIES: Final = "BST_TEST_DIES"
MOMENTS: Final = (*BEFORE.values(), *AFTER.values(), "update_handled", "continuing_as_new")
# What the server waits for an activity's worker, and what it keeps a task for the worker that knows the
# journey: far more than either takes here, and where it is too little on a busy machine, it is done again.
PATIENCE: Final = timedelta(seconds=1)
STICKY_FOR: Final = timedelta(seconds=0.3)
AT_ONCE: Final = timedelta(seconds=0.1)


def _reached(moment: str | None) -> None:
    if moment is not None and moment == os.environ.get(DIES):
        os.kill(os.getpid(), signal.SIGKILL)


class _Activities(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        name = input.fn.__name__
        _reached(BEFORE.get(name))
        answer = await super().execute_activity(input)
        _reached(AFTER.get(name))
        return answer


class _Calls(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        if input.heartbeat_timeout is None:
            input.start_to_close_timeout = PATIENCE
        else:
            input.heartbeat_timeout = PATIENCE
        input.retry_policy = replace(input.retry_policy or RetryPolicy(), initial_interval=AT_ONCE)
        return super().start_activity(input)

    def continue_as_new(self, input: ContinueAsNewInput) -> NoReturn:  # noqa: A002
        if not workflow.unsafe.is_replaying():
            _reached("continuing_as_new")
        super().continue_as_new(input)


class _Messages(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Calls(outbound))

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002
        answer = await super().handle_update_handler(input)
        if not workflow.unsafe.is_replaying():
            _reached("update_handled")
        return answer


class Mortal(ClientInterceptor, Interceptor):
    """Adds the moments and the short patience to everything that a worker of the client runs."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Activities(next)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002
    ) -> type[WorkflowInboundInterceptor]:
        return _Messages


def build(client: Client, settings: Settings) -> Worker:
    """The real worker, of a client with the interceptors."""
    config = client.config()
    config["interceptors"] = [Mortal()]
    with patch.object(worker, "STICKY_FOR", STICKY_FOR):
        return worker.build_worker(Client(**config), settings)


_children: Final[set[int]] = set()


def _serve(folder: Path) -> None:
    """Fork a worker for each line."""
    signal.signal(signal.SIGCHLD, lambda *_: _bury(folder))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _work(folder, json.loads(line)["environment"])
        _children.add(child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    for child in _children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _bury(folder: Path) -> None:
    """Write down how children ended."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _children.discard(ended[0])
            (folder / f"{ended[0]}.ended").write_text(str(os.waitstatus_to_exitcode(ended[1])))


def _work(folder: Path, environment: dict[str, str]) -> NoReturn:
    """Be a worker, as `python worker.py` is."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(folder / "worker.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for descriptor, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(descriptor, target)
    os.environ.clear()
    os.environ.update(environment)
    os._exit(worker.main(build))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))

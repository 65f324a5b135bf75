"""The worker as a program: it waits for its server, shows life, drains, and ends with the code it means."""

import asyncio
import json
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

from temporalio.client import Client, WorkflowHandle

from bst.connection import connect
from bst.dev_server import DevServer
from tests.programs import ROOT, WORKER, Program, Start, until
from tests.slow_worker import Slow
from tests.temporal_server import settings_in

# Without the remedy one run in eight dies at exit, so that these pass by luck in one of five.
RUNS = 12


def in_flight(home: Path, folder: Path) -> str:
    """Start a journey and wait until its activity is at work; its id."""
    workflow_id = f"slow-{uuid.uuid4()}"

    async def begin() -> None:
        client: Client = await connect(settings_in(home))
        handle: WorkflowHandle[Slow, str] = await client.start_workflow(
            Slow.run, str(folder), id=workflow_id, task_queue="bst"
        )
        await handle.signal(Slow.go)

    asyncio.run(begin())
    until((folder / "began").exists)
    return workflow_id


def result(home: Path, workflow_id: str) -> str:
    async def wait() -> str:
        handle = (await connect(settings_in(home))).get_workflow_handle_for(Slow.run, workflow_id)
        return await asyncio.wait_for(handle.result(), 30)

    return asyncio.run(wait())


def ended(program: Program, seconds: float = 30.0) -> tuple[int, str]:
    """The exit code of a program and its log."""
    _, log = program.communicate(timeout=seconds)
    return program.returncode, log


def test_sigterm_lets_an_activity_in_flight_finish(
    dev_server: DevServer, home: Path, tmp_path: Path, start: Start
) -> None:
    dev_server.start()
    program = start(WORKER)
    workflow_id = in_flight(home, tmp_path)

    program.send_signal(signal.SIGTERM)
    code, log = ended(program)

    assert (tmp_path / "ended").exists()
    assert code == 0, log
    (tmp_path / "ended").unlink()
    start(WORKER)
    assert result(home, workflow_id) == "done"
    assert not (tmp_path / "ended").exists()  # what had finished was not done again


def test_a_second_signal_ends_at_once(
    dev_server: DevServer, home: Path, tmp_path: Path, start: Start
) -> None:
    dev_server.start()
    program = start(WORKER)
    in_flight(home, tmp_path)

    program.send_signal(signal.SIGINT)
    time.sleep(0.1)
    program.send_signal(signal.SIGINT)
    code, log = ended(program)

    assert code == 130, log
    assert not (tmp_path / "ended").exists()


def test_a_worker_waits_for_a_server_that_comes_later(
    dev_server: DevServer, home: Path, start: Start
) -> None:
    program = start(WORKER, BST_LOG="json", BST_HEALTH_FILE=str(home / "alive"))
    assert program.stderr is not None
    first = json.loads(program.stderr.readline())
    assert first["event"] == "no server yet"
    assert "start one with `bst up`, or set TEMPORAL_ADDRESS" in first["reason"]
    assert not (home / "alive").exists()

    dev_server.start()

    until((home / "alive").exists)
    program.send_signal(signal.SIGTERM)
    code, log = ended(program)
    assert code == 0, log
    assert not (home / "alive").exists()  # who has left is not alive
    assert [json.loads(line)["event"] for line in log.splitlines()][-1] == "stopped"


def test_a_signal_while_it_waits_ends_it_cleanly(start: Start) -> None:
    program = start(WORKER)
    assert program.stderr is not None
    assert "no server yet" in program.stderr.readline()

    program.send_signal(signal.SIGTERM)

    code, log = ended(program, seconds=5)
    assert code == 0, log


def test_a_worker_stops_though_its_server_is_gone(dev_server: DevServer, home: Path, start: Start) -> None:
    dev_server.start()
    program = start(WORKER, BST_HEALTH_FILE=str(home / "alive"))
    until((home / "alive").exists)
    dev_server.stop()

    program.send_signal(signal.SIGTERM)

    code, log = ended(program)
    assert code == 0, log


def test_settings_that_cannot_be_used_are_told_in_one_line(start: Start) -> None:
    code, log = ended(start([sys.executable, "worker.py"], BST_LOG="xml"))

    assert code == 2
    assert "BST_LOG is 'xml': it can be console or json." in log
    assert "Traceback" not in log


def test_programs_that_only_connect_end_with_their_code(
    dev_server: DevServer, environment: dict[str, str]
) -> None:
    dev_server.start()
    program = (
        "import asyncio\n"
        "from bst.connection import connect\n"
        "from bst.settings import Settings\n"
        "asyncio.run(connect(Settings.from_environment()))\n"
    )
    command = [sys.executable, "-c", program]
    codes = [
        subprocess.run(command, cwd=ROOT, env=environment, timeout=30, check=False).returncode
        for _ in range(RUNS)
    ]

    assert codes == [0] * RUNS

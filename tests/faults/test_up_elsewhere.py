"""`bst up` where a server is named: only the worker runs, and only where journeys can."""

import asyncio
import signal
from pathlib import Path

from temporalio.api.operatorservice.v1 import RemoveSearchAttributesRequest

from bst.connection import connect
from bst.dev_server import DevServer, running_server
from tests.programs import BST, Start
from tests.temporal_server import settings_in


def test_only_a_worker_runs_and_it_says_so(
    dev_server: DevServer, home: Path, tmp_path: Path, start: Start
) -> None:
    address = dev_server.start().address
    elsewhere = tmp_path / "elsewhere"

    program = start([str(BST), "up"], BST_HOME=str(elsewhere), TEMPORAL_ADDRESS=address)
    assert program.stdout is not None
    said = program.stdout.readline()
    program.send_signal(signal.SIGTERM)
    _, err = program.communicate(timeout=30)

    assert said == f"server       {address}, as TEMPORAL_ADDRESS says: no server is started here\n"
    assert (program.returncode, err) == (0, "")
    assert running_server(elsewhere) is None
    assert running_server(home) is not None


def test_a_server_without_our_search_attributes_is_sent_to_setup(
    dev_server: DevServer, home: Path, tmp_path: Path, start: Start
) -> None:
    address = dev_server.start().address

    async def remove() -> None:
        client = await connect(settings_in(home))
        request = RemoveSearchAttributesRequest(namespace="default", search_attributes=["BstGap"])
        await client.operator_service.remove_search_attributes(request)

    asyncio.run(remove())
    program = start([str(BST), "up"], BST_HOME=str(tmp_path / "elsewhere"), TEMPORAL_ADDRESS=address)
    _, err = program.communicate(timeout=30)

    assert program.returncode == 2
    assert err == (
        f"bst: The Temporal server at {address} does not know BstGap in namespace 'default', and no journey "
        "can run without: run `bst setup` once.\n"
    )


def test_a_named_server_that_is_not_there_is_told_at_once(start: Start) -> None:
    program = start([str(BST), "up"], TEMPORAL_ADDRESS="127.0.0.1:1")
    _, err = program.communicate(timeout=10)

    assert program.returncode == 3
    assert err.startswith("bst: No Temporal server answers at 127.0.0.1:1 (connection refused)")

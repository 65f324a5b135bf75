"""The one way to a server, when the server is not there, is mute, or is another."""

import asyncio
import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, RemoveSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType

from bst.connection import connect
from bst.dev_server import DevServer
from domain.errors import BadInput, BstError, ServerUnreachable
from tests.programs import BST, ROOT
from tests.temporal_server import settings_in
from workflows import search_attributes


def refusal(home: Path, **variables: str) -> tuple[BstError, float]:
    """What connecting ends with, and after how many seconds."""

    async def attempt() -> None:
        await connect(settings_in(home, **variables))

    began = time.monotonic()
    with pytest.raises(BstError) as refused:
        asyncio.run(attempt())
    return refused.value, time.monotonic() - began


@contextmanager
def mute_port() -> Iterator[str]:
    """The address of something that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def web_server() -> Iterator[str]:
    """The address of something that speaks another protocol."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def answer() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(100)
                    peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_with_no_server_at_all_the_way_out_is_told(home: Path) -> None:
    error, seconds = refusal(home)

    assert isinstance(error, ServerUnreachable)
    message = f"No Temporal server is running in {home}: start one with `bst up`, or set TEMPORAL_ADDRESS."
    assert str(error) == message
    assert seconds < 1


def test_a_port_that_nobody_has_is_told_at_once(home: Path) -> None:
    error, seconds = refusal(home, TEMPORAL_ADDRESS="127.0.0.1:1")

    assert isinstance(error, ServerUnreachable)
    assert str(error).startswith(
        "No Temporal server answers at 127.0.0.1:1 (connection refused): start it, or"
    )
    assert seconds < 1


@pytest.mark.parametrize("tls", ["", "true"])
def test_a_mute_port_is_given_up_within_three_seconds(home: Path, tls: str) -> None:
    with mute_port() as address:
        error, seconds = refusal(home, TEMPORAL_ADDRESS=address, TEMPORAL_TLS=tls)

    assert isinstance(error, ServerUnreachable)
    assert f"{address} (silent for 2.5 s)" in str(error)
    assert seconds < 3


def test_a_server_of_another_kind_is_no_temporal_server(home: Path) -> None:
    with web_server() as address:
        error, seconds = refusal(home, TEMPORAL_ADDRESS=address)

    assert isinstance(error, ServerUnreachable)
    assert f"answers at {address} (it answers, but not as a Temporal server does): start it" in str(error)
    assert seconds < 3


def test_tls_against_a_server_without_is_told(dev_server: DevServer, home: Path) -> None:
    address = dev_server.start().address

    error, seconds = refusal(home, TEMPORAL_ADDRESS=address, TEMPORAL_TLS="true")

    assert isinstance(error, ServerUnreachable)
    assert f"{address} (it does not speak TLS)" in str(error)
    assert seconds < 3


def test_an_unknown_namespace_is_told_before_anything_is_done_in_it(
    dev_server: DevServer, home: Path
) -> None:
    dev_server.start()

    error, _ = refusal(home, TEMPORAL_NAMESPACE="teams")

    assert isinstance(error, BadInput)
    assert "has no namespace 'teams': choose one with TEMPORAL_NAMESPACE" in str(error)


def test_an_address_wins_over_the_embedded_server(dev_server: DevServer, home: Path) -> None:
    dev_server.start()

    error, _ = refusal(home, TEMPORAL_ADDRESS="127.0.0.1:1")

    assert "127.0.0.1:1" in str(error)


def test_setup_registers_what_is_missing_once_and_refuses_another_type(
    dev_server: DevServer, home: Path, environment: dict[str, str]
) -> None:
    server = dev_server.start()
    elsewhere = {**environment, "BST_HOME": str(home / "other"), "TEMPORAL_ADDRESS": server.address}

    def setup() -> tuple[int, dict[str, object]]:
        command = [str(BST), "setup", "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=elsewhere, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, json.loads(done.stdout)

    async def change(*, remove: list[str], add: dict[str, SearchAttributeIndexedValueType]) -> None:
        client: Client = await connect(settings_in(home))
        if remove:
            gone = RemoveSearchAttributesRequest(namespace="default", search_attributes=remove)
            await client.operator_service.remove_search_attributes(gone)
        if add:
            new = AddSearchAttributesRequest(namespace="default")
            for name, kind in add.items():
                new.search_attributes[name] = kind.value  # type: ignore[assignment]
            await client.operator_service.add_search_attributes(new)

    names = sorted(key.name for key in search_attributes.MEANINGS)
    asyncio.run(change(remove=["BstGap", "BstStage"], add={}))
    first = setup()
    second = setup()
    asyncio.run(change(remove=["BstGap"], add={"BstGap": SearchAttributeIndexedValueType.TEXT}))
    third = setup()

    where = {"address": server.address, "namespace": "default"}
    others = [name for name in names if name not in {"BstGap", "BstStage"}]
    assert first == (0, {**where, "added": ["BstGap", "BstStage"], "present": others})
    assert second == (0, {**where, "added": [], "present": names})
    code, answer = third
    assert code == 2
    assert "BstGap is Text on this server and has to be Double. Nothing was registered" in str(answer)

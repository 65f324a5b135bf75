"""The one way to a Temporal server, for the command, the worker, the demo and programs that use `bst`."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from bst.dev_server import running_server
from bst.exit_cleanly import settle_at_exit
from bst.settings import Settings
from domain.errors import BadInput, ServerUnreachable

if TYPE_CHECKING:  # importing the SDK takes 0.2 s, and `bst --help` must answer at once
    from temporalio.client import Client
    from temporalio.runtime import Runtime

# Seconds until a server that is silent counts as not there. On one machine it answers in 0.01, from Temporal
# Cloud in less than 1; people wait no longer for a sentence that says what is wrong.
CONNECT_TIMEOUT_S: Final = 2.5


async def connect(settings: Settings, *, runtime: "Runtime | None" = None) -> "Client":
    """A client of the server that is meant: the one Temporal's configuration names, else the embedded one.

    Args:
        settings: see `Settings.connect_config` for what counts as naming a server.
        runtime: of the SDK; the process's default if not given.

    Raises:
        ServerUnreachable: within `CONNECT_TIMEOUT_S` nothing answered as a Temporal server does.
        BadInput: Temporal's configuration cannot be used, or the server does not have the namespace.
    """
    config: dict[str, Any] = dict(settings.connect_config())
    if "target_host" in config:
        way_out = "start it, or unset TEMPORAL_ADDRESS and TEMPORAL_PROFILE and use `bst up`"
        return await _connect(config, runtime, way_out)
    way_out = "start one with `bst up`, or set TEMPORAL_ADDRESS"
    server = running_server(settings.home)
    if server is None:
        raise ServerUnreachable(f"No Temporal server is running in {settings.home}: {way_out}.")
    return await _connect({**config, "target_host": server.address}, runtime, way_out)


async def _connect(config: dict[str, Any], runtime: "Runtime | None", way_out: str) -> "Client":
    from temporalio.client import Client
    from temporalio.service import RPCError

    from workflows.plugin import plugin

    settle_at_exit()
    address = config["target_host"]
    try:
        # The SDK's own time-out ends with the TCP handshake; a silent port would hold us forever.
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            client = await Client.connect(**config, plugins=[plugin()], runtime=runtime)
            await _check_namespace(client, address)
    except (RuntimeError, RPCError, OSError, ValueError) as error:  # TimeoutError is an OSError
        raise ServerUnreachable(
            f"No Temporal server answers at {address} ({_reason(error)}): {way_out}."
        ) from error
    return client


async def _check_namespace(client: "Client", address: str) -> None:
    """Refuse a namespace that is not there now, instead of at the first thing that is asked of it."""
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.service import RPCError, RPCStatusCode

    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise BadInput(
                f"The Temporal server at {address} has no namespace {client.namespace!r}: choose one "
                f"with TEMPORAL_NAMESPACE, or run `temporal operator namespace create -n {client.namespace}`."
            ) from error
        # A key may be allowed to use a namespace and not to describe it.
        if error.status is not RPCStatusCode.PERMISSION_DENIED:
            raise


def _reason(error: Exception) -> str:
    """Why, in a few words for a person; the SDK's own text is a nest of Rust types."""
    if isinstance(error, TimeoutError):
        return f"silent for {CONNECT_TIMEOUT_S} s"
    text = " ".join(str(error).split())
    for sign, words in {
        "Connection refused": "connection refused",
        "dns error": "no such host",
        "invalid target URL": "that is no address",
        "nauthori": "the credentials were refused",
        "nauthenticated": "the credentials were refused",
        "ermission": "the credentials were refused",
        "certificate": "its certificate was refused",
        "InvalidContentType": "it does not speak TLS",
        "hyper::Error": "it answers, but not as a Temporal server does",
    }.items():
        if sign in text:
            return words
    return text[:200]

"""Containers for the tests, by testcontainers, where a Docker engine of this machine can run the image."""

import functools
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import docker  # type: ignore[import-untyped]
    from testcontainers.core.container import DockerContainer

LOOPBACK = "127.0.0.1"


def available(image: str) -> bool:
    """Return whether containers of an image can be run here; it is pulled if the engine has none.

    Only this is a reason to do without: a container that then does not start is a fault, and is raised.
    """
    return _engine_listens() and _pulled(image)


def _engine_listens() -> bool:
    """Ask the socket itself, as Docker's client leaves an open one behind when nobody answers.

    An engine on another machine is none for the tests: its loopback and its folders are not theirs.
    """
    scheme, _, path = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").partition("://")
    if scheme != "unix":
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


@contextmanager
def running(container: "DockerContainer", port: int) -> Iterator[int]:
    """Start a container; give the port of loopback that leads to its port, and remove it afterwards."""
    # Any free one, of loopback alone: Docker's client takes that, though testcontainers' types do not say so.
    container.ports[str(port)] = (LOOPBACK, None)  # type: ignore[assignment]
    with container:
        yield container.get_exposed_port(port)


@functools.cache
def _pulled(image: str) -> bool:
    """Return whether the engine has the image, and the one that removes what a killed test leaves behind."""
    import docker
    from testcontainers.core.config import ConnectionMode, testcontainers_config
    from testcontainers.core.docker_client import DockerClient

    needed = [testcontainers_config.hub_image_name_prefix + image]
    if not testcontainers_config.ryuk_disabled:
        needed.append(testcontainers_config.ryuk_image)
    try:
        engine = DockerClient()
    except docker.errors.DockerException:  # who listens is no engine, or is one that will not have us
        return False
    with closing(engine.client):
        if engine.get_connection_mode() is not ConnectionMode.docker_host:
            return False  # the tests are in a container of the engine's themselves
        return all(_has(engine.client, name) for name in needed)


def _has(client: "docker.DockerClient", image: str) -> bool:
    import docker

    try:
        client.images.get(image)
    except docker.errors.ImageNotFound:
        try:
            client.images.pull(image)
        except docker.errors.DockerException:  # no way to the image from here
            return False
    return True

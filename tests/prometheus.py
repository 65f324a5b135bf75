"""Real servers that answer PromQL, with the samples of a test, each on a free port of loopback.

They are containers where a Docker engine answers, else processes of Debian's own programs.
"""

import shlex
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.containers import LOOPBACK, available, running

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

# The versions of Debian's packages, so that both ways test the same servers.
PROMETHEUS_IMAGE = "prom/prometheus:v2.42.0"
VICTORIA_IMAGE = "victoriametrics/victoria-metrics:v1.79.5"
# What a slow machine needs to begin to answer, many times over (seconds).
PATIENCE_SECONDS = 30
# A port that was free a moment ago may be taken by another test process.
_TRIES = 3
_MAKE_BLOCKS = ("tsdb", "create-blocks-from", "openmetrics", "samples.txt")
_PROMETHEUS = (
    "--config.file=prometheus.yml",
    "--web.config.file=web.yml",
    "--storage.tsdb.retention.time=100y",
)
_VICTORIA = ("-retentionPeriod=100y",)


@contextmanager
def prometheus(folder: Path, samples: Sequence[str] = (), web_config: str = "") -> Iterator[str]:
    """Run a server with samples in OpenMetrics form (seconds); give its host and port, stop it afterwards.

    The files that `web_config` names lie in the folder.
    """
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1h}\n")  # nothing is scraped
    (folder / "web.yml").write_text(web_config)
    (folder / "samples.txt").write_text("\n".join([*samples, "# EOF", ""]))
    with (_prometheus_container if available(PROMETHEUS_IMAGE) else _prometheus_process)(folder) as place:
        yield place


@contextmanager
def victoria_metrics(folder: Path, lines: Sequence[str]) -> Iterator[str]:
    """Run VictoriaMetrics with samples (`name value milliseconds`); give its host and port."""
    with _victoria_container() if available(VICTORIA_IMAGE) else _victoria_process(folder) as place:
        for path, body in (("api/v1/import/prometheus", "\n".join(lines)), ("internal/force_flush", "")):
            asked = urllib.request.Request(f"http://{place}/{path}", data=body.encode(), method="POST")
            urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS).close()
        yield place


@dataclass(frozen=True)
class _Server:
    """A server that was started and may not answer yet."""

    place: str
    runs: Callable[[], bool]
    log: Callable[[], str]


def _prometheus_ready(server: _Server) -> bool:
    """Read what it logs once its database is open: asking it would need each test's login and certificate."""
    return "Server is ready to receive web requests" in server.log()


def _victoria_ready(server: _Server) -> bool:
    try:
        urllib.request.urlopen(f"http://{server.place}/-/ready", timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def _prometheus_container(folder: Path) -> Iterator[str]:
    """Run the image over the folder, which it may only read: the samples become a database inside."""
    from testcontainers.core.container import DockerContainer

    folder.chmod(0o755)  # the image runs as nobody; here, the folders above stay closed to others
    for path in folder.iterdir():
        path.chmod(0o644)
    options = shlex.join([*_PROMETHEUS, "--storage.tsdb.path=/prometheus"])
    script = f"promtool {shlex.join(_MAKE_BLOCKS)} /prometheus && exec prometheus {options}"
    container = DockerContainer(PROMETHEUS_IMAGE, entrypoint=["/bin/sh", "-c"], working_dir="/given")
    container.with_volume_mapping(folder, "/given").with_command([script])
    with _contained(container, 9090, _prometheus_ready) as place:
        yield place


@contextmanager
def _victoria_container() -> Iterator[str]:
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(VICTORIA_IMAGE).with_command([*_VICTORIA, "-storageDataPath=/data"])
    with _contained(container, 8428, _victoria_ready) as place:
        yield place


@contextmanager
def _contained(container: "DockerContainer", port: int, ready: Callable[[_Server], bool]) -> Iterator[str]:
    def runs() -> bool:
        container.reload()
        return container.status == "running"

    def log() -> str:
        return b"".join(container.get_logs()).decode()

    with running(container, port) as public:
        server = _Server(f"{LOOPBACK}:{public}", runs, log)
        if not _answers(server, ready):
            raise RuntimeError(f"{container.image} did not start:\n{log()}")
        yield server.place


@contextmanager
def _prometheus_process(folder: Path) -> Iterator[str]:
    made = subprocess.run(
        [_program("promtool"), *_MAKE_BLOCKS, "data"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    options = (*_PROMETHEUS, "--storage.tsdb.path=data", "--web.listen-address={place}")
    with _process([_program("prometheus"), *options], folder, _prometheus_ready) as place:
        yield place


@contextmanager
def _victoria_process(folder: Path) -> Iterator[str]:
    options = (*_VICTORIA, "-storageDataPath=data", "-httpListenAddr={place}")
    with _process([_program("victoria-metrics"), *options], folder, _victoria_ready) as place:
        yield place


def _program(name: str) -> str:
    """Return where a program is that Debian packages; without it the test is skipped, aloud."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name}: install what .ci/apt-packages.txt names, or start a Docker engine")
    return found


@contextmanager
def _process(command: Sequence[str], folder: Path, ready: Callable[[_Server], bool]) -> Iterator[str]:
    for _ in range(_TRIES):
        with _started(command, folder) as server:
            if _answers(server, ready):
                yield server.place
                return
    raise RuntimeError(f"{command[0]} did not start:\n{(folder / 'log').read_text()}")


@contextmanager
def _started(command: Sequence[str], folder: Path) -> Iterator[_Server]:
    place = f"{LOOPBACK}:{_free_port()}"
    with (folder / "log").open("wb") as log:
        told = [part.replace("{place}", place) for part in command]
        process = subprocess.Popen(told, cwd=folder, stdout=log, stderr=log)
    try:
        yield _Server(place, lambda: process.poll() is None, (folder / "log").read_text)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(server: _Server, ready: Callable[[_Server], bool]) -> bool:
    """Wait until the server is ready; False when it has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.runs() and time.monotonic() < deadline:
        if ready(server):
            return True
        time.sleep(0.02)
    return False

"""Real servers that answer PromQL: Debian's own programs, on free ports, with the samples of a test."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

# What a slow machine needs to begin to listen, many times over (seconds).
PATIENCE_SECONDS = 30
# A port that was free a moment ago may be taken by another test process.
_TRIES = 3


def write_samples(folder: Path, lines: Sequence[str]) -> None:
    """Make the database of a server from samples in OpenMetrics form, with timestamps in seconds."""
    (folder / "samples.txt").write_text("\n".join([*lines, "# EOF", ""]))
    _run([program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "samples.txt", "data"], folder)


@contextmanager
def prometheus(folder: Path, web_config: str = "") -> Iterator[str]:
    """Run a server over the folder's database; give its host and port, and stop it afterwards."""
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1h}\n")  # nothing is scraped
    (folder / "web.yml").write_text(web_config)
    options = (
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        "--storage.tsdb.retention.time=100y",
        "--web.config.file=web.yml",
        "--web.listen-address={place}",
    )
    with _running(
        [program("prometheus"), *options], folder, encrypted="tls_server_config" in web_config
    ) as at:
        yield at


@contextmanager
def victoria_metrics(folder: Path, lines: Sequence[str]) -> Iterator[str]:
    """Run VictoriaMetrics with samples (`name value milliseconds`); give its host and port."""
    options = ("-storageDataPath=data", "-retentionPeriod=100y", "-httpListenAddr={place}")
    with _running([program("victoria-metrics"), *options], folder) as place:
        for path, body in (("api/v1/import/prometheus", "\n".join(lines)), ("internal/force_flush", "")):
            asked = urllib.request.Request(f"http://{place}/{path}", data=body.encode(), method="POST")
            urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS).close()
        yield place


def program(name: str) -> str:
    """Return where a program is that Debian packages; without it the test is skipped, aloud."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name} on PATH: install what .ci/apt-packages.txt names")
    return found


@contextmanager
def _running(command: Sequence[str], folder: Path, *, encrypted: bool = False) -> Iterator[str]:
    for _ in range(_TRIES):
        place = f"127.0.0.1:{_free_port()}"
        told = [part.replace("{place}", place) for part in command]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(told, cwd=folder, stdout=log, stderr=log)
        try:
            if _ready(server, place, encrypted=encrypted):
                yield place
                return
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)
    raise RuntimeError(f"{command[0]} did not start:\n{(folder / 'log').read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _ready(server: "subprocess.Popen[bytes]", place: str, *, encrypted: bool) -> bool:
    """Wait until the server answers queries; False when it has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if encrypted:  # who is asked for a certificate can only see that somebody listens
                host, _, port = place.partition(":")
                socket.create_connection((host, int(port)), 1).close()
            else:
                urllib.request.urlopen(f"http://{place}/-/healthy", timeout=5).close()
        except urllib.error.HTTPError as answered:
            answered.close()
            if answered.code == 401:
                return True
        except OSError:
            pass
        else:
            return True
        time.sleep(0.02)
    return False


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr

"""Where the embedded server is reached: the note it leaves for clients, and the ports it takes."""

import json
import os
import socket
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Server:
    """A running embedded server."""

    address: str
    """host:port for clients."""
    ui: str
    """URL of the Temporal UI."""
    pid: int
    started: str
    """ISO 8601, UTC."""

    @classmethod
    def here(cls, port: int, ui_port: int, pid: int) -> Self:
        """The server that was started just now on this machine."""
        return cls(
            address=f"127.0.0.1:{port}",
            ui=f"http://127.0.0.1:{ui_port}",
            pid=pid,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    @property
    def ports(self) -> tuple[int, int]:
        """The server's port and the UI's."""
        return int(self.address.rpartition(":")[2]), int(self.ui.rpartition(":")[2])


def note(path: Path, server: Server) -> None:
    """Write `server` to `path` in one step, so that nobody reads half of it."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(server)) + "\n", encoding="utf-8")
    draft.replace(path)


def read_note(path: Path) -> Server | None:
    """The server noted at `path`, or None if there is no note, or none that can be read."""
    try:
        server = Server(**json.loads(path.read_text(encoding="utf-8")))
        _ = server.ports
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return server


def free_port(wished: Iterable[int], *, taken: Iterable[int] = ()) -> int:
    """The first of `wished` that is free on the loopback interface, else any free one; none of `taken`."""
    refused = set(taken)
    for port in wished:
        if port not in refused and _is_free(port):
            return port
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in refused:
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port whose last connections are still winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

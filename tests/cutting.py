"""A go-between to a real server that can fall silent, cut the connection, or pass on a part of an answer."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import URL, make_url

_CHUNK = 4096


@dataclass
class Wire:
    """Connections that lead through here, from `port` to the server; each is counted by what came back."""

    port: int
    silent: threading.Event = field(default_factory=threading.Event)
    # Set when a query that sleeps has gone through to the server.
    asked: threading.Event = field(default_factory=threading.Event)
    # Bytes of answers after which every connection is cut, None for never.
    cut_after: int | None = None
    passed: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    def once_asked(self, act: Callable[[], object]) -> threading.Thread:
        """Do something when the query sleeps in the server; the thread is for the caller to join."""

        def wait() -> None:
            assert self.asked.wait(30)
            act()

        thread = threading.Thread(target=wait)
        thread.start()
        return thread

    def cut(self) -> None:
        for each in self.sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def through(url: str) -> Iterator[tuple[str, Wire]]:
    """Give the address of a server on a socket or a port as one that leads through a wire of ours."""
    real = make_url(url)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(listening.getsockname()[1])
        threads: list[threading.Thread] = []
        listener = threading.Thread(target=_accept, args=(listening, real, wire, threads))
        listener.start()
        query = {k: v for k, v in real.query.items() if k not in {"host", "unix_socket"}}
        try:
            leading = real.set(host="127.0.0.1", port=wire.port, query=query)
            yield leading.render_as_string(hide_password=False), wire
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            listener.join()
            wire.silent.clear()
            wire.cut()
            for thread in threads:
                thread.join()
            for each in wire.sockets:
                each.close()


def _accept(listening: socket.socket, real: URL, wire: Wire, threads: list[threading.Thread]) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        server = _connected(real)
        wire.sockets += [client, server]
        for one, other, back in ((client, server, False), (server, client, True)):
            thread = threading.Thread(target=_pass_on, args=(one, other, wire, back))
            thread.start()
            threads.append(thread)


def _connected(real: URL) -> socket.socket:
    folder, path = real.query.get("host"), real.query.get("unix_socket")
    if not folder and not path:
        return socket.create_connection((real.host, real.port or 0))
    server = socket.socket(socket.AF_UNIX)
    server.connect(str(path) if path else f"{folder}/.s.PGSQL.5432")
    return server


def _pass_on(one: socket.socket, other: socket.socket, wire: Wire, back: bool) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(_CHUNK):
            if wire.silent.is_set():
                continue
            wire.passed += len(data) if back else 0
            if back and wire.cut_after is not None and wire.passed > wire.cut_after:
                wire.cut()
                return
            other.sendall(data)
            if not back and b"sleep(20)" in data:
                wire.asked.set()
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)

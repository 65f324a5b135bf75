"""A real web server on loopback, with or without TLS, that answers as a test says, and breaks as it says."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = Callable[[BaseHTTPRequestHandler], None]
# Seconds after which a server that is slow on purpose gives up by itself.
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Asked:
    """A request as it came: method, path with query, and headers in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass
class WebServer:
    """What is answered under which path, and what was asked so far."""

    port: int = 0
    scheme: str = "http"
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Run a server on a free port of 127.0.0.1; stop it afterwards."""
    web = WebServer(scheme="http" if tls is None else "https")
    server = _Server(("127.0.0.1", 0), _handler(web))
    server.tls = tls
    web.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread: one that fails must not hold up the others."""
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves, or does not trust us, is what many tests are about."""


def _handler(web: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            web.asked.append(Asked(self.command, self.path, headers, body))
            web.replies.get(urlsplit(self.path).path, missing)(self)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_about: object) -> None:
            pass

    return Handler


def answer(body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> Reply:
    """Answer whole; `_` in a header's name stands for `-`."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        _head(to, status, {"content-type": kind, "content-length": str(len(body)), **headers})
        to.wfile.write(body)

    return reply


def json_answer(value: object, status: int = 200, **headers: str) -> Reply:
    return answer(json.dumps(value).encode(), status, **headers)


missing = answer(b"no such page", 404, "text/plain")


def redirect(location: str, status: int = 302) -> Reply:
    return answer(b"", status, "text/plain", location=location)


def dropped(body: bytes = b'{"half": ') -> Reply:
    """Promise more than is sent, and hang up."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        _head(to, 200, {"content-type": "application/json", "content-length": str(len(body) + 100)})
        to.wfile.write(body)
        to.close_connection = True

    return reply


def slow(to: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for as long as somebody listens."""
    _head(to, 200, {"content-type": "application/json", "content-length": "1000000"})
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        to.wfile.write(b" ")
        time.sleep(0.02)


def endless(chunk: bytes, **headers: str) -> Reply:
    """Send the same again and again, for as long as somebody listens."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        _head(to, 200, {"connection": "close", **headers})
        to.close_connection = True
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            to.wfile.write(chunk)

    return reply


def in_turn(*replies: Reply) -> Reply:
    """Answer each request by the next reply, and all further ones by the last."""
    left = list(replies)

    def reply(to: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(to)

    return reply


def _head(to: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
    to.send_response(status)
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()

"""A real HTTP server on loopback that answers as a tracker does, and fails when it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass(frozen=True)
class Request:
    """What was asked: the path as it was sent, the parameters, and the headers by their small names."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Response:
    """What is answered: JSON unless the body is bytes; `cut` breaks the connection in its middle."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


Answering = Callable[[], Response]


@dataclass
class Served:
    """A running tracker: its address, what it was asked, and what it does at the n-th request (from 1)."""

    answer: Callable[[Request], Response]
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    faults: dict[int, Callable[[Answering], Response]] = field(default_factory=dict)

    def asked(self, part: str) -> list[Request]:
        """Return the requests whose path has this part."""
        return [request for request in self.requests if part in request.path]

    def respond(self, request: Request) -> Response:
        self.requests.append(request)
        fault = self.faults.get(len(self.requests))
        return fault(lambda: self.answer(request)) if fault else self.answer(request)


def instead(response: Response) -> Callable[[Answering], Response]:
    """Answer this instead."""
    return lambda _: response


def broken_off(answer: Answering) -> Response:
    """Answer, but break the connection in the middle of the body."""
    found = answer()
    return Response(found.status, found.body, found.headers, cut=True)


def before(change: Callable[[], object]) -> Callable[[Answering], Response]:
    """Change something, then answer."""

    def fault(answer: Answering) -> Response:
        change()
        return answer()

    return fault


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[Served]:
    """Run a tracker for the body of a `with`."""
    served = Served(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served))
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            response = served.respond(Request(parts.path, query, headers))
            body = response.body if isinstance(response.body, bytes) else json.dumps(response.body).encode()
            self.send_response(response.status)
            for name, value in {"Content-Type": "application/json", **response.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if response.cut else body)
            self.close_connection = response.cut

        def log_message(self, *_about: object) -> None:
            pass

    return Handler


def paged(entries: list[Any], request: Request, most: int) -> tuple[list[Any], dict[str, str]]:
    """Return one page by `page` and `per_page`, with its `Link` header, as GitHub and GitLab do."""
    size = min(int(request.query.get("per_page", "30")), most)
    number = int(request.query.get("page", "1"))
    end = number * size
    if end >= len(entries):
        return entries[end - size :], {}
    link = f"http://{request.headers['host']}{request.path}?"
    following = urlencode({**request.query, "page": str(number + 1)})
    final = urlencode({**request.query, "page": str(-(-len(entries) // size))})
    return entries[end - size : end], {
        "Link": f'<{link}{following}>; rel="next", <{link}{final}>; rel="last"'
    }

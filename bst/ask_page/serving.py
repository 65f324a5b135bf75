"""How the page is served: by uvicorn, without a log of requests."""

import errno
import os
import signal
import socket
from collections.abc import Callable

import uvicorn

from activities.answers.store import AnswerStore
from bst.ask_page.app import app
from domain.errors import BadInput


def run(store: AnswerStore, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until a signal stops it; `say` gets the address once it listens.

    Raises:
        BadInput: the address cannot be listened at.
    """
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        app(store),
        access_log=False,  # who asked, and when, is nobody's business
        log_level="warning",
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # whose address stands behind a proxy is nobody's business either
    )
    say(f"http://{shown}:{listening.getsockname()[1]}")
    for number in (signal.SIGINT, signal.SIGTERM):
        # Uvicorn stops at one of these, and then has it handled once more as before: here, by nothing.
        signal.signal(number, lambda *_: None)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        way = "take another --port" if error.errno == errno.EADDRINUSE else "name an address of this machine"
        raise BadInput(f"Nothing can be served at {host} port {port} ({why}): {way}.") from None

"""The connection to a server, cut from this side when the server does not even answer a request to stop."""

import os
import socket
from contextlib import suppress


def cut(descriptor: int) -> None:
    """Shut a socket down under whoever waits on it, which then learns that the connection is lost."""
    with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as wire:
        wire.shutdown(socket.SHUT_RDWR)

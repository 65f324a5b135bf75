"""From a host's name to the addresses that may be connected to."""

import asyncio
import socket
import threading
from contextlib import suppress
from ipaddress import ip_address

from activities.sources.hosts import Address, Hosts, literal
from domain.errors import SourceFailed


async def addresses_of(host: str, port: int, hosts: Hosts, seconds: float, shown: str) -> tuple[Address, ...]:
    """Return the host's addresses that may be connected to; nothing else must be connected to.

    Raises:
        SourceFailed: `host_not_found`, or `host_not_allowed`.
    """
    written = literal(host)
    found = (written,) if written is not None else await _resolved(host, port, seconds, shown)
    permitted = hosts.permitted(host, port, found)
    if not permitted:
        why = hosts.refusal(host, port, found, _named(host, shown))
        raise SourceFailed("host_not_allowed", f"{shown}: {why}.")
    return permitted


async def _resolved(host: str, port: int, seconds: float, shown: str) -> tuple[Address, ...]:
    """Ask the system for the addresses, in a thread of its own that nobody has to wait for."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def told(texts: list[str]) -> None:
        if not answer.done():
            answer.set_result(texts)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            texts = [str(entry[4][0]).partition("%")[0] for entry in found]
        except (OSError, UnicodeError):
            texts = []
        with suppress(RuntimeError):  # the loop is closed: who asked was cancelled meanwhile
            loop.call_soon_threadsafe(told, texts)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        texts = await asyncio.wait_for(answer, seconds)
    except TimeoutError:
        texts = []
    if not texts:
        raise SourceFailed(
            "host_not_found",
            f"{shown}: no address is known for {_named(host, shown)}. Check its name, and that the "
            "worker's name server knows it.",
        )
    return tuple(dict.fromkeys(map(ip_address, texts)))


def _named(host: str, shown: str) -> str:
    """Return the host as messages may name it: one that was filled in is not repeated."""
    return host if host in shown.casefold() else "the host that is filled in"

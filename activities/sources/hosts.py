"""Which hosts and addresses the worker may send a source's requests to.

A charter is written by a team, and the worker stands inside the network: without
a guard a charter could have it read what only the worker can reach, such as the
machine's own services or the cloud's metadata service with its credentials. So
what counts is the address that a name leads to, at the moment of connecting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
# Where clouds keep a machine's credentials; 169.254.169.254, which most use, is link-local already.
_METADATA = frozenset(
    {
        IPv6Address("fd00:ec2::254"),  # Amazon
        IPv4Address("100.100.100.200"),  # Alibaba
        IPv4Address("168.63.129.16"),  # Azure
        IPv4Address("192.0.0.192"),  # Oracle
    }
)
# "This network" (RFC 1122): Linux takes any address in it for the machine itself.
_THIS_NETWORK = IPv4Network("0.0.0.0/8")
# IPv6 addresses that lead to the IPv4 address in their last 32 bits (RFC 6052, 8215, 4291).
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
_LAST_32 = 0xFFFF_FFFF
_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class _Entry:
    """One part of the list: a name, `*`, `*.domain`, or a network; of one port or of all."""

    name: str
    networks: tuple[Network, ...]
    port: int | None

    def takes(self, host: str, port: int) -> bool:
        if self.port not in (None, port):
            return False
        return self.name in ("*", host) or (self.name.startswith("*.") and host.endswith(self.name[1:]))

    def holds(self, address: Address, port: int) -> bool:
        return self.port in (None, port) and any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that may be asked: any if there is no entry, and guarded addresses only if they are named.

    A guarded address is the machine's own, a link-local, multicast, reserved or metadata one. A name never
    opens it, whoever answers for the name: the address or a network that holds it must stand in the list.
    `localhost` stands for the machine's own addresses.
    """

    entries: tuple[_Entry, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `jira.example.org, *.corp.example, 10.0.0.0/8, localhost:9090, [::1]:9090`.

        Raises:
            ValueError: an entry that cannot be read, with how it would be right.
        """
        return cls(tuple(_entry(part.strip()) for part in text.split(",") if part.strip()))

    def permitted(self, host: str, port: int, addresses: Sequence[Address]) -> tuple[Address, ...]:
        """Return those of a host's addresses that may be connected to, in their order."""
        name = host.casefold().rstrip(".")
        plain = dict.fromkeys(map(_unmapped, addresses))
        return tuple(address for address in plain if self._permits(name, port, address))

    def refusal(self, host: str, port: int, addresses: Sequence[Address], named: str) -> str:
        """Say of the host, as `named`, why no address may be connected to, and what the operator could do."""
        name = host.casefold().rstrip(".")
        if not any(self._listed(name, port, _unmapped(address)) for address in addresses):
            return f"{named} is not among the hosts that the worker may ask (BST_SOURCE_HOSTS)"
        kinds = ", ".join(dict.fromkeys(filter(None, map(guarded, addresses))))
        return (
            f"{named} leads to {kinds}. Sources may not ask it unless BST_SOURCE_HOSTS, where the worker "
            "runs, names that address"
        )

    def _permits(self, name: str, port: int, address: Address) -> bool:
        if not self._listed(name, port, address):
            return False
        if guarded(address) is None:
            return True
        return all(
            any(e.holds(form, port) for e in self.entries) for form in _forms(address) if guarded(form)
        )

    def _listed(self, name: str, port: int, address: Address) -> bool:
        return not self.entries or any(e.takes(name, port) or e.holds(address, port) for e in self.entries)


def guarded(address: Address) -> str | None:
    """Return what kind of guarded address it is, in words; None for an ordinary one."""
    return next(filter(None, map(_kind, _forms(address))), None)


def _kind(address: Address) -> str | None:
    kinds = (
        ("a cloud's metadata service", address in _METADATA),
        (
            "the worker's own machine",
            address.is_loopback or address.is_unspecified or address in _THIS_NETWORK,
        ),
        ("a link-local address (a metadata service is one)", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("a reserved address", isinstance(address, IPv4Address) and address.is_reserved),
        ("a site-local address", isinstance(address, IPv6Address) and address.is_site_local),
    )
    return next((kind for kind, holds in kinds if holds), None)


def _forms(address: Address) -> Iterator[Address]:
    """Yield the address, and the IPv4 address that it leads to if it wraps one."""
    address = _unmapped(address)
    yield address
    if isinstance(address, IPv4Address):
        return
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield address.teredo[1]
    if any(address in network for network in _TRANSLATED) and int(address) > 1:
        yield IPv4Address(int(address) & _LAST_32)


def _unmapped(address: Address) -> Address:
    """Return the IPv4 address of `::ffff:a.b.c.d`: it is what the operating system connects to."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _entry(text: str) -> _Entry:
    name, port = (text, None) if "://" in text else _split(text)
    if name == "localhost":
        return _Entry(name, _LOOPBACK, port)
    try:
        network = ip_network(name)
    except ValueError:
        pass
    else:
        return _Entry(name, (network,), port)
    labels = name.removeprefix("*.").split(".")
    plain = all(label and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    if name != "*" and not (plain and name.isascii()):
        raise ValueError(
            f"{text!r} is no host. Write a name (jira.example.org), all names under one (*.example.org), an "
            "address or a network (10.0.0.0/8, with no bit beyond its prefix), each with :PORT if only that "
            "port is meant, or * for any name"
        )
    return _Entry(name, (), port)


def _split(text: str) -> tuple[str, int | None]:
    """Return the name or network and the port of an entry; an IPv6 address with a port is in brackets."""
    name, port = text.casefold(), ""
    if name.startswith("["):
        name, _, port = name[1:].partition("]")
        port = port.removeprefix(":")
    elif name.count(":") == 1:
        name, _, port = name.partition(":")
        port = port or "none"
    if not port:
        return name.rstrip("."), None
    if not (port.isascii() and port.isdecimal() and 0 < int(port) <= _MOST_PORT):
        raise ValueError(f"{text!r} has no port after the colon. Write host:443, or the host alone")
    return name.rstrip("."), int(port)


def literal(host: str) -> Address | None:
    """Return the address that a host is written as, None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None

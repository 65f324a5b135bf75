"""Which hosts and addresses the worker may ask."""

from ipaddress import ip_address

import pytest

from activities.sources.hosts import Hosts, guarded

CLOSED = [
    "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "0.1.2.3", "::", "169.254.169.254", "169.254.0.1", "fe80::1",
    "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "fd00:ec2::254", "100.100.100.200",
    "168.63.129.16",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "::127.0.0.1", "fec0::1",
]  # fmt: skip
OPEN = ["93.184.216.34", "10.0.0.7", "192.168.1.1", "172.16.0.1", "2606:2800:220:1::1", "fd12:3456::1",
        "::ffff:10.0.0.7", "64:ff9b::a00:7"]  # fmt: skip


def permitted(listed: str, host: str, address: str, port: int = 443) -> bool:
    return bool(Hosts.parse(listed).permitted(host, port, [ip_address(address)]))


@pytest.mark.parametrize("address", CLOSED)
def test_what_only_the_worker_can_reach_is_closed_whatever_its_name(address: str) -> None:
    assert guarded(ip_address(address))
    for listed in ("", "*", "example.org", "*.example.org", "*, 10.0.0.0/8"):
        assert not permitted(listed, "example.org", address)


@pytest.mark.parametrize("address", OPEN)
def test_any_other_address_may_be_asked_where_nothing_is_listed(address: str) -> None:
    assert guarded(ip_address(address)) is None
    assert permitted("", "example.org", address)


@pytest.mark.parametrize(
    ("listed", "host", "address", "port"),
    [
        ("localhost", "localhost", "127.0.0.1", 80),
        ("localhost", "localhost", "::1", 80),
        ("localhost:9090", "localhost", "127.0.0.1", 9090),
        ("127.0.0.1", "prometheus.example.org", "127.0.0.1", 9090),
        ("127.0.0.1", "mapped.example.org", "::ffff:127.0.0.1", 9090),
        ("[::1]:9090", "localhost", "::1", 9090),
        ("169.254.169.254", "169.254.169.254", "169.254.169.254", 80),
        ("jira.example.org", "JIRA.example.org.", "10.0.0.7", 443),
        ("*.example.org", "a.b.example.org", "10.0.0.7", 443),
        ("10.0.0.0/8", "anything", "10.0.0.7", 443),
        ("a.example.org, b.example.org:8443", "b.example.org", "10.0.0.7", 8443),
        ("127.0.0.0/8, 64:ff9b::/96", "translated", "64:ff9b::7f00:1", 443),
    ],
)
def test_what_is_listed_may_be_asked(listed: str, host: str, address: str, port: int) -> None:
    assert permitted(listed, host, address, port)


@pytest.mark.parametrize(
    ("listed", "host", "address", "port"),
    [
        ("jira.example.org", "wiki.example.org", "10.0.0.7", 443),
        ("*.example.org", "example.org", "10.0.0.7", 443),
        ("*.example.org", "badexample.org", "10.0.0.7", 443),
        ("jira.example.org:8443", "jira.example.org", "10.0.0.7", 443),
        ("10.0.0.0/8", "anything", "11.0.0.1", 443),
        ("localhost", "example.org", "93.184.216.34", 443),
        ("localhost:9090", "localhost", "127.0.0.1", 7233),
        ("prometheus.example.org", "prometheus.example.org", "127.0.0.1", 9090),
        ("64:ff9b::/96", "translated", "64:ff9b::7f00:1", 443),
    ],
)
def test_what_is_not_listed_may_not(listed: str, host: str, address: str, port: int) -> None:
    assert not permitted(listed, host, address, port)


def test_of_several_addresses_those_are_left_that_may_be_asked() -> None:
    mixed = [ip_address("127.0.0.1"), ip_address("10.0.0.7"), ip_address("::ffff:10.0.0.7")]

    assert Hosts().permitted("example.org", 443, mixed) == (ip_address("10.0.0.7"),)


@pytest.mark.parametrize(
    "text", ["http://example.org", "example.org:", "example.org:0", "example.org:https", "10.0.0.1/8", "a b",
             "exämple.org", "*.*.org", "[::1]:x", "a..b", "user@example.org"]
)  # fmt: skip
def test_an_entry_that_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write"):
        Hosts.parse(f"example.org, {text}")

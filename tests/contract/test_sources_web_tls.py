"""Web sources over TLS: certificates are always checked, and the worker shows its own where it is asked."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from activities.sources.allowance import Allowance
from activities.sources.hosts import Hosts
from activities.sources.web import opened
from domain.errors import SourceFailed
from domain.sources.web import Tls
from tests.web_server import WebServer, json_answer, redirect, web_server


@dataclass(frozen=True)
class Authority:
    """A certificate authority of these tests, and what the worker's environment holds of it."""

    ca: trustme.CA
    environment: dict[str, str]

    def context(self, *names: str, for_clients: bool = False) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names).configure_cert(context)
        if for_clients:
            context.verify_mode = ssl.CERT_REQUIRED
            self.ca.configure_trust(context)
        return context


@pytest.fixture(scope="module")
def authority() -> Authority:
    ca = trustme.CA()
    own = ca.issue_cert("worker.example.org")
    return Authority(
        ca,
        {
            "CA": ca.cert_pem.bytes().decode(),
            "CERT": b"".join(blob.bytes() for blob in own.cert_chain_pems).decode(),
            "KEY": own.private_key_pem.bytes().decode(),
        },
    )


@pytest.fixture(scope="module")
def web(authority: Authority) -> Iterator[WebServer]:
    with web_server(authority.context("localhost")) as server:
        server.replies["/"] = json_answer([1])
        yield server


@pytest.fixture(scope="module")
def mutual(authority: Authority) -> Iterator[WebServer]:
    """A server that asks who is there."""
    with web_server(authority.context("localhost", "127.0.0.1", for_clients=True)) as server:
        server.replies["/"] = json_answer([1])
        yield server


def asked(url: str, tls: Tls | None = None, environment: dict[str, str] | None = None) -> object:
    hosts = Hosts.parse("localhost")
    allowance = Allowance(hosts=hosts, environment=environment or {}, pause_seconds=0.001)
    with opened(url, allowance, tls=tls) as session:
        return session.get().json()


def refused(url: str, tls: Tls | None = None, environment: dict[str, str] | None = None) -> tuple[str, str]:
    with pytest.raises(SourceFailed) as caught:
        asked(url, tls, environment)
    return caught.value.source_code, str(caught.value)


def test_a_certificate_of_an_unknown_authority_is_refused(web: WebServer) -> None:
    code, sentence = refused(web.url)

    assert code == "tls_failed"
    assert "certificate is not trusted" in sentence
    assert "`tls.ca`" in sentence


def test_one_of_the_authority_that_the_charter_names_is_trusted(web: WebServer, authority: Authority) -> None:
    assert asked(web.url, Tls(ca="${CA}"), authority.environment) == [1]


def test_the_name_is_checked_that_the_charter_gives_and_not_the_address(
    web: WebServer, authority: Authority
) -> None:
    url = f"https://127.0.0.1:{web.port}"

    code, sentence = refused(url, Tls(ca="${CA}"), authority.environment)

    assert (code, "IP address mismatch" in sentence) == ("tls_failed", True)


def test_a_named_authority_alone_is_trusted(web: WebServer) -> None:
    other = trustme.CA().cert_pem.bytes().decode()

    assert refused(web.url, Tls(ca="${CA}"), {"CA": other})[0] == "tls_failed"


def test_plain_http_where_tls_is_spoken_and_the_other_way_round(web: WebServer) -> None:
    with web_server() as plain:
        assert refused(f"https://localhost:{plain.port}")[0] == "tls_failed"
    assert refused(f"http://localhost:{web.port}")[0] == "unreachable"


def test_a_redirect_from_https_to_http_is_refused(web: WebServer, authority: Authority) -> None:
    web.replies["/down"] = redirect(f"http://localhost:{web.port}/")
    with pytest.raises(SourceFailed, match="from https to http") as caught:
        asked(f"{web.url}/down", Tls(ca="${CA}"), authority.environment)
    assert caught.value.source_code == "redirect_refused"


@pytest.mark.parametrize("as_files", [False, True], ids=["texts", "paths"])
def test_the_worker_shows_its_certificate(
    mutual: WebServer, authority: Authority, tmp_path: Path, *, as_files: bool
) -> None:
    environment = dict(authority.environment)
    if as_files:
        for name, text in authority.environment.items():
            (tmp_path / name).write_text(text)
            environment[name] = str(tmp_path / name)

    assert asked(mutual.url, Tls(ca="${CA}", cert="${CERT}", key="${KEY}"), environment) == [1]


def test_without_one_a_server_that_asks_for_it_is_told(mutual: WebServer, authority: Authority) -> None:
    # A server that closes at once may cut the line before its alert is read: then it is not known why.
    code, sentence = refused(mutual.url, Tls(ca="${CA}"), authority.environment)
    for _ in range(9):
        if code == "unreachable":
            code, sentence = refused(mutual.url, Tls(ca="${CA}"), authority.environment)

    assert code == "tls_failed"
    assert "`tls.cert`" in sentence


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"CA": "-----BEGIN CERTIFICATE-----\nplanted\n-----END CERTIFICATE-----\n"}, "ca"),
        ({"CA": "/no/such/planted"}, "ca"),
        ({"CERT": "planted"}, "cert"),
        ({"KEY": "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----\n"}, "cert"),
        ({"KEY": trustme.CA().issue_cert("x").private_key_pem.bytes().decode()}, "cert"),
    ],
    ids=["no ca", "no file", "no cert", "no key", "another's key"],
)
def test_what_is_no_certificate_is_refused_and_not_repeated(
    mutual: WebServer, authority: Authority, change: dict[str, str], key: str
) -> None:
    environment = authority.environment | change

    code, sentence = refused(mutual.url, Tls(ca="${CA}", cert="${CERT}", key="${KEY}"), environment)

    assert (code, f"`tls.{key}`" in sentence) == ("bad_certificate", True)
    assert "planted" not in sentence


def test_certificates_without_https_are_a_mistake(authority: Authority) -> None:
    assert refused("http://localhost:1", Tls(ca="${CA}"), authority.environment)[0] == "bad_url"

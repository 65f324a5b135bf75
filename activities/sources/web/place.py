"""Where a web source is and how it is asked: the charter's words with `${NAME}` filled in."""

import base64
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from activities.sources.secrets import conceal, fill
from activities.sources.web.tls import context_for
from domain.errors import SourceFailed
from domain.sources.web import Auth, Tls

# Set by the client itself: with another value the address that was checked would not be the one that answers,
# or the body's length and packing would not be what is counted.
_OURS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "connection",
        "te",
        "upgrade",
        "expect",
    }
)
_PORTS = {"http": 80, "https": 443}
# Scheme, host and port of an address, or a `${NAME}` in their place.
_ORIGIN = re.compile(r"(?:[^/?#]*://)?[^/?#]*")
# Characters of an address that messages repeat.
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A filled-in address with what goes along with each request; only `shown` may be printed."""

    url: httpx.URL = field(repr=False)
    shown: str
    headers: Mapping[str, str] = field(repr=False)
    tls: ssl.SSLContext = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def conceal(self, text: str) -> str:
        """Return a text without anything that was filled in."""
        return conceal(text, self.secrets)


def place_of(
    url: str,
    environment: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    auth: Auth | None = None,
    tls: Tls | None = None,
) -> Place:
    """Return the place that a charter's source names.

    Raises:
        SourceFailed: `missing_variable`, `bad_url`, `bad_header` or `bad_certificate`.
    """
    shown = shown_of(url)
    filled = _Filling(shown, environment)
    start = _ORIGIN.match(url)
    assert start is not None  # it matches the empty text, too
    # What is filled in for a part of the path or the query must not become another part of it.
    full = parsed(filled(start[0]) + filled(url[start.end() :], quoted=True), shown)
    sent = {name.casefold(): filled(value) for name, value in (headers or {}).items()}
    if auth is not None:
        if "authorization" in sent:
            raise SourceFailed("bad_header", f"{shown}: write `auth` or the header Authorization, not both.")
        sent["authorization"] = _authorization(auth, filled)
    _check(sent, shown)
    if tls is not None and full.scheme != "https":
        raise SourceFailed("bad_url", f"{shown}: `tls` needs an address that begins with https://.")
    context = context_for(tls, shown, environment)  # also for http, which may redirect to https
    return Place(full, shown, sent, context, tuple(filled.secrets))


@dataclass(frozen=True, slots=True)
class _Filling:
    """Fills templates in, and remembers what must not be shown."""

    shown: str
    environment: Mapping[str, str] = field(repr=False)
    secrets: list[str] = field(default_factory=list, repr=False)

    def __call__(self, template: str, *, quoted: bool = False) -> str:
        before = len(template) if quoted else 0
        found = fill(template, self.shown, self.environment, quoted_before=before)
        self.secrets.extend(found.secrets)
        return found.text


def parsed(url: str, shown: str) -> httpx.URL:
    """Return the address, which has to be http or https, with a host and without a login.

    Raises:
        SourceFailed: `bad_url`.
    """
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        found = httpx.URL("")
    if found.scheme not in _PORTS or not found.raw_host or found.port == 0:
        raise SourceFailed(
            "bad_url", f"{shown}: this is no address of a web server. Write https://host/path, or http://."
        )
    if found.userinfo:
        raise SourceFailed("bad_url", f"{shown}: a login stands in the address. Write it under `auth`.")
    return found


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Return scheme, host and port, the port also where it is the scheme's own."""
    return url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]


def shown_of(url: str) -> str:
    """Return the address as messages name it: the charter's own words, without query and login."""
    bare = url.partition("?")[0].partition("#")[0]
    scheme, mark, rest = bare.partition("://")
    host, slash, path = rest.partition("/")
    text = f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _authorization(auth: Auth, filled: _Filling) -> str:
    if auth.bearer is not None:
        return f"Bearer {filled(auth.bearer)}"
    pair = f"{filled(auth.user or '')}:{filled(auth.password or '')}"
    encoded = base64.b64encode(pair.encode()).decode()
    filled.secrets.append(encoded)
    return f"Basic {encoded}"


def _check(headers: Mapping[str, str], shown: str) -> None:
    for name, value in headers.items():
        if name in _OURS:
            raise SourceFailed(
                "bad_header", f"{shown}: the header {name} is set by the program. Leave it out."
            )
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise SourceFailed(
                "bad_header",
                f"{shown}: the value of the header {name} has a sign that no header may have, such as a line "
                "break or an accent. Correct it, or the variable that is filled in.",
            )

"""Requests to one web server, one after another: guarded, bounded, tried again where that helps.

Each request is made to an address that was checked just before, under the name that
the charter gives, so that no answer of a name server can lead it elsewhere. The
requests of a session share one connection. They run on an event loop of their own,
because only so a request can be ended at any moment, whatever it waits for.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import dumps
from types import MappingProxyType
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

import httpx

from activities.sources.allowance import Allowance
from activities.sources.web import faults
from activities.sources.web.answer import Answer, unpacked
from activities.sources.web.dial import addresses_of
from activities.sources.web.place import Place, origin, parsed, place_of
from activities.sources.web.redirect import is_redirect, next_hop
from activities.sources.web.retry import TRIES, is_passing, pause_after
from domain.errors import SourceCode, SourceFailed
from domain.sources.web import Auth, Tls

# Who asks: so that the people who run the server can tell.
USER_AGENT = "business-service-teams/0.1 (source reader)"
# Seconds between two looks at whether the measurement was cancelled.
_PULSE = 0.1
# Redirects of one request: more are a loop, or a server set up by mistake.
_REDIRECTS = 5
# httpx and httpcore write addresses into the log, and addresses may hold secrets.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

T = TypeVar("T")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Session:
    """The requests of one fetch to one server; made by `opened`."""

    place: Place
    allowance: Allowance
    _runner: asyncio.Runner = field(repr=False)
    _client: httpx.AsyncClient = field(repr=False)
    _ends: float
    """When all requests together must have ended (seconds of the monotonic clock)."""

    def get(
        self,
        url: str | None = None,
        *,
        params: Mapping[str, str] = NOTHING,
        headers: Mapping[str, str] = NOTHING,
        taking: frozenset[int] = frozenset(),
    ) -> Answer:
        """Return the answer to a GET of the session's address, or of another one on the same server.

        Args:
            url: absolute, or relative to the session's; its query stays as it is.
            params: further parameters, appended to the address's own query.
            headers: beside those of the session.
            taking: status codes that the caller understands; all others but 2xx are refused.

        Raises:
            SourceFailed: what failed, where, and what would be right.
        """
        return self._asked(_Request("GET", self._target(url, params), headers, None, taking))

    def post(
        self,
        url: str | None = None,
        *,
        json: object = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = NOTHING,
        taking: frozenset[int] = frozenset(),
    ) -> Answer:
        """Return the answer to a POST of a JSON value, or of a form: for questions that are put so.

        It is tried again like a GET, so it must be a question and change nothing.

        Raises:
            SourceFailed: as `get`.
        """
        if data is None:
            kind, content = "application/json", dumps(json).encode()
        else:
            kind, content = "application/x-www-form-urlencoded", urlencode(data).encode()
        named = {"content-type": kind, **headers}
        return self._asked(_Request("POST", self._target(url, NOTHING), named, content, taking))

    def under(self, path: str) -> str:
        """Return the address of a path below the session's own, whose query and last slash are left out."""
        prefix = self.place.url.raw_path.decode("ascii").partition("?")[0].rstrip("/")
        return f"{prefix}/{path.lstrip('/')}"

    def fail(self, code: SourceCode, sentence: str) -> SourceFailed:
        """Return a failure that says where, without anything that was filled in."""
        return SourceFailed(code, f"{self.place.shown}: {self.place.conceal(sentence)}")

    def _target(self, url: str | None, params: Mapping[str, str]) -> httpx.URL:
        base = self.place.url
        try:
            target = base if url is None else base.join(url)
        except httpx.InvalidURL:
            raise self.fail("bad_answer", "the server names an address that cannot be read.") from None
        if origin(parsed(str(target), self.place.shown)) != origin(base):
            raise self.fail(
                "host_not_allowed",
                "the server names a next page on another host, port or scheme. Only the address in the "
                "charter is asked: nothing that stands there may be sent elsewhere.",
            )
        for name, value in params.items():
            target = target.copy_add_param(name, value)
        return target

    def _asked(self, request: "_Request") -> Answer:
        return self._runner.run(self._bounded(self._tried(request)))

    async def _bounded(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the work's result, or end it when it is cancelled or all time is used up."""
        task = asyncio.ensure_future(work)
        while not task.done():
            await asyncio.wait({task}, timeout=_PULSE)
            if not task.done() and (self.allowance.stop.is_set() or time.monotonic() >= self._ends):
                task.cancel()
                await asyncio.wait({task})
                raise faults.ended(self.place.shown, self.allowance)
        return task.result()

    async def _tried(self, request: "_Request") -> Answer:
        for tried in range(1, TRIES + 1):
            try:
                answer = await self._followed(request)
            except faults.Dropped as dropped:
                failure, pause = dropped.failure, pause_after(tried, self.allowance.pause_seconds, NOTHING)
            else:
                if answer.status in request.taking or httpx.codes.is_success(answer.status):
                    return answer
                failure = faults.refused(answer)
                if not is_passing(answer.status, answer.headers):
                    raise failure
                pause = pause_after(tried, self.allowance.pause_seconds, answer.headers)
            if tried == TRIES or not faults.affordable(pause, self._ends):
                raise faults.for_good(failure, pause, tried)
            await asyncio.sleep(pause.seconds)
        raise AssertionError("unreachable")  # the last try raised

    async def _followed(self, request: "_Request") -> Answer:
        hop = request
        for _ in range(_REDIRECTS + 1):
            try:
                async with asyncio.timeout(self.allowance.seconds):
                    answer = await self._once(hop)
            except TimeoutError:
                raise faults.too_slow(self.place.shown, self.allowance) from None
            if not is_redirect(answer) or answer.status in request.taking:
                return answer
            url = next_hop(answer, hop.url, hop.method, self.place.shown)
            hop = _Request(hop.method, url, hop.headers, hop.content, hop.taking)
        raise self.fail(
            "redirect_refused",
            f"more than {_REDIRECTS} redirects, one after another. Write the address that they lead to.",
        )

    async def _once(self, request: "_Request") -> Answer:
        """Make the request to the first of the permitted addresses that answers."""
        _, host, port = origin(request.url)
        addresses = await addresses_of(
            host, port, self.allowance.hosts, self.allowance.connect_seconds, self.place.shown
        )
        failure: faults.Dropped | None = None
        for address in addresses:
            try:
                return await self._sent(request, request.url.copy_with(host=str(address)), host)
            except faults.NotConnected as missed:
                failure = faults.Dropped(missed.failure)
            except (httpx.TransportError, OSError) as error:  # httpx lets what TLS refuses later on through
                raise faults.broken(error, self.place) from None
        assert failure is not None  # there is one address at least
        raise failure

    async def _sent(self, request: "_Request", url: httpx.URL, host: str) -> Answer:
        further = {name.casefold(): value for name, value in request.headers.items()}
        named = {**self.place.headers, **further, "host": request.url.netloc.decode("ascii")}
        sent = self._client.build_request(
            request.method,
            url,
            headers=named,
            content=request.content,
            extensions={"sni_hostname": host},
        )
        try:
            response = await self._client.send(sent, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise faults.not_connected(error, self.place, self.allowance) from None
        try:
            coding = response.headers.get("content-encoding", "")
            body = await unpacked(response.aiter_raw(), coding, self.allowance.body_bytes, self.place.shown)
        finally:
            await response.aclose()
        headers = {name.casefold(): value for name, value in response.headers.items()}
        return Answer(
            str(request.url), response.status_code, headers, body, self.place.shown, self.place.conceal
        )


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked for; `url` has the host's name."""

    method: Literal["GET", "POST"]
    url: httpx.URL
    headers: Mapping[str, str]
    content: bytes | None
    taking: frozenset[int]


@contextmanager
def opened(
    url: str,
    allowance: Allowance,
    *,
    headers: Mapping[str, str] = NOTHING,
    auth: Auth | None = None,
    tls: Tls | None = None,
) -> Iterator[Session]:
    """Give a session with the server of a charter's address; not within a running event loop.

    Raises:
        SourceFailed: something cannot be filled in, or is no address, header or certificate.
    """
    place = place_of(url, allowance.environment, headers=headers, auth=auth, tls=tls)
    common = {"user-agent": USER_AGENT, "accept-encoding": "gzip", "accept": "*/*"}
    client = httpx.AsyncClient(
        headers=common,
        verify=place.tls,
        timeout=httpx.Timeout(None, connect=allowance.connect_seconds),
        trust_env=False,  # a proxy would connect in our place, to an address that nobody checked
        follow_redirects=False,
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
    )
    with asyncio.Runner() as runner:
        try:
            yield Session(place, allowance, runner, client, time.monotonic() + allowance.total_seconds)
        finally:
            runner.run(client.aclose())

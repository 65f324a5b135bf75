"""One tracker's API: its address, login and refusals, through the web client."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from activities.sources.allowance import Allowance
from activities.sources.trackers.paging import Bound
from activities.sources.trackers.reading import Entry, entries_of, entry_of
from activities.sources.web import Answer, Session, next_link
from activities.sources.web import opened as session_opened
from activities.sources.web.retry import LONGEST, TRIES, is_rate_limit, pause_after
from domain.errors import SourceFailed
from domain.sources.web import Auth, Tls

# What trackers answer to a question that cannot be answered, with their reasons.
_REFUSED = frozenset({400, 401, 403, 404, 410, 422, 429})
_LOGIN, _FORBIDDEN, _MISSING = 401, 403, frozenset({404, 410})
# Seconds to wait after a limit of which the server does not say when it ends (docs.github.com/rest, "Rate
# limits for the REST API": at least one minute).
_UNSAID = 60.0
# Characters of a tracker's own words that a message repeats.
_SAID = 300
_NONE: Mapping[str, str] = MappingProxyType({})


class Absent(SourceFailed):
    """The tracker has nothing at this address, or shows this login nothing there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered; `more` says whether another page follows, `link` where, if the tracker says so."""

    data: Any = field(repr=False)
    where: str
    more: bool
    link: str | None = field(default=None, repr=False)

    def entry(self) -> Entry:
        """Return the answer as one object.

        Raises:
            SourceFailed: `bad_answer`; it is something else.
        """
        return entry_of(self.data, self.where)

    def entries(self) -> list[Entry]:
        """Return the answer as a list of objects; `bad_answer` as above."""
        return entries_of(self.data, self.where)


@dataclass(frozen=True, slots=True)
class Api:
    """The questions of one fetch to one tracker; made by `opened`."""

    session: Session
    words: Callable[[Any], str]
    """From an answer that refuses: the tracker's own reason, empty if it gives none."""

    @property
    def where(self) -> str:
        """The address as the charter has it, for messages."""
        return self.session.place.shown

    @property
    def bound(self) -> Bound:
        """The most items that one fetch reads."""
        return Bound(self.session.allowance.rows, self.where)

    def get(self, path: str, params: Mapping[str, str]) -> Reply:
        """Return what the API answers below its address.

        A limit on requests is waited for, if it ends soon.

        Raises:
            Absent: there is nothing, or not for this login.
            SourceFailed: `login_refused`, `query_failed` with the tracker's words, `rate_limited` with its
            end, and whatever the web client refuses.
        """
        target = self.session.under(path) if path else None
        for tried in range(1, TRIES + 1):
            answer = self.session.get(target, params=params, taking=_REFUSED)
            if answer.status not in _REFUSED:
                return _reply(answer)
            said = self._said(answer)
            if not _is_limit(answer, said):
                raise self._refusal(answer, path, said)
            seconds = _pause(answer, tried, self.session.allowance.pause_seconds)
            if tried == TRIES or seconds > LONGEST:
                raise self._limited(seconds, said)
            if self.session.allowance.stop.wait(seconds):
                raise SourceFailed("timed_out", f"{self.where}: the measurement was cancelled.")
        raise AssertionError("unreachable")  # the last try raised

    def _said(self, answer: Answer) -> str:
        try:
            words = self.words(answer.json())
        except SourceFailed:  # a page for people, such as a proxy's
            words = ""
        line = answer.conceal(" ".join(words.split())).rstrip(".")
        return line if len(line) <= _SAID else line[: _SAID - 3] + "..."

    def _refusal(self, answer: Answer, path: str, said: str) -> SourceFailed:
        named = f"{self.where}{path}"
        says = f" and says: {said}" if said else ""
        if answer.status == _LOGIN:
            return SourceFailed(
                "login_refused", f"{named}: the login was refused{says}. Check what stands under `auth`."
            )
        if answer.status == _FORBIDDEN:
            return SourceFailed(
                "login_refused",
                f"{named}: the login may not read this{says}. Let the tracker's owner "
                "give it the right to read.",
            )
        if answer.status in _MISSING:
            return Absent(
                "not_found",
                f"{named}: there is nothing of this name, or the login may not see it{says}. "
                "Check the name, the address, and what the login may read.",
            )
        return SourceFailed(
            "query_failed", f"{named}: the tracker refused the question{says}. Correct it in the charter."
        )

    def _limited(self, seconds: float, said: str) -> SourceFailed:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        says = f" and says: {said}" if said else ""
        return SourceFailed(
            "rate_limited",
            f"{self.where}: the tracker takes no more requests until {until:%Y-%m-%d %H:%M} UTC{says}. It is "
            "asked again later; a login of its own for this source has a limit of its own.",
        )


def _reply(answer: Answer) -> Reply:
    link = next_link(answer)
    # GitLab may leave the Link header out, and says `x-next-page` as well.
    more = link is not None or bool(answer.headers.get("x-next-page", "").strip())
    return Reply(answer.json(), answer.shown, more, link)


def _is_limit(answer: Answer, said: str) -> bool:
    """Whether the answer means fewer requests; GitHub's secondary limit may say so in words alone."""
    if is_rate_limit(answer.status, answer.headers):
        return True
    return answer.status == _FORBIDDEN and "rate limit" in said.casefold()


def _pause(answer: Answer, tried: int, first: float) -> float:
    pause = pause_after(tried, first, answer.headers)
    return pause.seconds if pause.asked else _UNSAID


@contextmanager
def opened(
    url: str,
    auth: Auth | None,
    tls: Tls | None,
    allowance: Allowance,
    words: Callable[[Any], str],
    headers: Mapping[str, str] = _NONE,
) -> Iterator[Api]:
    """Give the API below an address.

    Raises:
        SourceFailed: something cannot be filled in, or is no address or certificate.
    """
    accepted = {"Accept": "application/json", **headers}
    with session_opened(url, allowance, headers=accepted, auth=auth, tls=tls) as session:
        yield Api(session, words)

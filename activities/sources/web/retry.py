"""When a request is tried again, and after how long."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Too many requests, and three ways to say that a server is not there just now (RFC 6585, RFC 9110).
PASSING = frozenset({429, 502, 503, 504})
_FORBIDDEN = 403
# How often a request is made at most: a restart behind a proxy takes a second or two, and whatever takes
# longer is met again when the journey asks the next time.
TRIES = 4
# Each wait is this many times the one before.
_FACTOR = 2.0
# Part of a wait that is left to chance, so that many workers do not come back at one moment.
_JITTER = 0.25
# Seconds: a server that asks for a longer pause gets it from the journey's own next try.
LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait before the next try; `asked` when the server said so."""

    seconds: float
    asked: bool


def pause_after(tried: int, first: float, headers: Mapping[str, str]) -> Pause:
    """Return the wait after the `tried`-th try failed; `first` is the one after the first, in seconds."""
    asked = _asked(headers)
    if asked is not None:
        return Pause(asked, asked=True)
    chance = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret depends on it
    return Pause(first * _FACTOR ** (tried - 1) * chance, asked=False)


def is_passing(status: int, headers: Mapping[str, str]) -> bool:
    """Whether asking again may help: GitHub says "too many requests" with a 403, too."""
    return status in PASSING or (status == _FORBIDDEN and is_rate_limit(status, headers))


def is_rate_limit(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the server asks for fewer requests."""
    exhausted = headers.get("x-ratelimit-remaining", "").strip() == "0"
    return status == 429 or (status == _FORBIDDEN and (exhausted or "retry-after" in headers))  # noqa: PLR2004


def _asked(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asked for: Retry-After (RFC 9110, section 10.2.3), or the reset."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    if said:
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    if headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = headers.get("x-ratelimit-reset", "").strip()
        if reset.isascii() and reset.isdecimal():
            return max(0.0, float(reset[:12]) - time.time())
    return None

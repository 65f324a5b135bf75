"""What can go wrong on the way, in words that repeat nothing of what was sent."""

import ssl
import time
from collections.abc import Iterator

import httpx

from activities.sources.allowance import Allowance
from activities.sources.web.answer import Answer
from activities.sources.web.place import Place
from activities.sources.web.retry import LONGEST, PASSING, Pause, is_rate_limit
from domain.errors import SourceFailed

_LOGIN = frozenset({401, 403, 407})
_MISSING = frozenset({404, 410})
_SERVER = 500
# Characters of what a server said about a request that a message repeats.
_SAID = 160


class Dropped(Exception):
    """A connection that there was not, or that broke off; another try may help."""

    def __init__(self, failure: SourceFailed) -> None:
        super().__init__(str(failure))
        self.failure = failure


class NotConnected(Exception):
    """One address that does not answer; another one of the same host may."""

    def __init__(self, failure: SourceFailed) -> None:
        super().__init__(str(failure))
        self.failure = failure


def not_connected(error: httpx.TransportError, place: Place, allowance: Allowance) -> Exception:
    """Return what a failed connection means: a final failure of TLS, or an address that does not answer."""
    if (tls := _tls_error(error)) is not None:
        return _tls_failed(tls, place)
    why = (
        f"no answer within {allowance.connect_seconds} s"
        if isinstance(error, httpx.ConnectTimeout)
        else "nothing answers there"
    )
    sentence = f"{place.shown}: {why}. Check host and port, and that the worker may reach them."
    return NotConnected(SourceFailed("unreachable", sentence))


def broken(error: httpx.TransportError | OSError, place: Place) -> Exception:
    """Return what an exchange that broke off means."""
    if (tls := _tls_error(error)) is not None:
        return _tls_failed(tls, place)
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return SourceFailed("bad_header", f"{place.shown}: the request cannot be written. Check the headers.")
    return Dropped(
        SourceFailed(
            "unreachable", f"{place.shown}: the connection broke off before the answer was complete."
        )
    )


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    return next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _tls_failed(error: ssl.SSLError, place: Place) -> SourceFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"the server's certificate is not trusted ({error.verify_message.rstrip('.')})"
        cure = "Name its authority under `tls.ca`, or correct the address."
    else:
        reason = (error.reason or "the handshake failed").replace("_", " ").casefold()
        why = f"no encrypted connection ({reason})"
        cure = "Check the port, and whether the server asks for a certificate (`tls.cert` and `tls.key`)."
    return SourceFailed("tls_failed", f"{place.shown}: {place.conceal(why)}. {cure}")


def refused(answer: Answer) -> SourceFailed:
    """Return the failure that an answer's status stands for."""
    status, shown = answer.status, answer.shown
    named = f"the server answered {status}{_phrase(status)}"
    said = f"{named}{_said(answer)}"
    if is_rate_limit(status, answer.headers):
        return SourceFailed("rate_limited", f"{shown}: {named}: it takes no more requests for now.")
    if status in _LOGIN:
        return SourceFailed(
            "login_refused",
            f"{shown}: {said}. Check the login, and what it may read, with the server's owner.",
        )
    if status in _MISSING:
        return SourceFailed("not_found", f"{shown}: {said}. Check the address's path.")
    if status in PASSING or status >= _SERVER:
        return SourceFailed("server_failed", f"{shown}: {said}. It is asked again next time.")
    return SourceFailed(
        "request_refused", f"{shown}: {said}. Correct the address, its parameters or headers."
    )


def _phrase(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    return f" ({phrase})" if phrase else ""


def _said(answer: Answer) -> str:
    """Return what the server gives as its reason, where it speaks to programs and not to people."""
    kind = answer.headers.get("content-type", "")
    text = answer.excerpt(_SAID) if "json" in kind or kind.startswith("text/plain") else ""
    return f" and says {text!r}" if text else ""


def affordable(pause: Pause, ends: float) -> bool:
    """Whether there is time for the pause, and for a try after it."""
    return pause.seconds <= LONGEST and time.monotonic() + pause.seconds < ends


def for_good(failure: SourceFailed, pause: Pause, tried: int) -> SourceFailed:
    """Return the failure with what was done about it."""
    again = f"It asks for a pause of {pause.seconds:,.0f} s." if pause.asked else ""
    times = f"Tried {tried} times." if tried > 1 else ""
    return SourceFailed(failure.source_code, " ".join(filter(None, (str(failure), times, again))))


def too_slow(shown: str, allowance: Allowance) -> SourceFailed:
    """Return the failure of one request that took too long."""
    return SourceFailed(
        "timed_out",
        f"{shown}: the answer was not complete within {allowance.seconds:g} s. Ask for less, or ask the "
        "server's owner why it is slow.",
    )


def ended(shown: str, allowance: Allowance) -> SourceFailed:
    """Return the failure of a fetch that was cancelled, or took too long altogether."""
    if allowance.stop.is_set():
        return SourceFailed(
            "timed_out", f"{shown}: the measurement was cancelled while the server was asked."
        )
    return SourceFailed(
        "timed_out",
        f"{shown}: all requests together took longer than {allowance.total_seconds:g} s. Ask for less: "
        "larger pages, or only what is new ({since}).",
    )

"""Where a redirect may lead: to the same host, never from https to http."""

import httpx

from activities.sources.web.answer import Answer
from activities.sources.web.place import origin, parsed
from domain.errors import SourceFailed

_HTTP, _HTTPS = 80, 443
# Codes after which a POST would become a GET by custom, and those that keep it (RFC 9110, section 15.4).
_CHANGING, _KEEPING = frozenset({301, 302, 303}), frozenset({307, 308})


def is_redirect(answer: Answer) -> bool:
    """Whether the answer sends to another address."""
    return answer.status in _CHANGING | _KEEPING and "location" in answer.headers


def next_hop(answer: Answer, asked: httpx.URL, method: str, shown: str) -> httpx.URL:
    """Return the address that the redirect leads to.

    Raises:
        SourceFailed: `redirect_refused`, which names no more of the address than its host.
    """
    try:
        target = parsed(str(asked.join(answer.headers["location"])), shown)
    except (SourceFailed, httpx.InvalidURL):
        raise SourceFailed("redirect_refused", f"{shown}: a redirect leads to no web address.") from None
    (was_scheme, was_host, was_port), (scheme, host, port) = origin(asked), origin(target)
    if host != was_host:
        why = f"to another host, {answer.conceal(host)}"
    elif (was_scheme, scheme) == ("https", "http"):
        why = "from https to http"
    elif port != was_port and (was_port, port) != (_HTTP, _HTTPS):
        why = "to another port"
    elif method != "GET" and answer.status in _CHANGING:
        why = "in a way that would turn a POST into a GET"
    else:
        return target
    raise SourceFailed(
        "redirect_refused",
        f"{shown}: the server redirects {why}, and that is not followed. Write the address of the interface "
        "itself; a redirect to a page for logging in means that the login was not accepted.",
    )

"""Where a password or token stands in a source as it is, instead of as ${NAME}.

A charter is kept for ever: in history, in the journal, in a repository. So a secret
must not stand in it, in whatever field of whatever kind of source.
"""

import re
from collections.abc import Iterator, Mapping

from domain.finding import Where
from domain.sources import EventLogSource, Source

# user:password@ of a URL, read as SQLAlchemy reads it: the password ends at the first `@`.
_PASSWORD = re.compile(r"://[^:/]*:(?P<secret>[^@]*)@")
# A token alone before the host, which only web addresses have.
_TOKEN = re.compile(r"^https?://(?P<secret>[^/?#@:]*)@", re.IGNORECASE)
_OPTION = re.compile(r"[?&](?P<name>[^=&#]+)=(?P<secret>[^&#]*)")
# Names of parameters and of headers that hold a secret, in small letters.
_SECRET_NAMES = re.compile(
    r"(?:.*[-_.])?(?:pass|passwd|password|pwd|sslpassword|secret|token|key|apikey|sig|signature|credentials?"
    r"|[a-z]*token|[a-z]*secret|[a-z]*password|cookie|authorization|x-auth|x-authorization|session)"
)
_FILLED_IN = re.compile(r"(?:\$\{[A-Za-z_][A-Za-z0-9_]*\})+")
# `Bearer ${TOKEN}`, `Token token=${TOKEN}`: what says how the secret is meant may stand before it.
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*\s+)?(?:[A-Za-z]+=)?\"?", re.IGNORECASE)
_LOGIN = re.compile(r"(?:bearer|basic|token|apikey)\s+", re.IGNORECASE)
# Fields that hold nothing but a secret or, for certificates, the name of one.
_WHOLE = frozenset({"password", "bearer", "token", "secret", "ca", "cert", "key"})
_BLOCKS = frozenset({"auth", "tls"})


def literal_secrets(source: Source) -> Iterator[Where]:
    """Yield the places within the source; what stands there is not repeated."""
    if isinstance(source, EventLogSource):
        yield from (("events", *place) for place in literal_secrets(source.events))
        return
    for name, value in source.model_dump(exclude_none=True).items():
        if name == "url" and isinstance(value, str) and _in_address(value):
            yield (name,)
        if not isinstance(value, Mapping):
            continue
        for key, text in value.items():
            if isinstance(text, str) and _is_literal(name, str(key), text):
                yield (name, str(key))


def _in_address(url: str) -> bool:
    logins = [hit["secret"] for rule in (_PASSWORD, _TOKEN) for hit in rule.finditer(url)]
    options = [hit["secret"] for hit in _OPTION.finditer(url) if _is_secret_name(hit["name"])]
    return any(secret and not _FILLED_IN.fullmatch(secret) for secret in (*logins, *options))


def _is_literal(block: str, key: str, text: str) -> bool:
    if block in _BLOCKS:
        return key in _WHOLE and not _FILLED_IN.fullmatch(text)
    if block == "headers":
        return (_is_secret_name(key) or bool(_LOGIN.match(text))) and not _is_filled_header(text)
    if block == "options" and _in_address(text):
        return True
    return block in {"params", "options"} and _is_secret_name(key) and not _FILLED_IN.fullmatch(text)


def _is_filled_header(text: str) -> bool:
    scheme = _SCHEME.match(text)
    begin = 0 if scheme is None else scheme.end()
    return _FILLED_IN.fullmatch(text[begin:].rstrip('"')) is not None


def _is_secret_name(name: str) -> bool:
    return _SECRET_NAMES.fullmatch(name.casefold()) is not None

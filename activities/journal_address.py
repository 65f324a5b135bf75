"""Where a journal is: an address is checked once, and its password never shown again."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from activities.journal_errors import JournalAddressRefused

DEFAULT_URL = "sqlite:///.bst/journal.db"

_EXAMPLES = f"Write {DEFAULT_URL} for a file, or postgresql+psycopg://user:password@host/database."
_SECRET_OPTIONS = ("password", "sslpassword")


@dataclass(frozen=True, slots=True)
class JournalAddress:
    """A checked address: `path` for a SQLite file, None for PostgreSQL.

    `shown` is all that may be printed: no password and no options.
    """

    url: URL = field(repr=False)
    path: Path | None
    shown: str
    secrets: tuple[str, ...] = field(repr=False)

    def without_secrets(self, text: str) -> str:
        """Return a text with every secret of this address blacked out, however it is quoted."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def journal_address(text: str, what: str = "journal") -> JournalAddress:
    """Return the checked address; raises JournalAddressRefused, in words that repeat no secret.

    `what` is kept there, in the words of the refusal: a journal unless it is said.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise JournalAddressRefused(f"The {what}'s address cannot be read. {_EXAMPLES}") from None
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _file(url, what)
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        return _server(text, url.set(drivername="postgresql+psycopg"), what)
    raise JournalAddressRefused(
        f"The {what} cannot be kept in {url.drivername}: only SQLite and PostgreSQL (with psycopg) are "
        f"supported. {_EXAMPLES}"
    )


def _file(url: URL, what: str) -> JournalAddress:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:") or url.host:
        raise JournalAddressRefused(
            f"The {what}'s address names no file: what is kept in memory is gone with the worker. "
            "Write sqlite:///relative/path.db or sqlite:////absolute/path.db."
        )
    if url.query:
        raise JournalAddressRefused(
            f"The address of a SQLite {what} takes no options: it sets what it needs. "
            "Leave out everything from the question mark on."
        )
    return JournalAddress(url, Path(url.database), f"sqlite:///{url.database}", ())


def _server(text: str, url: URL, what: str) -> JournalAddress:
    # A bare @ in a password would make its end part of the host's name, which error messages show.
    if text.count("@") > 1:
        raise JournalAddressRefused(
            f"The {what}'s address has more than one @. Write an @ within a password or name as %40."
        )
    if not url.database:
        raise JournalAddressRefused(f"The {what}'s address names no database. {_EXAMPLES}")
    options = (url.query.get(name, ()) for name in _SECRET_OPTIONS)
    plain = [url.password or "", *(v for o in options for v in ((o,) if isinstance(o, str) else o))]
    secrets = {form for p in plain if p for form in (p, quote(p, safe=""), quote_plus(p))}
    user = f"{url.username}@" if url.username else ""
    port = f":{url.port}" if url.port else ""
    shown = f"postgresql://{user}{url.host or ''}{port}/{url.database}"
    # Longest first: a form that contains another one must go as a whole.
    return JournalAddress(url, None, shown, tuple(sorted(secrets, key=len, reverse=True)))

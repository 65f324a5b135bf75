"""Where a `sql` source's database is, checked, with what the worker fills in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from activities.sources.secrets import Filled, fill
from domain.errors import SourceFailed

_LITERAL_PASSWORD = re.compile(r"(://[^:/@?]*:)[^@]*@")
_PASSWORD_OPTION = re.compile(r"([?&](?:ssl)?password=)[^&]*")
_EXAMPLES = (
    "Write sqlite:///orders.db or duckdb:///orders.duckdb for a file in the worker's data folder, or "
    "postgresql://reader:${DB_PASSWORD}@host/database, or mysql:// with the same."
)
# What an address of MySQL may set. Other options of its driver send statements before ours, or read files.
_MYSQL_OPTIONS = frozenset({"charset", "unix_socket", "ssl_ca", "ssl_cert", "ssl_key", "ssl_check_hostname"})


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address: `path` for a database file, None for a server; only `shown` may be printed."""

    kind: Literal["sqlite", "duckdb", "postgres", "mysql"]
    url: URL = field(repr=False)
    path: Path | None
    shown: str
    filled: Filled = field(repr=False)

    def conceal(self, text: str) -> str:
        """Return a text without what was filled in, however it is written."""
        return self.filled.conceal(text)


def address(
    template: str, data_root: Path, environment: Mapping[str, str], folders: Sequence[Path] = ()
) -> Address:
    """Return the filled-in address of the database.

    Args:
        template: as the charter has it.
        data_root: the worker's data folder.
        environment: what `${NAME}` stands for.
        folders: further folders that database files may be in.

    Raises:
        SourceFailed: `missing_variable`, `bad_url`, `no_such_file` or `path_not_allowed`, in words that
            repeat the template without its password, and nothing that was filled in.
    """
    shown = _PASSWORD_OPTION.sub(r"\1***", _LITERAL_PASSWORD.sub(r"\1***@", template))
    filled = _filled(template, shown, environment)
    try:
        url = make_url(filled.text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise SourceFailed("bad_url", f"{shown}: this address cannot be read. {_EXAMPLES}") from None
    filled = filled.hiding(*_hidden(template, filled.text, url))
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return Address("sqlite", url, _file(url, shown, data_root, folders), shown, filled)
        case "duckdb":
            return Address("duckdb", url, _file(url, shown, data_root, folders), shown, filled)
        case "postgresql" | "postgresql+psycopg":
            return Address("postgres", _server(url, "postgresql+psycopg", shown), None, shown, filled)
        case "mysql" | "mysql+pymysql" | "mariadb" | "mariadb+pymysql":
            _refuse_options(url, shown)
            return Address("mysql", _server(url, "mysql+pymysql", shown), None, shown, filled)
    raise SourceFailed(
        "bad_url",
        f"{shown}: only SQLite, DuckDB, PostgreSQL (with psycopg), MySQL and MariaDB (with PyMySQL) can be "
        f"read. {_EXAMPLES}",
    )


def _refuse_options(url: URL, shown: str) -> None:
    strange = sorted(set(url.query) - _MYSQL_OPTIONS)
    if strange:
        raise SourceFailed(
            "bad_url",
            f"{shown}: the address sets {strange[0]}; it may set {', '.join(sorted(_MYSQL_OPTIONS))}.",
        )


def _server(url: URL, drivername: str, shown: str) -> URL:
    if not url.database:
        raise SourceFailed("bad_url", f"{shown}: the address names no database. {_EXAMPLES}")
    return url.set(drivername=drivername)


def _filled(template: str, shown: str, environment: Mapping[str, str]) -> Filled:
    # A name or password that stands before the @ may hold any sign; a whole address is taken as it is.
    filled = fill(template, shown, environment, quoted_before=template.rfind("@"))
    if filled.text.count("@") > 1:  # the rest of a password would count as the host, which messages show
        raise SourceFailed(
            "bad_url", f"{shown}: more than one @. Write an @ within a name or a password as %40."
        )
    return filled


def _hidden(template: str, filled: str, url: URL) -> set[str]:
    """Return what no message may repeat: passwords, and every part that the template does not show."""
    options = [v for given in url.query.values() for v in ((given,) if isinstance(given, str) else given)]
    hidden = {url.password or "", *(o for name, o in _password_options(url))}
    if filled != template:
        parts = (filled, url.username, url.host, str(url.port or ""), url.database, *options)
        hidden |= {part for part in parts if part and part not in template}
    return hidden


def _password_options(url: URL) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name in ("password", "sslpassword")
        for given in (url.query.get(name, ()),)
        for value in ((given,) if isinstance(given, str) else given)
    ]


def _file(url: URL, shown: str, data_root: Path, folders: Sequence[Path]) -> Path:
    if not url.database or url.database == ":memory:" or url.host or url.query:
        raise SourceFailed("bad_url", f"{shown}: the address names no plain file. {_EXAMPLES}")
    root = data_root.resolve()
    path = (root / url.database).resolve()
    if not any(path.is_relative_to(allowed.resolve()) for allowed in (root, *folders)):
        raise SourceFailed(
            "path_not_allowed",
            f"{shown}: only files in the worker's data folder can be read. Write the path relative to it, or "
            "let BST_FOLDERS name the file's folder.",
        )
    if not path.is_file():
        there = ", ".join(sorted(p.name for p in root.iterdir() if p.is_file())[:20]) if root.is_dir() else ""
        raise SourceFailed(
            "no_such_file",
            f"{shown}: no such file in the worker's data folder; there are {there or 'no files'}.",
        )
    return path

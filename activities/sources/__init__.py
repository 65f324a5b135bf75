"""Where metrics come from: one module per kind of source, with one function, `fetch`.

`files`             CSV, TSV, Parquet, JSON lines, Excel, by one SQL query in DuckDB
`sql`               SQLite, DuckDB, PostgreSQL, MySQL and MariaDB, by one SQL query
`http`              rows from a web server's answer, JSON by JMESPath or CSV
`http_pages`        how its pages are asked for
`http_rows`         from its answers to rows and cells
`prometheus`        one series from Prometheus and its kin, at the end of each period
`prometheus_plan`   which moments it is asked for, and how many at once
trackers/           Jira, ServiceNow, GitHub and GitLab: finished items to values
`event_log`         what the events of cases tell, on top of `files` and `sql`
`manual`            what members record, which the journey itself carries
`plugin`            numbers that an installed plugin gets

`rows`              from a query's rows to observations, the same for all
`databases`         what is special to each kind of database
`duck`              DuckDB within bounds, as all of these use it
`plugins`           which plugins are installed, and what they take
`excel`             sheets of workbooks as DuckDB's table
`events`            events as an event log counts them
`paths`             which files a charter may name
`address`           a database's address, with what the worker fills in
`secrets`           what `${NAME}` stands for, and how it is kept out of every message
`hosts`             which hosts and addresses may be asked
web/                requests to web servers: guarded, bounded, tried again
`window`            the periods that one fetch asks for
`patience`          another try where that may help
`allowance`         time, rows and memory that one fetch may use

A further kind is a further module here and a line in `MODULES`. Modules are
imported when a charter first needs them: DuckDB and SQLAlchemy cost a third of
a second together, and most teams use one of them.
"""

import importlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from traceback import format_exception
from typing import Protocol, cast

from activities.sources.allowance import Allowance
from activities.sources.secrets import Lent
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.sources import EventLogSource, Source

__all__ = ["MODULES", "Allowance", "SourceBroke", "SourceReader", "Window", "fetch", "place_of", "reader_of"]

MODULES: Mapping[str, str] = {
    "files": "activities.sources.files",
    "sql": "activities.sources.sql",
    "event_log": "activities.sources.event_log",
    "http": "activities.sources.http",
    "prometheus": "activities.sources.prometheus",
    "jira": "activities.sources.trackers.jira",
    "servicenow": "activities.sources.trackers.servicenow",
    "github": "activities.sources.trackers.github",
    "gitlab": "activities.sources.trackers.gitlab",
    "manual": "activities.sources.manual",
    "plugin": "activities.sources.plugin",
}


class SourceReader(Protocol):
    """What each module of a source offers."""

    def fetch(
        self,
        source: Source,
        window: Window,
        *,
        data_root: Path,
        allowance: Allowance | None = None,
    ) -> tuple[Observation, ...]:
        """Return the observations in the window, in order, each period once.

        Periods that the source has no value for are left out.
        Blocks; may be called from several threads at once.

        Raises:
            SourceFailed: what failed, where, and what would be right.
        """


def reader_of(kind: str) -> SourceReader:
    """Return the reader of a kind of source; the charter's model admits no other kind."""
    return cast("SourceReader", importlib.import_module(MODULES[kind]))


def place_of(source: Source) -> str:
    """Return what a source is a load on: a web server, a database, or, by its kind, this machine.

    Taken from its address as the charter has it, with `${NAME}` and all, but without a login.
    """
    if isinstance(source, EventLogSource):
        return place_of(source.events)
    address = getattr(source, "url", None)
    if not isinstance(address, str):
        return source.kind
    scheme, found, rest = address.partition("://")
    if not found:
        return address
    if scheme in {"http", "https"}:
        return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}"
    return f"{scheme}://{rest.rpartition('@')[2]}"


class SourceBroke(Exception):
    """A mistake in a reader: `details` is the traceback, with nothing in it that was filled in."""

    def __init__(self, error: BaseException, details: str) -> None:
        super().__init__(type(error).__name__)
        self.details = details


def fetch(
    source: Source,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window; see `SourceReader.fetch`.

    Nothing that was filled in for `${NAME}` gets past here in words, whatever the reader let through: no
    server that repeats a password or a header can make it known.

    Raises:
        SourceFailed: what failed, where, and what would be right.
        SourceBroke: the reader has a mistake.
    """
    allowance = allowance or Allowance()
    lent = Lent(allowance.environment)
    try:
        return reader_of(source.kind).fetch(
            source, window, data_root=data_root, allowance=replace(allowance, environment=lent)
        )
    except SourceFailed as failure:
        raise SourceFailed(failure.source_code, lent.conceal(str(failure))) from None
    except Exception as error:  # noqa: BLE001 - passed on, without the secrets that it may hold
        raise SourceBroke(error, lent.conceal("".join(format_exception(error)))) from None

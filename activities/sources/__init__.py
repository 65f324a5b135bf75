"""Where metrics come from: one module per kind of source, with one function, `fetch`.

`files`      CSV, TSV, Parquet, JSON lines, by one SQL query in DuckDB
`manual`     what members record, which the journey itself carries
`sql`        SQLite and PostgreSQL, by one SQL query through SQLAlchemy
`rows`       from a query's rows to observations, the same for all
`address`    a database's address, with what the worker fills in
`window`     the periods that one fetch asks for
`allowance`  time, rows and memory that one fetch may use

A further kind is a further module here and a line in `MODULES`. Modules are
imported when a charter first needs them: DuckDB and SQLAlchemy cost a third of
a second together, and most teams use one of them.
"""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from activities.sources.allowance import Allowance
from activities.sources.window import Window
from domain.measurement import Observation
from domain.sources import Source

__all__ = ["MODULES", "Allowance", "SourceReader", "Window", "fetch", "reader_of"]

MODULES: Mapping[str, str] = {
    "files": "activities.sources.files",
    "manual": "activities.sources.manual",
    "sql": "activities.sources.sql",
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


def fetch(
    source: Source,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window; see `SourceReader.fetch`."""
    return reader_of(source.kind).fetch(source, window, data_root=data_root, allowance=allowance)

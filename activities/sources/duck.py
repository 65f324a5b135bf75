"""DuckDB as every source uses it: in memory, within bounds, and with no way to the world.

Files and database files are made known first; then `shut` takes every other door away and locks
the settings. From there on a query can read no other file, write none, load no extension and reach
no network.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import duckdb

from activities.sources.allowance import Allowance, interrupting
from activities.sources.rows import pick, trouble
from domain.errors import SourceCode, SourceFailed
from domain.zones import repeats_hours

_TRUNC = re.compile(r"\bdate_?trunc\b", re.IGNORECASE)
# Names that a message lists.
LISTED = 20
_OPERATOR = duckdb.token_type.operator


@dataclass(frozen=True, slots=True)
class Duck:
    """One connection to a database in memory; `where` names the source in messages."""

    connection: duckdb.DuckDBPyConnection
    allowance: Allowance
    where: str

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, which is ended when the allowance is used up.

        Raises:
            duckdb.Error: what DuckDB refused.
            SourceFailed: `timed_out`.
        """
        with interrupting(self.connection.interrupt, self.allowance, self.where):
            return self.connection.execute(statement, list(values)).fetchall()

    def described(self, query: str, values: Sequence[object] = ()) -> dict[str, str]:
        """Return the columns of a query or a table with their types, in order."""
        return {str(name): str(kind) for name, kind, *_ in self.run(f"describe {query}", values)}


@contextmanager
def opened(allowance: Allowance, where: str, zone: str) -> Iterator[Duck]:
    """Give an empty database in memory whose days are those of a time zone."""
    with closing(duckdb.connect(":memory:")) as connection:
        duck = Duck(connection, allowance, where)
        for setting in (
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            "temp_directory = ''",  # nothing is spilled to disk
            f"memory_limit = '{allowance.memory_mb}MiB'",
            f"threads = {allowance.threads}",
            "preserve_insertion_order = true",  # messages tell the number of a row
        ):
            duck.run(f"set {setting}")
        try:
            duck.run(f"set TimeZone = {quoted(zone)}")
        except duckdb.Error as error:
            cure = "DuckDB does not know it: take an older name of the place for `time_zone`."
            raise trouble("unknown_zone", where, str(error), cure) from None
        yield duck


def shut(duck: Duck, paths: Sequence[str] = ()) -> None:
    """Leave the given files readable and nothing else, for good."""
    duck.run(f"set allowed_paths = {quoted_list(paths)}")
    duck.run("set enable_external_access = false")
    duck.run("set lock_configuration = true")


def quoted(text: str) -> str:
    """Return a text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_list(texts: Sequence[str]) -> str:
    """Return texts as a list of literals."""
    return "[" + ", ".join(map(quoted, sorted(set(texts)))) + "]"


def named(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def one_select(query: str, where: str) -> str:
    """Return the query without what ends it.

    Raises:
        SourceFailed: `query_failed`; it is not one select.
        duckdb.Error: it is no SQL.
    """
    statements = duckdb.extract_statements(query)
    if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
        raise SourceFailed(
            "query_failed", f"{where}: this is not one query. Correct the query: write one select statement."
        )
    raw = query.encode()
    ends = (at for at, kind in duckdb.tokenize(query) if raw[at : at + 1] == b";" and kind is _OPERATOR)
    return raw[: next(ends, None)].decode()


def answer(
    duck: Duck, query: str, values: Sequence[object] = (), limit: int | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns that observations are made of, and their rows; `query` is one select.

    Raises:
        SourceFailed: `no_such_column` or `too_many_rows`.
    """
    limit = duck.allowance.rows if limit is None else limit
    kinds = duck.described(query, values)
    picked = pick(list(kinds), duck.where)
    parts = ", ".join(readable(name, kinds[name]) for name in picked.names)
    rows = duck.run(f"select {parts} from (\n{query}\n) as answer limit {limit + 1}", values)  # noqa: S608 - quoted names
    if len(rows) > limit:
        raise SourceFailed(
            "too_many_rows",
            f"{duck.where}: the query returned more than {limit:,} rows. "
            "Aggregate in it, to one row per period.",
        )
    return list(picked.names), rows


def readable(name: str, kind: str) -> str:
    """Return a column as it is selected: a time with a zone as text, for as an object it needs pytz."""
    column = named(name)
    if not kind.endswith("WITH TIME ZONE"):
        return column
    return f"strftime(timezone('UTC', {column}), '%Y-%m-%dT%H:%M:%S+00:00') as {column}"


def code_of(error: duckdb.Error) -> SourceCode:
    """Return which kind of failure DuckDB speaks of."""
    said = str(error)
    match error:
        case duckdb.OutOfMemoryException():
            return "too_many_rows"
        case duckdb.PermissionException():
            return "path_not_allowed"
        case duckdb.InvalidInputException() if "read-only mode" in said:
            return "write_refused"
        case duckdb.BinderException() if "Referenced column" in said or "does not have a column" in said:
            return "no_such_column"
        case duckdb.CatalogException() if said.startswith("Catalog Error: Table with name"):
            return "no_such_table"
        case _:
            return "query_failed"


def listed(columns: dict[str, str]) -> str:
    """Return names and types for a message."""
    return ", ".join(starmap("{} {}".format, list(columns.items())[:LISTED]))


def refuse_folded_hours(query: str, zone: str, where: str, *, hourly: bool) -> None:
    """Refuse what would make one hour of two, without a word.

    Where clocks are set back an hour comes twice, and DuckDB's `date_trunc` gives both the later one's time.

    Raises:
        SourceFailed: `query_failed`, with what tells them apart.
    """
    if hourly and _TRUNC.search(query) and repeats_hours(zone):
        raise SourceFailed(
            "query_failed",
            f"{where}: in {zone} an hour comes twice when clocks are set back, and date_trunc makes one of "
            "the two. Write time_bucket(interval '1 hour', x), with x as timestamptz.",
        )

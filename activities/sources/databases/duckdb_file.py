"""DuckDB's database files, by DuckDB itself: attached for reading to a database in memory, all else shut.

Not through SQLAlchemy: its dialects for DuckDB add nothing to one select, and the better known one has
not been released since March 2025.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import duckdb

from activities.sources.databases.contract import Question
from activities.sources.duck import LISTED, Duck, code_of, one_select, opened, quoted, shut
from activities.sources.rows import trouble
from domain.errors import SourceCode, SourceFailed

# As SQLAlchemy finds parameters in a text, so that a query reads alike for every database.
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")


@contextmanager
def attached(question: Question) -> Iterator[Duck]:
    """Give DuckDB in which the file's tables stand as if they were its own.

    What DuckDB refuses in the body is said of this source.

    Raises:
        SourceFailed: what failed, and what would be right.
    """
    path = question.place.path
    assert path is not None
    with opened(question.allowance, question.place.shown, question.zone) as duck:
        there = False
        try:
            duck.run(f"attach {quoted(str(path))} as source (read_only)")
            there = True
            duck.run("use source")
            for name, value in question.values(lambda at: at if question.hourly else at.date()).items():
                duck.run(f"set variable {name} = {_literal(value)}")
            shut(duck, [str(path), f"{path}.wal"])
            yield duck
        except duckdb.Error as error:
            raise _failed(error, question, duck, there=there) from None


def query_of(question: Question) -> str:
    """Return the query with each parameter as the variable that holds it."""
    query = _PARAMETER.sub(r"getvariable('\1')", question.query).replace(r"\:", ":")
    return one_select(query, question.place.shown)


def _literal(value: object) -> str:
    """Return a parameter as DuckDB writes it: a day, a time with its offset, or a word."""
    match value:
        case datetime():
            return f"timestamptz '{value.isoformat(sep=' ')}'"
        case date():
            return f"date '{value.isoformat()}'"
        case _:
            return quoted(str(value))


def _failed(error: duckdb.Error, question: Question, duck: Duck, *, there: bool) -> SourceFailed:
    """Return what DuckDB said as a failure with a stable code and the way out."""
    said = question.place.conceal(str(error)).replace(str(question.place.path), question.place.shown)
    code: SourceCode
    if not there and "lock" in said:
        code, said = "locked", "another program has the file open for writing"
        cure = "DuckDB lets nobody read meanwhile; it is asked again next time."
    elif not there:
        code, cure = (
            "unknown_format",
            "The file is no DuckDB database, or of a newer DuckDB than the worker's.",
        )
    else:
        code = code_of(error)
        cure = {
            "too_many_rows": "The query needs too much memory: aggregate, or select fewer columns.",
            "path_not_allowed": "The query may read the file's tables and nothing else.",
            "write_refused": "A source only reads: write one select.",
        }.get(code, f"Correct the query: it is one select in the SQL of DuckDB.{_tables(duck)}")
    return trouble(code, question.place.shown, said, cure)


def _tables(duck: Duck) -> str:
    """Return the names of the tables that a query could have asked for."""
    found = duck.run("select table_name from duckdb_tables() union select view_name from duckdb_views() "
                     "where not internal order by 1")  # fmt: skip
    return f" There are the tables {', '.join(str(name) for (name,) in found[:LISTED])}." if found else ""

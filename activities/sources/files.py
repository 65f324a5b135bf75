"""The `files` source: one SQL query by DuckDB over CSV, TSV, Parquet or JSON lines.

The query sees the files as the table `data` and nothing else: before it runs,
DuckDB is told the exact files, every other access to the world is switched
off, and the configuration is locked. It can read no other file, write none,
load no extension and reach no network.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from activities.sources.allowance import Allowance, interrupting
from activities.sources.rows import observations, pick, trouble
from activities.sources.window import Window
from domain.errors import SourceCode, SourceFailed
from domain.measurement import Observation
from domain.sources import FilesSource

# Dates are read in one form only: 01/02/2013 is two different days to two readers, so it stays text.
_CSV = "header = true, dateformat = '%Y-%m-%d', union_by_name = true"
_READERS = {
    ".csv": f"read_csv({{files}}, {_CSV}, sample_size = {{sample}})",
    ".tsv": f"read_csv({{files}}, {_CSV}, sample_size = {{sample}}, delim = '\t')",
    ".parquet": "read_parquet({files}, union_by_name = true)",
    ".jsonl": "read_json({files}, format = 'newline_delimited', union_by_name = true)",
    ".ndjson": "read_json({files}, format = 'newline_delimited', union_by_name = true)",
}
_PACKED = frozenset({".gz", ".zst"})
# Bytes: reading a file of 4 MB twice, once for its types, costs 0.1 s; larger ones are typed by a sample.
_SNIFF_WHOLE = 4_000_000
# Rows of that sample, DuckDB's own default.
_SAMPLE_ROWS = 20_480
# Names of files or columns that a message lists.
_LISTED = 20


def fetch(
    source: FilesSource,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window that the files hold, in order.

    Raises:
        SourceFailed: which file, column or row, and what would be right.
    """
    allowance = allowance or Allowance()
    paths = matching(source.path, data_root)
    with closing(duckdb.connect(":memory:")) as connection:

        def guarded(statement: str) -> list[tuple[Any, ...]]:
            with interrupting(connection.interrupt, allowance, source.path):
                return connection.execute(statement).fetchall()

        try:
            _offer(guarded, paths, allowance, window.zone)
            columns, rows = _ask(guarded, source, allowance)
        except duckdb.Error as error:
            raise _failed(error, source, data_root, guarded) from None
    if not rows:
        raise SourceFailed("empty", f"{source.path}: the query returned no row. Check its where clause.")
    return observations(pick(columns, source.path), rows, window, f"{source.path}, query")


def matching(pattern: str, data_root: Path) -> tuple[Path, ...]:
    """Return the files of a path or glob, resolved, in order of their names.

    Raises:
        SourceFailed: `path_not_allowed` when it leads out of the data folder, also by a link;
            `no_such_file` with the nearest name; `unknown_format`; `empty`.
    """
    relative, root = Path(pattern), data_root.resolve()
    if relative.is_absolute() or ".." in relative.parts or "://" in pattern:
        raise SourceFailed(
            "path_not_allowed",
            f"{pattern}: only files in the worker's data folder can be read. "
            "Write the path relative to it, without `..`.",
        )
    named = root / relative
    found = [named] if named.exists() else sorted(root.glob(pattern))
    paths = tuple(path.resolve() for path in found if path.is_file())
    if not paths:
        raise SourceFailed("no_such_file", _missing(pattern, named))
    for path in paths:
        if not path.is_relative_to(root):
            raise SourceFailed(
                "path_not_allowed",
                f"{pattern}: a link leads out of the worker's data folder. Put the file itself there.",
            )
    _one_format(pattern, paths)
    if not any(path.stat().st_size for path in paths):
        raise SourceFailed("empty", f"{pattern}: the file has no content. It needs a header and rows.")
    return paths


def _missing(pattern: str, named: Path) -> str:
    folder = named.parent
    there = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    near = get_close_matches(named.name, there, n=1)
    listed = f"there are {', '.join(there[:_LISTED])}" if there else "there are no files"
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"{pattern}: no such file in the worker's data folder; in that place {listed}.{meant}"


def _one_format(pattern: str, paths: Sequence[Path]) -> str:
    """Return the ending that tells the format of all files."""
    endings = {_ending(path) for path in paths}
    if len(endings) != 1 or not endings <= _READERS.keys():
        kinds = ", ".join(sorted(ending or "none" for ending in endings))
        raise SourceFailed(
            "unknown_format",
            f"{pattern}: files ending in {kinds}. One kind at a time can be read, out of "
            f"{', '.join(_READERS)}, also packed with .gz or .zst.",
        )
    return endings.pop()


def _ending(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _offer(run: Callable[[str], object], paths: Sequence[Path], allowance: Allowance, zone: str) -> None:
    """Make the files the view `data`, then shut every other door and lock it.

    A view, so that a query over a large Parquet file reads only the columns that it names.
    """
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "temp_directory = ''",  # nothing is spilled to disk
        f"memory_limit = '{allowance.memory_mb}MiB'",
        f"threads = {allowance.threads}",
        f"TimeZone = '{zone}'",  # one of the database's names
    ):
        run(f"set {setting}")
    # DuckDB reads each name as a glob; a bracket makes a sign of a real name stand for itself.
    names = [re.sub(r"([*?\[])", r"[\1]", str(path)) for path in paths]
    size = sum(path.stat().st_size for path in paths)
    reader = _READERS[_ending(paths[0])].format(
        files=_quoted(names), sample=-1 if size <= _SNIFF_WHOLE else _SAMPLE_ROWS
    )
    run(f"create view data as select * from {reader}")  # noqa: S608 - quoted names
    run(f"set allowed_paths = {_quoted({*names, *map(str, paths)})}")
    run("set enable_external_access = false")
    run("set lock_configuration = true")


def _quoted(names: Sequence[str] | set[str]) -> str:
    return "[" + ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(names)) + "]"


def _ask(
    run: Callable[[str], list[tuple[Any, ...]]], source: FilesSource, allowance: Allowance
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and the rows of the query, or refuse before running what is no single query."""
    if len(duckdb.extract_statements(source.query)) != 1:
        raise SourceFailed("query_failed", f"{source.path}: write one select statement as the query.")
    run(f"create temp view answer as {source.query}")
    described = run("select column_name, column_type from (describe answer)")
    columns = [str(name) for name, _ in described]
    picked = pick(columns, source.path)
    kinds = {str(name): str(kind) for name, kind in described}
    parts = ", ".join(_readable(name, kinds[name]) for name in picked.names)
    rows = run(f"select {parts} from answer limit {allowance.rows + 1}")  # noqa: S608 - quoted names
    if len(rows) > allowance.rows:
        raise SourceFailed(
            "too_many_rows",
            f"{source.path}: the query returned more than {allowance.rows:,} rows. "
            "Aggregate in it, to one row per period.",
        )
    return list(picked.names), rows


def _readable(name: str, kind: str) -> str:
    """Return a column as it is selected: a time with a zone as text, for as an object it needs pytz."""
    column = '"' + name.replace('"', '""') + '"'
    if not kind.endswith("WITH TIME ZONE"):
        return column
    return f"strftime(timezone('UTC', {column}), '%Y-%m-%dT%H:%M:%S+00:00') as {column}"


def _failed(
    error: duckdb.Error,
    source: FilesSource,
    data_root: Path,
    run: Callable[[str], list[tuple[Any, ...]]],
) -> SourceFailed:
    """Return what DuckDB said as a failure with a stable code and the way out."""
    said = str(error).replace(f"{data_root.resolve()}/", "")
    code: SourceCode = "query_failed"
    if "Unknown TimeZone" in said:
        cure = "DuckDB does not know it: take an older name of the place for `time_zone`."
        return trouble("unknown_zone", source.path, said, cure)
    there = _columns_of_data(run)
    if not there:
        cure = "The file cannot be read: it is broken, not what its ending says, or not the worker's to read."
    elif isinstance(error, duckdb.OutOfMemoryException):
        code, cure = "too_many_rows", "The query needs too much memory: aggregate, or select fewer columns."
    elif isinstance(error, duckdb.PermissionException):
        code, cure = "path_not_allowed", "The query may read the table `data` and nothing else."
    else:
        if isinstance(error, duckdb.BinderException) and "Referenced column" in said:
            code = "no_such_column"
        cure = f"Correct the query; it is SQL for DuckDB, over the table `data` with the columns {there}."
    return trouble(code, source.path, said, cure)


def _columns_of_data(run: Callable[[str], list[tuple[Any, ...]]]) -> str:
    """Return names and types of what the query could have asked for; nothing if the files are unreadable."""
    try:
        described = run("select column_name, column_type from (describe data)")
    except duckdb.Error:  # the files themselves could not be read
        return ""
    return ", ".join(f"{name} {kind}" for name, kind in described[:_LISTED])

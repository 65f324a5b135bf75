"""The `files` source: one SQL query by DuckDB over CSV, TSV, Parquet, JSON lines or Excel.

The query sees the files as the table `data` and nothing else: before it runs,
DuckDB is told the exact files, every other access to the world is switched
off, and the configuration is locked. It can read no other file, write none,
load no extension and reach no network.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from activities.sources.allowance import Allowance
from activities.sources.duck import (
    Duck,
    answer,
    code_of,
    listed,
    one_select,
    opened,
    quoted_list,
    refuse_folded_hours,
    shut,
)
from activities.sources.excel import ENDINGS as EXCEL
from activities.sources.excel import offer_sheet
from activities.sources.paths import matching
from activities.sources.rows import observations, pick, trouble
from activities.sources.window import Window
from domain.errors import SourceFailed
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
    refuse_folded_hours(source.query, window.zone, source.path, hourly=window.cadence == "hourly")
    with offered(source, window.zone, data_root, allowance or Allowance()) as duck:
        columns, rows = answer(duck, one_select(source.query, source.path))
    if not rows:
        raise SourceFailed("empty", f"{source.path}: the query returned no row. Check its where clause.")
    return observations(pick(columns, source.path), rows, window, f"{source.path}, query")


@contextmanager
def offered(source: FilesSource, zone: str, data_root: Path, allowance: Allowance) -> Iterator[Duck]:
    """Give DuckDB with the files as the table `data`, every other door shut.

    What DuckDB refuses in the body is said of this source.

    Raises:
        SourceFailed: which file or column, and what would be right.
    """
    paths = matching(source.path, data_root, allowance.folders)
    ending = _one_format(source, paths)
    with opened(allowance, source.path, zone) as duck:
        try:
            if ending in EXCEL:
                offer_sheet(duck, paths, source.sheet)
                shut(duck)
            else:
                _offer(duck, paths)
            yield duck
        except duckdb.Error as error:
            raise _failed(error, duck, data_root) from None


def _one_format(source: FilesSource, paths: Sequence[Path]) -> str:
    """Return the ending that tells the format of all files."""
    endings = {_ending(path) for path in paths}
    known = (*_READERS, *EXCEL)
    if len(endings) != 1 or not endings <= {*known}:
        kinds = ", ".join(sorted(ending or "none" for ending in endings))
        raise SourceFailed(
            "unknown_format",
            f"{source.path}: files ending in {kinds}. One kind at a time can be read, out of "
            f"{', '.join(known)}; all but the last also packed with .gz or .zst.",
        )
    if source.sheet is not None and not endings <= {*EXCEL}:
        raise SourceFailed(
            "unknown_format", f"{source.path}: only {', '.join(EXCEL)} has sheets. Leave `sheet` out."
        )
    return endings.pop()


def _ending(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
        return "" if suffixes and suffixes[-1] in EXCEL else suffixes[-1] if suffixes else ""
    return suffixes[-1] if suffixes else ""


def _offer(duck: Duck, paths: Sequence[Path]) -> None:
    """Make the files the view `data`, so that a query over a large Parquet file reads only what it names."""
    # DuckDB reads each name as a glob; a bracket makes a sign of a real name stand for itself.
    names = [re.sub(r"([*?\[])", r"[\1]", str(path)) for path in paths]
    size = sum(path.stat().st_size for path in paths)
    reader = _READERS[_ending(paths[0])].format(
        files=quoted_list(names), sample=-1 if size <= _SNIFF_WHOLE else _SAMPLE_ROWS
    )
    duck.run(f"create view data as select * from {reader}")  # noqa: S608 - quoted names
    shut(duck, [*names, *map(str, paths)])


def _failed(error: duckdb.Error, duck: Duck, data_root: Path) -> SourceFailed:
    """Return what DuckDB said as a failure with a stable code and the way out."""
    said = str(error).replace(f"{data_root.resolve()}/", "")
    try:
        there = listed(duck.described("data"))
    except duckdb.Error:  # the files themselves could not be read
        cure = "The file cannot be read: it is broken, not what its ending says, or not the worker's to read."
        return trouble("query_failed", duck.where, said, cure)
    match code_of(error):
        case "too_many_rows" as code:
            cure = "The query needs too much memory: aggregate, or select fewer columns."
        case "path_not_allowed" as code:
            cure = "The query may read the table `data` and nothing else."
        case code:
            cure = f"Correct the query; it is SQL for DuckDB, over the table `data` with the columns {there}."
    return trouble(code, duck.where, said, cure)

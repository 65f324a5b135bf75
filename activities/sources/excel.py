"""Sheets of Excel workbooks as DuckDB's table `data`, read by calamine.

DuckDB's own extension for Excel is a download for each of its versions, and the worker loads none.
Dates come as dates whichever day the workbook counts from, 1900 or 1904. A cell that holds an error
(`#DIV/0!`) or nothing is NULL; a column whose cells are of several kinds is text.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, WorksheetNotFound

from activities.sources.duck import LISTED, Duck, named
from domain.errors import SourceFailed

ENDINGS = (".xlsx",)
# Bytes, unpacked: calamine holds a workbook's cells in memory. A sheet of 300,000 rows by ten columns has
# about this; what is larger takes minutes, and belongs into a CSV or Parquet file.
_LARGEST = 250_000_000
# How DuckDB calls the kinds of cells; every other kind is written out as text.
_KINDS: dict[type, str] = {bool: "BOOLEAN", float: "DOUBLE", datetime: "TIMESTAMP", date: "DATE"}

_Cell = Any  # str, float, bool, date, datetime, time, timedelta, or None


def offer_sheet(duck: Duck, paths: Sequence[Path], sheet: str | None) -> None:
    """Make one sheet of each workbook the table `data`: the first, or the one of this name.

    Raises:
        SourceFailed: `no_such_sheet` with those there are, `unknown_format` for what is no workbook,
            `no_such_column` for a header that names no or twice the same column, `empty`.
    """
    tables = []
    for number, path in enumerate(paths):
        rows = _rows(path, sheet, duck.where)
        header = _header(rows[0], duck.where)
        columns = list(zip(*rows[1:], strict=True)) or [()] * len(header)
        kept = [(name, column) for name, column in zip(header, columns, strict=True) if name]
        _load(duck, f"sheet{number}", kept)
        tables.append(f"select * from sheet{number}")  # noqa: S608 - a number
    duck.run(f"create view data as {' union all by name '.join(tables)}")


def _rows(path: Path, sheet: str | None, where: str) -> list[list[_Cell]]:
    """Return the cells of a sheet, from its first row with something in it on."""
    try:
        with ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > _LARGEST:
            raise SourceFailed(
                "too_many_rows",
                f"{where}: unpacked, the workbook has more than {_LARGEST / 1e6:.0f} MB. Save the sheet "
                "as CSV or Parquet.",
            )
        with CalamineWorkbook.from_path(str(path)) as book:
            rows = [[_cell(value) for value in row] for row in _sheet(book, sheet, where).to_python()]
    except (CalamineError, BadZipFile, OSError):
        raise SourceFailed(
            "unknown_format",
            f"{where}: the file is no Excel workbook, or it is protected by a password, or not the "
            "worker's to read. Save it as .xlsx, without a password.",
        ) from None
    if not rows:
        raise SourceFailed("empty", f"{where}: the sheet is empty. It needs a header and rows.")
    return rows


def _sheet(book: CalamineWorkbook, wanted: str | None, where: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_index(0) if wanted is None else book.get_sheet_by_name(wanted)
    except WorksheetNotFound:
        there = ", ".join(book.sheet_names[:LISTED])
        raise SourceFailed(
            "no_such_sheet", f"{where}: no sheet {wanted}; there are {there}. Name one of them as `sheet`."
        ) from None


def _cell(value: _Cell) -> _Cell:
    """Return a cell's value; a text of spaces is nothing, as it is to whoever looks at it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return None if isinstance(value, str) and not value.strip() else value


def _header(row: Sequence[_Cell], where: str) -> list[str]:
    """Return the names of the columns; a column without one is not read."""
    names = ["" if cell is None else str(cell).strip() for cell in row]
    seen: set[str] = set()
    for name in filter(None, names):
        if name.casefold() in seen:
            raise SourceFailed(
                "no_such_column", f"{where}: two columns are named {name}. Give each a name of its own."
            )
        seen.add(name.casefold())
    return names


def _load(duck: Duck, table: str, columns: Sequence[tuple[str, Sequence[_Cell]]]) -> None:
    """Make a table of columns, each of the kind that all its cells are of."""
    if not columns:
        raise SourceFailed("empty", f"{duck.where}: the sheet's first row names no column.")
    typed = [(name, *_typed(column)) for name, column in columns]
    duck.run("set pandas_analyze_sample = 100000000")  # every cell: a kind that comes late is seen too
    duck.connection.register(
        "cells", {f"c{i}": np.array(cells, object) for i, (_, _, cells) in enumerate(typed)}
    )
    parts = ", ".join(f"cast(c{i} as {kind}) as {named(name)}" for i, (name, kind, _) in enumerate(typed))
    duck.run(f"create table {table} as select {parts} from cells")  # noqa: S608 - quoted names
    duck.connection.unregister("cells")


def _typed(column: Sequence[_Cell]) -> tuple[str, list[_Cell]]:
    """Return DuckDB's name of a column's kind, and its cells, all of that kind."""
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds == {date, datetime}:  # midnight is written without a time
        midnight = time()
        return "TIMESTAMP", [datetime.combine(c, midnight) if type(c) is date else c for c in column]
    if len(kinds) == 1 and (kind := _KINDS.get(next(iter(kinds)))):
        return kind, list(column)
    return "VARCHAR", list(_as_text(column))


def _as_text(column: Sequence[_Cell]) -> Iterator[str | None]:
    for cell in column:
        match cell:
            case None | str():
                yield cell
            case float() if cell.is_integer():
                yield str(int(cell))
            case timedelta():
                yield str(cell)
            case _:
                yield cell.isoformat() if isinstance(cell, date | time) else str(cell)

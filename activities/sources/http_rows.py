"""From an answer's body to rows, and from a row to its cells: JSON by JMESPath, CSV by its columns."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, Literal

import jmespath
from jmespath.exceptions import JMESPathError

from activities.sources.web import Answer
from domain.errors import SourceFailed
from domain.sources.http import HttpSource

Search = Callable[[Any], Any]
# A JMESPath that is a name, or names one within another: only of such can be told whether it is there.
_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
# A number as CSV files hold it: no NaN, no thousands, no decimal comma.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DELIMITERS = ",;\t"
# Names that a message lists.
_LISTED = 20
# Characters of a cell that a message repeats.
_SHOWN = 40
_MS = 1000


@dataclass(frozen=True, slots=True)
class Rows:
    """How rows are found in an answer, and cells (period, value or numerator and denominator) in a row."""

    of: Callable[[Answer], Sequence[Any]]
    cells: Callable[[Sequence[Any]], list[tuple[Any, ...]]]


def json_rows(source: HttpSource, shown: str) -> Rows:
    """Return how JSON is read.

    Raises:
        SourceFailed: `bad_path`; later, when rows are read, `not_json`, `no_such_column`, `not_a_number`.
    """
    whole = searching(source.rows or "@", "rows", shown)
    names = _names(source)
    searches = [searching(path, key, shown) for key, path in names]

    def of(answer: Answer) -> Sequence[Any]:
        found = whole(answer.json())
        if isinstance(found, list):
            return found
        kind = "null, or nothing" if found is None else type(found).__name__
        raise SourceFailed(
            "bad_path",
            f"{shown}: `rows` ({source.rows or '@'}) leads to {kind}, not to a list{_keys_of(answer.json())}",
        )

    def cells(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
        for key, path in names:
            _must_be_there(key, path, rows, shown)
        table = [tuple(search(row) for search in searches) for row in rows]
        for number, row in enumerate(table, start=1):
            for (key, path), cell in zip(names[1:], row[1:], strict=True):
                if isinstance(cell, str):
                    raise SourceFailed(
                        "not_a_number",
                        f"{shown}, row {number}: {key} is the text {cell[:_SHOWN]!r}. Write `{key}: "
                        f"to_number({path})` if it holds a number; null is no value.",
                    )
        return [(_moment(row[0], source.time, shown), *row[1:]) for row in table]

    return Rows(of, cells)


def csv_rows(source: HttpSource, shown: str) -> Rows:
    """Return how CSV is read: a header line, then a row a line; comma, semicolon or tab between cells.

    Raises:
        SourceFailed: when rows are read, `not_text`, `bad_answer`, `no_such_column` or `not_a_number`.
    """
    names = _names(source)

    def of(answer: Answer) -> Sequence[dict[str, str]]:
        text = answer.text()
        first = text.partition("\n")[0]
        delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            lines = [(reader.line_num, line) for line in reader if line]
        except csv.Error as error:
            raise _no_csv(shown, reader.line_num, str(error)) from None
        if not lines:
            return []
        header = [name.strip() for name in lines[0][1]]
        _must_have(header, [path for _, path in names], shown)
        for number, line in lines[1:]:
            if len(line) != len(header):
                raise _no_csv(shown, number, f"{len(line)} cells under {len(header)} names")
        return [dict(zip(header, line, strict=True)) for _, line in lines[1:]]

    def cells(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
        (_, period), *numbers = names
        return [
            (
                _moment(row[period], source.time, shown),
                *(_number(row[path], key, number, shown) for key, path in numbers),
            )
            for number, row in enumerate(rows, start=1)
        ]

    return Rows(of, cells)


def searching(path: str, key: str, shown: str) -> Search:
    """Return the search that a JMESPath stands for.

    Raises:
        SourceFailed: `bad_path`, now if it cannot be read, later if it cannot be followed.
    """
    try:
        compiled = jmespath.compile(path)
    except JMESPathError as error:
        why = " ".join(str(error).split())[:200]
        raise SourceFailed("bad_path", f"{shown}: `{key}` is no JMESPath: {why}.") from None

    def search(value: Any) -> Any:
        try:
            return compiled.search(value)
        except (JMESPathError, TypeError, ValueError, ZeroDivisionError) as error:
            why = " ".join(str(error).split())[:200]
            raise SourceFailed(
                "bad_path", f"{shown}: `{key}` ({path}) cannot be followed in the answer: {why}."
            ) from None

    return search


def _names(source: HttpSource) -> list[tuple[str, str]]:
    """Return the keys with the JMESPath or column of each, the period first."""
    period = ("period", source.period)
    if source.numerator is None or source.denominator is None:
        return [period, ("value", source.value or "value")]
    return [period, ("numerator", source.numerator), ("denominator", source.denominator)]


def _must_be_there(key: str, path: str, rows: Sequence[Any], shown: str) -> None:
    """Refuse a name that no row has: null in each would pass for gaps, and hide a column's new name."""
    if not rows or not _NAMES.fullmatch(path) or any(_has(row, path.split(".")) for row in rows):
        return
    raise SourceFailed("no_such_column", f"{shown}: no row has `{path}` ({key}){_keys_of(rows[0], path)}")


def _has(row: Any, names: Sequence[str]) -> bool:
    """Whether there is something under these names, be it null."""
    for name in names:
        if row is None:
            return True
        if not isinstance(row, dict) or name not in row:
            return False
        row = row[name]
    return True


def _keys_of(value: Any, wanted: str = "") -> str:
    if not isinstance(value, dict) or not value:
        return "."
    return _there(list(map(str, value)), wanted)


def _there(names: list[str], wanted: str) -> str:
    near = get_close_matches(wanted, names, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"; there are {', '.join(name[:_SHOWN] for name in names[:_LISTED])}.{meant}"


def _must_have(header: list[str], wanted: Sequence[str], shown: str) -> None:
    for name in wanted:
        if header.count(name) != 1:
            many = f"{header.count(name)} columns are" if name in header else "no column is"
            raise SourceFailed("no_such_column", f"{shown}: {many} named {name}{_there(header, name)}")


def _no_csv(shown: str, line: int, why: str) -> SourceFailed:
    return SourceFailed("bad_answer", f"{shown}: line {line} is no CSV: {why}.")


def _number(text: str, key: str, row: int, shown: str) -> float | None:
    text = text.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise SourceFailed(
            "not_a_number",
            f"{shown}, row {row}: {key} is {text[:_SHOWN]!r}, not a number. Numbers have a decimal point and "
            "no other mark; a cell without a value is empty.",
        )
    return float(text)


def _moment(cell: Any, form: Literal["iso", "unix", "unix_ms"], shown: str) -> Any:
    """Return the cell as a moment where it counts seconds; texts are read where all rows are."""
    if form == "iso":
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            raise _no_moment(cell, "is a number: write `time: unix` (seconds) or `time: unix_ms`", shown)
        return cell
    if isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()):
        cell = float(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise _no_moment(cell, f"is no number, which `time: {form}` needs", shown)
    try:
        return datetime.fromtimestamp(cell / _MS if form == "unix_ms" else cell, UTC)
    except (OverflowError, OSError, ValueError):
        raise _no_moment(cell, f"is no moment in `time: {form}`; seconds or milliseconds?", shown) from None


def _no_moment(cell: Any, what: str, shown: str) -> SourceFailed:
    return SourceFailed("bad_period", f"{shown}: period {str(cell)[:_SHOWN]!r} {what.rstrip('.')}.")

"""Events as an event log counts them: a case, an activity and a moment each, none of them missing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import numpy as np

from activities.sources.duck import LISTED, Duck, listed, named, quoted
from activities.sources.sql import Batch
from domain.errors import SourceFailed
from domain.sources import EventLogSource

# The names that each column may have, in lower case; `case` is a keyword in most kinds of SQL.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "case": ("case", "case_id"),
    "activity": ("activity",),
    "timestamp": ("timestamp",),
    "automated": ("automated",),
}
_KNOWN = frozenset(name for names in _NAMES.values() for name in names)
# Rows that DuckDB looks at to tell a column's type: all of a batch.
_EVERY_ROW = 1_000_000
# More activities than any process has: it is a free text, or two columns were mixed up.
_ACTIVITIES = 1_000


def created(duck: Duck, batches: Iterator[Batch]) -> None:
    """Make the table `answer` of rows that come from another database, batch by batch.

    Raises:
        SourceFailed: `no_such_column`; two columns have one name.
    """
    duck.run(f"set pandas_analyze_sample = {_EVERY_ROW}")
    types: dict[str, str] = {}
    for columns, rows in batches:
        if not types:
            types = _types(columns, rows, duck.where)
            parts = ", ".join(f"{named(name)} {kind}" for name, kind in types.items())
            duck.run(f"create temp table answer ({parts})")
        taken = {at: name for at, name in enumerate(columns) if name.casefold() in _KNOWN}
        if rows and taken:
            cells = {f"c{at}": np.array([_plain(row[at]) for row in rows], object) for at in taken}
            duck.connection.register("batch", cells)
            names = ", ".join(map(named, taken.values()))
            parts = ", ".join(f"cast(c{at} as {types[name]})" for at, name in taken.items())
            duck.run(f"insert into answer ({names}) select {parts} from batch")  # noqa: S608 - quoted names
            duck.connection.unregister("batch")


def _types(columns: Sequence[str], rows: Sequence[tuple[Any, ...]], where: str) -> dict[str, str]:
    """Return a type for each column: text, but for moments that come as such."""
    if len({name.casefold() for name in columns}) < len(columns):
        raise SourceFailed(
            "no_such_column",
            f"{where}: two columns have one name; there are {', '.join(columns[:LISTED])}. "
            "Name each in the query.",
        )
    return {
        name: _moments([row[at] for row in rows]) if name.casefold() in _NAMES["timestamp"] else "varchar"
        for at, name in enumerate(columns)
    }


def _moments(cells: Sequence[Any]) -> str:
    there = [cell for cell in cells if cell is not None]
    if not there or not all(isinstance(cell, date) for cell in there):
        return "varchar"
    return "timestamptz" if any(getattr(cell, "tzinfo", None) for cell in there) else "timestamp"


def _plain(cell: Any) -> Any:
    """Return a cell as numpy and DuckDB take it; a time with a zone as text, which keeps its offset."""
    return cell.isoformat() if isinstance(cell, datetime) and cell.tzinfo is not None else cell


def shaped(duck: Duck, source: EventLogSource, zone: str) -> int:
    """Make the view `event` (case c, activity a, microsecond t, automated m) and the table `codes`.

    Returns how many different activities there are; `codes` numbers them from 0.

    Raises:
        SourceFailed: `no_such_column`, `bad_event`, or `empty` when no case begins or ends.
    """
    kinds = duck.described("answer")
    found = {wanted: _column(wanted, kinds, duck.where) for wanted in _wanted(source)}
    moment = _moment(found["timestamp"], kinds[found["timestamp"]], zone, duck.where)
    flag = f"try_cast({named(found['automated'])} as boolean)" if "automated" in found else "null"
    duck.run(
        f"create temp view event as select cast({named(found['case'])} as varchar) as c, "  # noqa: S608
        f"cast({named(found['activity'])} as varchar) as a, {moment} as t, {flag} as m from answer"
    )
    _refuse_holes(duck, found)
    duck.run(
        "create temp table codes as select a, row_number() over () - 1 as n from "  # noqa: S608
        f"(select a from event group by a order by count(*) desc, a limit {_ACTIVITIES + 1})"
    )
    return _refuse_names(duck, source)


def _wanted(source: EventLogSource) -> Sequence[str]:
    return [name for name in _NAMES if name != "automated" or source.gives == "automated"]


def _column(wanted: str, kinds: Mapping[str, str], where: str) -> str:
    matches = [name for name in kinds if name.casefold() in _NAMES[wanted]]
    if len(matches) == 1:
        return matches[0]
    near = get_close_matches(wanted, list(kinds), n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    said = (
        f"no column {' or '.join(_NAMES[wanted])}"
        if not matches
        else f"{' and '.join(matches)} are both {wanted}"
    )
    raise SourceFailed(
        "no_such_column",
        f"{where}: {said}; there are {listed(dict(kinds))}. An event log has the columns case, activity, "
        f"timestamp, and automated where that is asked for: name them so in the query.{meant}",
    )


def _moment(name: str, kind: str, zone: str, where: str) -> str:
    """Return the microseconds since 1970; a time without a zone is of the charter's."""
    column = named(name)
    if kind == "VARCHAR":  # a text without an offset is of the session's zone
        return f"epoch_us(try_cast({column} as timestamptz))"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"epoch_us({column})"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        naive = f"cast({column} as timestamp)"
        return f"epoch_us({naive})" if zone == "UTC" else f"epoch_us(timezone({quoted(zone)}, {naive}))"
    raise SourceFailed(
        "bad_event",
        f"{where}: timestamp is of type {kind}. Return a timestamp or a date, as in to_timestamp({name}).",
    )


def _refuse_holes(duck: Duck, found: Mapping[str, str]) -> None:
    """Refuse a log with an event that lacks something: where would it count?"""
    signs = {"case": "c", "activity": "a", "timestamp": "t", "automated": "m"}
    counts = ", ".join(f"count(*) filter ({signs[wanted]} is null)" for wanted in found)
    [(events, *holes)] = duck.run(f"select count(*), {counts} from event")  # noqa: S608 - fixed names
    if not events:
        raise SourceFailed("empty", f"{duck.where}: the query returned no event. Check its where clause.")
    for (wanted, name), missing in zip(found.items(), holes, strict=True):
        if missing:
            raise SourceFailed(
                "bad_event",
                f"{duck.where}: {missing:,} of {events:,} events have no {wanted} that can be read"
                f"{_example(duck, wanted, named(name))}. "
                f"Leave them out in the query, with where {name} is not null, or correct them.",
            )


def _example(duck: Duck, wanted: str, column: str) -> str:
    """Return one of the cells that cannot be read, if there is anything in them."""
    if wanted not in {"timestamp", "automated"}:
        return ""
    kind = "timestamptz" if wanted == "timestamp" else "boolean"
    shown = duck.run(
        f"select cast({column} as varchar) from answer where {column} is not null "  # noqa: S608 - a quoted name
        f"and try_cast({column} as {kind}) is null limit 1"
    )
    return f", such as {shown[0][0]!r}" if shown else ""


def _refuse_names(duck: Duck, source: EventLogSource) -> int:
    """Refuse activities that are written in another way, and starts and ends that never happen.

    Returns how many different activities there are.
    """
    there = [str(name) for (name,) in duck.run("select a from codes order by n")]
    if len(there) > _ACTIVITIES:
        raise SourceFailed(
            "bad_event",
            f"{duck.where}: there are more than {_ACTIVITIES:,} different activities, such as {there[0]!r}. "
            "Return the kind of step as activity, and nothing of the single case.",
        )
    folded = {" ".join(name.casefold().split()): name for name in there}
    shown = ", ".join(there[:LISTED])
    for key, names in (("starts", source.starts), ("ends", source.ends)):
        for name in names:
            meant = folded.get(" ".join(name.casefold().split()))
            if name not in there and meant is not None:
                raise SourceFailed(
                    "bad_event", f"{duck.where}: `{key}` names {name!r}, but the events say {meant!r}."
                )
        if not {*names} & {*there}:
            raise SourceFailed(
                "empty",
                f"{duck.where}: no event is one of `{key}` ({', '.join(names)}); there are {shown}. "
                "Name the activities as the events do.",
            )
    return len(there)

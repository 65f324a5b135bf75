"""The `event_log` source: what the events of cases tell, counted by DuckDB.

The events come from files, a DuckDB file, or row by row from another database.
docs/decisions/event_log.md says which case counts in which period, and why.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import assert_never

import duckdb

from activities.sources.allowance import Allowance
from activities.sources.duck import Duck, code_of, one_select, opened, quoted_list, shut
from activities.sources.events import created, shaped
from activities.sources.files import offered
from activities.sources.rows import SHARE, VALUE, Picked, observations, trouble
from activities.sources.sql import question_of, streamed
from activities.sources.window import Window
from domain.measurement import Observation
from domain.periods import end_of, period_of, start_of
from domain.sources import EventLogSource, SqlSource

# MiB: two million cases with their begin and end take about 300; the sum over the events stays far below.
_MEMORY_MB = 1024
# Events that are taken from a server, row by row: some 10 s of work, and 300 MB where they come all at once.
_STREAMED_EVENTS = 1_000_000
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_MICROSECONDS = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}


def fetch(
    source: EventLogSource,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window, the newest with the number of cases that were left out.

    Raises:
        SourceFailed: which file, table, column or event, and what would be right.
    """
    allowance = allowance or Allowance()
    allowance = replace(allowance, memory_mb=max(allowance.memory_mb, _MEMORY_MB))
    span = _Span.of(window, source.settle)
    with _events(source, window, data_root, allowance) as duck:
        activities = shaped(duck, source, window.zone)
        _find_cases(duck, source)
        _lay_out_periods(duck, window)
        rows = duck.run(_counted(source, span, activities))
        [(left_out,)] = duck.run(_left_out(source, span))
    names = VALUE if source.gives == "cycle_time" else SHARE
    dated = [(start_of(period, window.calendar), *cells) for period, *cells in rows]
    found = observations(Picked(names, names), dated, window, f"{duck.where}, {source.gives}")
    return (*found[:-1], found[-1].model_copy(update={"left_out": left_out})) if found else ()


@dataclass(frozen=True, slots=True)
class _Span:
    """The window in microseconds since 1970, UTC: from `since` on, before `until`; it is read at `ready`."""

    since: int
    until: int
    ready: int

    @staticmethod
    def of(window: Window, settle: timedelta) -> "_Span":
        until = _microseconds(end_of(window.through, window.calendar))
        # None is from the first there is: before all times that a log can hold.
        first = -(2**62) if window.since is None else _microseconds(start_of(window.since, window.calendar))
        return _Span(first, until, until + settle // _MICROSECOND)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


@contextmanager
def _events(source: EventLogSource, window: Window, data_root: Path, allowance: Allowance) -> Iterator[Duck]:
    """Give DuckDB with the rows of the events' query as `answer`."""
    events = source.events
    if not isinstance(events, SqlSource):
        with offered(events, window.zone, data_root, allowance) as duck:
            duck.run(f"create temp view answer as {one_select(events.query, duck.where)}")
            yield duck
        return
    question = question_of(events, window, data_root, replace(allowance, rows=_STREAMED_EVENTS))
    if question.place.kind == "duckdb":
        from activities.sources.databases.duckdb_file import attached, query_of

        with attached(question) as duck:
            duck.run(f"create temp view answer as {query_of(question)}")
            yield duck
        return
    with opened(allowance, question.place.shown, window.zone) as duck:
        try:
            created(duck, streamed(question))
            shut(duck)
            yield duck
        except duckdb.OutOfMemoryException as error:
            cure = "The events need too much memory: take those of fewer cases, by :since."
            raise trouble(code_of(error), duck.where, str(error), cure) from None


def _find_cases(duck: Duck, source: EventLogSource) -> None:
    """Make the table `cases`: a case with its begin and its end, in microseconds, NULL while it is open."""
    duck.run(
        "create temp table cases as "  # noqa: S608 - quoted names
        "with begun as (select c, min(t) as b from event "
        f"where list_contains({quoted_list(source.starts)}, a) group by c), "
        f"ended as (select c, t from event where list_contains({quoted_list(source.ends)}, a)) "
        "select begun.c, begun.b, min(ended.t) as e "
        "from begun left join ended on ended.c = begun.c and ended.t >= begun.b group by begun.c, begun.b"
    )


def _lay_out_periods(duck: Duck, window: Window) -> None:
    """Make the table `periods`: each period's number n with its first moment, as the calendar has them."""
    [(earliest,)] = duck.run("select min(b) from cases")
    first = window.since
    if first is None:
        begin = datetime.fromtimestamp(earliest / 1e6, UTC)
        first = max(period_of(begin, window.calendar), window.through - duck.allowance.rows)
    numbers = list(range(first, window.through + 1))
    moments = [_microseconds(start_of(number, window.calendar)) for number in numbers]
    duck.run(
        "create temp table periods as select unnest($1::bigint[]) as n, unnest($2::bigint[]) as at_",
        [numbers, moments],
    )


def _counted(source: EventLogSource, span: _Span, activities: int) -> str:
    """Return the query for the numbers of each period; there are so many different activities."""
    ended = _dated("e", span)
    match source.gives:
        case "cycle_time":
            value = f"median((e - b) / {_MICROSECONDS[source.unit or 'days']})"
            rest = f"from {ended}"
        case "within_promise":
            assert source.within is not None
            value = f"count(*) filter (e - b <= {source.within // _MICROSECOND}), count(*)"
            rest = f"from {_dated('b', span)}"
        case "rework":
            # An activity repeats when there are more events than activities.
            kinds = f"bit_count(bitstring_agg(codes.n, 0, {activities}))"
            value = "count(*) filter (steps > kinds), count(*)"
            rest = (
                f"from (select p, count(*) as steps, {kinds} as kinds "  # noqa: S608 - numbers
                f"from {_steps(ended)} join codes using (a) group by p, cases.c)"
            )
        case "automated":
            value = "count(*) filter (m), count(*)"
            rest = f"from {_steps(ended)}"
        case _:
            assert_never(source.gives)
    return f"select p, {value} {rest} group by p order by p"


def _dated(column: str, span: _Span) -> str:
    """Return the cases whose begin (b) or end (e) is in the window, each with its period p."""
    return (
        f"(select c, b, e, n as p from (select * from cases where {column} >= {span.since} "  # noqa: S608
        f"and {column} < {span.until}) as dated asof join periods on {column} >= at_) as cases"
    )


def _steps(cases: str) -> str:
    """Return the events of these cases, from their begin to their end."""
    return f"{cases} join event on event.c = cases.c and t between b and e"


def _left_out(source: EventLogSource, span: _Span) -> str:
    """Return the query for how many cases are in no period because it is too early to tell."""
    if source.gives == "within_promise":
        return f"select count(*) from cases where b >= {span.until} and b < {span.ready}"  # noqa: S608
    return f"select count(*) from cases where b < {span.until} and (e is null or e >= {span.until})"  # noqa: S608

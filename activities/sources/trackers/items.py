"""From finished items to one value per period: throughput, durations, and shares."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, assert_never

from activities.sources.rows import SHARE, VALUE, Picked, observations
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.periods import end_of, period_of, start_of
from domain.sources.items import DurationUnit, Statistic

_UNITS: Mapping[str, timedelta] = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
}
# Significant digits of a duration: the trackers' own resolution is a second, in a hundred years of them.
_DIGITS = 10
_VALUE, _SHARE = Picked(VALUE, VALUE), Picked(SHARE, SHARE)

Measure = Literal[
    "throughput",
    "cycle_time",
    "lead_time",
    "share_within",
    "deployment_failure_share",
    "change_failure_share",
]


class Measured(Protocol):
    """What the charter says of how items become values; every source of a tracker says it."""

    @property
    def measure(self) -> Measure: ...  # noqa: D102
    @property
    def within(self) -> timedelta | None: ...  # noqa: D102
    @property
    def statistic(self) -> Statistic: ...  # noqa: D102
    @property
    def unit(self) -> DurationUnit: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was finished: what people call it, when its time began (None: not known) and ended."""

    name: str
    finished: datetime
    began: datetime | None = None
    failed: bool = False


def bounds(window: Window) -> tuple[datetime | None, datetime]:
    """Return the first moment asked for, None for all there is, and the first one not any more."""
    first = None if window.since is None else start_of(window.since, window.calendar)
    return first, end_of(window.through, window.calendar)


def observed(
    source: Measured,
    items: Iterable[Item],
    window: Window,
    where: str,
    counted_since: Callable[[], datetime | None],
) -> tuple[Observation, ...]:
    """Return one observation per period of the window that has a value.

    Args:
        source: what is measured.
        items: everything that was finished in the window; others are left out here.
        window: the periods asked for.
        where: the tracker and what was asked of it, for messages.
        counted_since: from when on a period without an item means that nothing was finished, None if only
            the items themselves show it; called for throughput alone.

    Raises:
        SourceFailed: `bad_series` for a time that ends before it begins, `empty` if no item has a beginning.
    """
    by_period = _by_period(items, window)
    match source.measure:
        case "throughput":
            first = _first_counted(by_period, window, counted_since)
            rows = [(p, len(by_period.get(p, ()))) for p in range(first, window.through + 1)]
            return _rows(rows, _VALUE, window, where)
        case "cycle_time" | "lead_time":
            timed = _durations(by_period, where)
            values = [(p, _summary(spans, source) / _UNITS[source.unit]) for p, spans in timed.items()]
            return _rows([(p, float(f"{v:.{_DIGITS}g}")) for p, v in values], _VALUE, window, where)
        case "share_within":
            assert source.within is not None  # the charter's model asks for it
            timed = _durations(by_period, where)
            kept = [(p, sum(s <= source.within for s in spans), len(spans)) for p, spans in timed.items()]
            return _rows(kept, _SHARE, window, where)
        case "deployment_failure_share" | "change_failure_share":
            bad = [(p, sum(i.failed for i in there), len(there)) for p, there in by_period.items()]
            return _rows(bad, _SHARE, window, where)
        case _:
            assert_never(source.measure)


def _by_period(items: Iterable[Item], window: Window) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    for item in items:
        period = period_of(item.finished, window.calendar)
        if window.holds(period):
            found.setdefault(period, []).append(item)
    return found


def _first_counted(
    by_period: Mapping[int, Sequence[Item]], window: Window, counted_since: Callable[[], datetime | None]
) -> int:
    """Return the first period that is counted: none before the first of which the tracker can know.

    A period that was only begun when counting began is not one of them, unless it has an item.
    """
    earliest = min(by_period, default=window.through + 1)
    if earliest == window.since:
        return earliest
    since = counted_since()
    if since is None:
        return earliest
    whole = period_of(since, window.calendar)
    whole += start_of(whole, window.calendar) < since
    known = min(earliest, whole)
    return known if window.since is None else max(known, window.since)


def _durations(by_period: Mapping[int, Sequence[Item]], where: str) -> dict[int, list[timedelta]]:
    found: dict[int, list[timedelta]] = {}
    for period, items in by_period.items():
        for item in items:
            if item.began is None:
                continue
            if item.finished < item.began:
                raise SourceFailed(
                    "bad_series",
                    f"{where}: {item.name} was finished at {_told(item.finished)}, before it began at "
                    f"{_told(item.began)}. Correct it there, or leave it out of what is asked for.",
                )
            found.setdefault(period, []).append(item.finished - item.began)
    if by_period and not found:
        count = sum(map(len, by_period.values()))
        raise SourceFailed(
            "empty",
            f"{where}: {count} finished, and of none is it known when its time began. "
            "Check what the charter says about the beginning.",
        )
    return found


def _summary(spans: Sequence[timedelta], source: Measured) -> timedelta:
    match source.statistic:
        case "median":
            return timedelta(seconds=statistics.median(span.total_seconds() for span in spans))
        case "mean":
            return timedelta(seconds=statistics.fmean(span.total_seconds() for span in spans))
        case "p85":
            return _nearest_rank(spans, 85)
        case "p95":
            return _nearest_rank(spans, 95)
        case _:
            assert_never(source.statistic)


def _nearest_rank(spans: Sequence[timedelta], percent: int) -> timedelta:
    """Return the smallest span that at least so many percent of them do not exceed."""
    return sorted(spans)[math.ceil(len(spans) * percent / 100) - 1]


def _rows(
    rows: Sequence[tuple[Any, ...]], columns: Picked, window: Window, where: str
) -> tuple[Observation, ...]:
    dated = [(start_of(period, window.calendar), *cells) for period, *cells in rows]
    return observations(columns, dated, window, where)


def _told(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z").strip()

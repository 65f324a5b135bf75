"""Which moments a PromQL query is asked for, and how many of them at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.sources.window import Window
from domain.periods import end_of, period_of, start_of

# Prometheus refuses more than 11,000 points a series (its web/api/v1/api.go); room for both ends.
_MOST_POINTS = 10_000
# How far back is asked where nothing was read before: few servers keep samples for longer.
_BACK = timedelta(days=3660)
# `{period}` is no selector: a selector without `=` has no meaning in PromQL.
_PERIOD = "{period}"
# `@ start()` and `@ end()` mean the ends of the whole query, so that one period's value would depend on how
# many are asked for at once.
_ENDS = re.compile(r"@\s*(?:start|end)\s*\(")


@dataclass(frozen=True, slots=True)
class Batch:
    """Periods whose ends are evenly apart and that are equally long, asked for at once."""

    periods: tuple[int, ...]
    first: int
    """End of the first period (seconds since 1970)."""
    length: int
    """Of each period, and so from one end to the next (seconds)."""

    @property
    def last(self) -> int:
        """End of the last period (seconds since 1970)."""
        return self.first + self.length * (len(self.periods) - 1)


def batches(window: Window, queries: Sequence[str]) -> tuple[Batch, ...]:
    """Return the window's periods in order, as few batches as may be."""
    alone = any(_ENDS.search(query) for query in queries)
    spans = [_span(period, window) for period in _periods(window)]
    spans = [span for span in spans if span.start < span.end]  # a zone may have left a day out
    return tuple(_batch(group) for group in _even(spans, most=1 if alone else _MOST_POINTS))


def promql(query: str, batch: Batch) -> str:
    """Return the query for a batch, with the length of its periods."""
    return query.replace(_PERIOD, f"{batch.length}s")


@dataclass(frozen=True, slots=True)
class _Span:
    period: int
    start: int
    end: int


def _span(period: int, window: Window) -> _Span:
    start, end = start_of(period, window.calendar), end_of(period, window.calendar)
    return _Span(period, _unix(start), _unix(end))


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _periods(window: Window) -> range:
    since = window.since
    if since is None:
        since = period_of(end_of(window.through, window.calendar) - _BACK, window.calendar)
    return range(since, window.through + 1)


def _even(spans: Sequence[_Span], most: int) -> Iterator[list[_Span]]:
    """Split into runs of equal length; neighbours meet, so their ends are then evenly apart, too."""
    group: list[_Span] = []
    for span in spans:
        if group and (len(group) == most or span.end - span.start != group[0].end - group[0].start):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _batch(group: list[_Span]) -> Batch:
    length = group[0].end - group[0].start
    return Batch(
        periods=tuple(span.period for span in group),
        first=group[0].end,
        length=length,
    )

"""What is new of one metric, and what is read again, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from activities.restating import restated
from activities.sources import Allowance, Window, fetch, place_of
from activities.sources.patience import patiently
from domain.errors import SourceFailed
from domain.measurement import MeasureRequest, MetricRequest, Observation
from domain.periods import label, last_closed, noun
from domain.restatement import Restatement

# Periods that one fetch asks for: twelve weeks of hours, and below what metric systems answer at once
# (Prometheus: 11,000 points). A longer outage is several fetches.
PAGE_PERIODS = 2_000
# Observations of one measurement, all metrics together: a week of hours of 50 metrics, in some 0.6 MB, with
# room under the 2 MB that a payload may have. What is beyond is measured at once after it.
OBSERVATIONS_AT_ONCE = 10_000

# What says the values of a metric's periods, as a source does at the request's moment; raises SourceFailed.
Ask = Callable[[MetricRequest, MeasureRequest, Window], tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one metric's source said.

    `through` is the newest period that it was asked for; `more` says that later ones are due, too.
    """

    through: int
    new: tuple[Observation, ...] = ()
    restated: tuple[Restatement, ...] = ()
    more: bool = False


def source_at(data_root: Path, allowance: Allowance) -> Ask:
    """Return what asks each metric's own source, as often as may help; files are those of `data_root`."""

    def ask(metric: MetricRequest, request: MeasureRequest, window: Window) -> tuple[Observation, ...]:
        del request  # a source is asked now
        return patiently(
            lambda: fetch(metric.source, window, data_root=data_root, allowance=allowance),
            place_of(metric.source),
            allowance,
        )

    return ask


def read(
    metric: MetricRequest, request: MeasureRequest, ask: Ask, told: Callable[[str], None] = lambda _: None
) -> Reading:
    """Return what is new since the metric was last seen, and what its source restates.

    `told` is told which page is read, where there are several.

    Raises:
        SourceFailed: as the source's reader; nothing of the metric is taken in then.
    """
    through = due_through(metric, request)
    again, begin = span(metric, request)
    quota = max(1, OBSERVATIONS_AT_ONCE // len(request.metrics))
    said: list[Observation] = []
    reached = through
    for page in pages(again, begin, through, min(PAGE_PERIODS, quota)):
        if page.start > again:
            told(f"{metric.name} from {label(page.start, request.calendar)} on")
        said += _said(metric, request, page, ask)
        found = sum(point.period >= begin for point in said)
        if found and found + len(page) > quota:
            reached = page.stop - 1
            break
    if metric.series.last is None and not said and begin <= through and metric.source.kind != "manual":
        raise _empty(metric, request, begin, through)
    return Reading(
        through=reached,
        new=tuple(point for point in said if point.period >= begin),
        restated=restated(metric.series, [point for point in said if point.period < begin], reached),
        more=reached < through,
    )


def due_through(metric: MetricRequest, request: MeasureRequest) -> int:
    """Return the newest period of the metric that is closed and settled."""
    return last_closed(request.as_of, request.calendar, metric.source.settle)


def span(metric: MetricRequest, request: MeasureRequest) -> tuple[int, int]:
    """Return the first period to read, and the first one that is new."""
    last = metric.series.last
    begin = request.import_from if last is None else last + 1
    if metric.source.kind == "manual":  # all that was recorded is at hand, in whatever order people did so
        oldest = min((point.period for point in metric.recorded), default=begin)
        return oldest, oldest if last is None else begin
    return begin if last is None else max(metric.series.first, begin - request.restated_within), begin


def pages(again: int, begin: int, through: int, size: int) -> Iterator[range]:
    """Yield the periods to ask for; those that are read again go with the first page."""
    stop = min(begin + size, through + 1)
    if stop > again:
        yield range(again, stop)
    while stop <= through:
        start, stop = stop, min(stop + size, through + 1)
        yield range(start, stop)


def _said(metric: MetricRequest, request: MeasureRequest, page: range, ask: Ask) -> tuple[Observation, ...]:
    window = Window(request.cadence, page.start, page.stop - 1, request.zone)
    if metric.source.kind == "manual":
        points = sorted(metric.recorded, key=lambda point: point.period)
        return tuple(point for point in points if window.holds(point.period))
    return ask(metric, request, window)


def _empty(metric: MetricRequest, request: MeasureRequest, begin: int, through: int) -> SourceFailed:
    return SourceFailed(
        "empty",
        f"{metric.name}: the source has no value for any {noun(request.cadence)} from "
        f"{label(begin, request.calendar)} to {label(through, request.calendar)}. "
        "Check the query's dates, or wait until the first one is over.",
    )

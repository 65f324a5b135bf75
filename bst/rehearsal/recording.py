"""What the sources have, read once: the same readers as a worker's, and then no source is asked again.

A journey that is rehearsed asks for the periods that were closed and settled at its own moment, and gets what
was read. What a source has corrected since is not known of the past: its numbers are those of today.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from activities.reading import PAGE_PERIODS, Ask, pages, source_at
from activities.sources import Allowance, Window, place_of
from activities.sources.hosts import Hosts
from activities.sources.secrets import Environment
from activities.turns import Call, in_turn
from bst.settings import Settings
from domain import schedule
from domain.charter import Charter
from domain.errors import SourceFailed
from domain.measurement import MeasureRequest, MetricRequest, Observation
from domain.periods import last_closed
from domain.state import State

# A stand-in for a source that is down, as the web client would say it.
DOWN: Final = "unreachable"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One metric: its values by period, and the periods that could not be read: code and sentence."""

    values: Mapping[int, Observation]
    failing: tuple[tuple[range, str, str], ...] = ()
    outages: tuple[tuple[datetime, datetime], ...] = ()

    def said(self, metric: MetricRequest, request: MeasureRequest, window: Window) -> tuple[Observation, ...]:
        """Return what the source says of the window at the request's moment.

        Raises:
            SourceFailed: the window holds a period that could not be read, or the source is down then.
        """
        for begin, end in self.outages:
            if begin <= request.as_of < end:
                raise SourceFailed(DOWN, f"{metric.name}: the source does not answer (planted outage).")
        assert window.since is not None  # a journey always says from when on
        for periods, code, sentence in self.failing:
            if periods.start <= window.through and window.since < periods.stop:
                raise SourceFailed(code, sentence)  # type: ignore[arg-type]  # a code that one was read with
        known = self.values
        return tuple(known[p] for p in range(window.since, window.through + 1) if p in known)


@dataclass(frozen=True, slots=True)
class Recording:
    """What was read of every metric, from the period `first` to `last`."""

    metrics: Mapping[str, Recorded]
    first: int
    last: int
    seconds: float = field(default=0.0, compare=False)

    def ask(self, metric: MetricRequest, request: MeasureRequest, window: Window) -> tuple[Observation, ...]:
        """Answer a measurement in the sources' place; see `activities.reading.Ask`."""
        known = self.metrics.get(metric.name)
        if known is None:
            raise SourceFailed("empty", f"{metric.name}: nothing of it was read for this rehearsal.")
        return known.said(metric, request, window)

    def with_metric(self, name: str, recorded: Recorded) -> "Recording":
        """Return the recording with another record of one metric."""
        return replace(self, metrics={**self.metrics, name: recorded})

    def newest(self, name: str) -> int | None:
        """Return the newest period with a value of a metric."""
        found = self.metrics.get(name)
        return max(found.values, default=None) if found is not None else None


def first_period(charter: Charter, start: datetime) -> int:
    """Return the first period that a journey which starts then will ask for."""
    return _first_request(charter, start).import_from


def record(
    charters: Iterable[Charter],
    start: datetime,
    until: datetime,
    settings: Settings,
    done: Callable[[str], None] = lambda _: None,
) -> Recording:
    """Read the sources once, as a worker would over the same folders, for everything that is asked later.

    Args:
        charters: whose metrics; all of them have the same sources and calendar.
        start: when the journeys start.
        until: when they end.
        settings: where the data, the secrets and the hosts are.
        done: is told each metric's name.
    """
    all_of_them = list(charters)
    request = _first_request(all_of_them[0], start).model_copy(update={"as_of": until})
    first = min(first_period(charter, start) for charter in all_of_them)
    last = last_closed(until, request.calendar, min(m.source.settle for m in request.metrics))
    allowance = Allowance(
        environment=Environment(folder=settings.secrets),
        folders=settings.folders,
        hosts=Hosts.parse(settings.source_hosts),
    )
    ask = source_at(settings.data, allowance)

    def call(metric: MetricRequest) -> Call[Recorded]:
        def read() -> Recorded:
            found = read_span(metric, request, range(first, last + 1), ask)
            done(metric.name)
            return found

        return Call(place_of(metric.source), read)

    metrics = [metric for metric in request.metrics if metric.source.kind != "manual"]
    found = in_turn([call(metric) for metric in metrics], stop=allowance.stop.set)
    return Recording({m.name: one for m, one in zip(metrics, found, strict=True)}, first, last)


def _first_request(charter: Charter, start: datetime) -> MeasureRequest:
    return schedule.measure_request(State(charter=charter, entered_at=start), start)


def read_span(metric: MetricRequest, request: MeasureRequest, span: range, ask: Ask) -> Recorded:
    """Return what a source says of the periods, and of which it says nothing because it fails."""
    values: dict[int, Observation] = {}
    failing: list[tuple[range, str, str]] = []
    for page in pages(span.start, span.start, span.stop - 1, PAGE_PERIODS):
        _read(metric, request, page, ask, values, failing)
    return Recorded(values, tuple(failing))


def _read(
    metric: MetricRequest,
    request: MeasureRequest,
    span: range,
    ask: Ask,
    values: dict[int, Observation],
    failing: list[tuple[range, str, str]],
) -> SourceFailed | None:
    """Read a span; where it fails, find out which periods it fails for, as a journey would meet them.

    Where both halves fail in the same words, all of it fails: a file that is not there is asked three times.
    """
    try:
        said = ask(metric, request, Window(request.cadence, span.start, span.stop - 1, request.zone))
    except SourceFailed as failure:
        if len(span) > 1:
            half = span.start + len(span) // 2
            ours: list[tuple[range, str, str]] = []
            whys = [
                _read(metric, request, part, ask, values, ours)
                for part in (range(span.start, half), range(half, span.stop))
            ]
            if not all(why is not None and str(why) == str(failure) for why in whys):
                failing += ours
                return None
        failing.append((span, failure.source_code, str(failure)))
        return failure
    # How many cases were too young to count is known of today alone.
    values.update({point.period: point.model_copy(update={"left_out": None}) for point in said})
    return None

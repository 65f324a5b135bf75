"""A charter's sources, read from where somebody stands: what the worker's first measurement would give."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from activities.measure import measure_all
from activities.points import chart_of
from activities.sources import Allowance
from activities.sources.hosts import Hosts
from activities.sources.secrets import Environment
from bst.settings import Settings
from domain import schedule
from domain.chart import Scale, control_chart, marks_of
from domain.charter import Charter, Layer, Measure
from domain.errors import NotUnderstood
from domain.finding import nearest
from domain.measurement import (
    Chart,
    FrozenLimits,
    MeasureRequest,
    MetricEvidence,
    MetricRequest,
    MetricResult,
    Observation,
    Series,
    SourceTrouble,
)
from domain.periods import Cadence, Calendar, label, last_closed, noun, period_of_day
from domain.series import Point
from domain.state import State
from domain.telling import CHARTS
from domain.wording import counted, figure, named

# Newest values that are shown: enough to compare with what one knows by heart.
NEWEST: Final = 5


class Value(BaseModel):
    """One period's value."""

    period: str
    value: float
    denominator: float | None = None


class MetricTrial(BaseModel):
    """What one metric's source gave."""

    model_config = ConfigDict(frozen=True)

    metric: str
    layer: Layer
    kind: str
    ok: bool
    seconds: float
    observations: int = 0
    first: str | None = None
    last: str | None = None
    gaps: tuple[str, ...] = ()
    newest: tuple[Value, ...] = ()
    chart: Chart | None = None
    limits: FrozenLimits | None = None
    limits_need: int = 0
    """How many more observations it takes until limits are frozen."""
    trouble: SourceTrouble | None = None


class Trial(BaseModel):
    """All that was read, and where from."""

    model_config = ConfigDict(frozen=True)

    team: str
    cadence: Cadence
    zone: str
    data: str
    secrets: str | None
    since: str
    through: str
    seconds: float
    ok: bool
    metrics: tuple[MetricTrial, ...]


class Tried:
    """A trial with what its pictures are drawn from."""

    def __init__(self, trial: Trial, request: MeasureRequest, results: dict[str, MetricResult]) -> None:
        """Keep what was asked and answered."""
        self.trial, self._request, self._results = trial, request, results

    def picture(self, metric: str, width: int) -> str:
        """Return the chart of a metric, or nothing where there is no value."""
        asked = next(one for one in self._request.metrics if one.name == metric)
        found = self._results[metric]
        series = Series().extended(found.observations)
        if not series.values:
            return ""
        evidence: MetricEvidence | None = found.evidence
        scale = Scale(asked.unit, asked.measure, asked.target)
        limits = None if evidence is None else evidence.limits
        marks = marks_of(evidence, frozenset())
        return control_chart(series, limits, self._request.calendar, scale, marks, width=width)


def request_of(
    charter: Charter, now: datetime, metric: str | None = None, since: date | None = None
) -> MeasureRequest:
    """Return what a journey that starts now would ask for, of one metric or of all.

    Args:
        charter: the charter.
        now: the moment after which nothing is known yet.
        metric: one metric's name, whatever its case.
        since: read from the period of this day on instead of from where a journey would.

    Raises:
        NotUnderstood: the charter has no such metric, or `since` is not over yet.
    """
    request = schedule.measure_request(State(charter=charter, entered_at=now), now)
    known = {one.name.casefold(): one for one in request.metrics}
    if metric is not None:
        if metric.casefold() not in known:
            names = [one.name for one in request.metrics]
            hint = nearest(metric, names) or "."
            raise NotUnderstood(f"There is no metric {metric!r}{hint} The charter has {named(names)}.")
        request = request.model_copy(update={"metrics": (known[metric.casefold()],)})
    if since is not None:
        first, through = period_of_day(since, charter.calendar), _through(request)
        if first > through:
            raise NotUnderstood(
                f"--since is in the {noun(charter.cadence)} of {label(first, charter.calendar)}, but the "
                f"newest one that is over and settled is that of {label(through, charter.calendar)}."
            )
        request = request.model_copy(update={"import_from": first})
    return request


def tried(request: MeasureRequest, settings: Settings, done: Callable[[str], None] = lambda _: None) -> Tried:
    """Read the sources as the worker does, over the same folders; `done` is told each metric's name."""
    seconds: dict[str, float] = {}

    def took(result: MetricResult, for_s: float) -> None:
        seconds[result.name] = for_s
        done(result.name)

    began = time.monotonic()
    allowance = Allowance(
        environment=Environment(folder=settings.secrets),
        folders=settings.folders,
        hosts=Hosts.parse(settings.source_hosts),
    )
    answer = measure_all(request, settings.data, allowance=allowance, done=took)
    results = {result.name: result for result in answer.results}
    metrics = tuple(
        _trial(metric, results[metric.name], seconds[metric.name], request) for metric in request.metrics
    )
    trial = Trial(
        team=request.team,
        cadence=request.cadence,
        zone=request.zone,
        data=str(settings.data),
        secrets=None if settings.secrets is None else str(settings.secrets),
        since=label(request.import_from, request.calendar),
        through=label(_through(request), request.calendar),
        seconds=round(time.monotonic() - began, 3),
        ok=all(metric.ok for metric in metrics),
        metrics=metrics,
    )
    return Tried(trial, request, results)


def now() -> datetime:
    """Return the present moment, which decides what is over."""
    return datetime.now(UTC)


def sentences(trial: MetricTrial, request: MetricRequest, calendar: Calendar) -> Iterator[str]:
    """Yield what was found, a line each, for people."""
    if trial.first is None:
        if request.source.kind == "manual":
            yield "recorded by members, with `bst record`, once the journey runs"
        return
    yield f"{counted(trial.observations, calendar.cadence)}, {trial.first} to {trial.last}"
    if trial.gaps:
        shown = ", ".join(trial.gaps[: NEWEST * 2])
        more = f" and {len(trial.gaps) - NEWEST * 2} more" if len(trial.gaps) > NEWEST * 2 else ""
        yield f"without a value: {shown}{more}"
    values = ", ".join(f"{_value(value, request.unit, request.measure)}" for value in trial.newest)
    yield f"newest: {values}"
    if trial.chart is not None:
        if trial.limits is not None:
            first, last = (label(end, calendar) for end in (trial.limits.first, trial.limits.last))
            later = f"its limits frozen on {trial.limits.n} points, {first} to {last}"
        else:
            later = f"limits after {trial.limits_need} more"
        yield f"{CHARTS[trial.chart]}; {later}"


def _value(value: Value, unit: str, measure: Measure) -> str:
    of = "" if value.denominator is None else f" of {value.denominator:g}"
    return f"{figure(value.value, unit, measure)}{of} ({value.period})"


def _through(request: MeasureRequest) -> int:
    settled = (metric.source.settle for metric in request.metrics)
    return max(last_closed(request.as_of, request.calendar, settle) for settle in settled)


def _trial(
    metric: MetricRequest, result: MetricResult, seconds: float, request: MeasureRequest
) -> MetricTrial:
    found, calendar = result.observations, request.calendar
    plain = MetricTrial(
        metric=metric.name,
        layer=metric.layer,
        kind=metric.source.kind,
        ok=result.trouble is None,
        seconds=round(seconds, 3),
        trouble=result.trouble,
    )
    if not found:
        return plain
    limits = None if result.evidence is None else result.evidence.limits
    through = last_closed(request.as_of, calendar, metric.source.settle)
    there = {observation.period for observation in found}
    gaps = (period for period in range(found[0].period, through + 1) if period not in there)
    return plain.model_copy(
        update={
            "observations": len(found),
            "first": label(found[0].period, calendar),
            "last": label(found[-1].period, calendar),
            "gaps": tuple(label(period, calendar) for period in gaps),
            "newest": tuple(_shown(observation, calendar) for observation in found[-NEWEST:]),
            "chart": chart_of(metric, tuple(Point.of(observation) for observation in found)),
            "limits": limits,
            "limits_need": 0
            if limits is not None
            else max(request.stability.baseline_points - len(found), 0),
        }
    )


def _shown(observation: Observation, calendar: Calendar) -> Value:
    return Value(
        period=label(observation.period, calendar),
        value=observation.value,
        denominator=observation.denominator,
    )

"""The whole history of each metric: the state carries a tail of it, a report shows all that was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from domain import events as e
from domain.charter import Charter
from domain.measurement import Control, FrozenLimits, MetricEvidence, MetricResult, Observation
from domain.periods import period_of
from domain.readings import Meaning
from domain.state import Gauge, State, Trouble, gauges


@dataclass(frozen=True, slots=True)
class Phase:
    """Frozen limits and the periods that they speak of; `last` is None while they are in force."""

    limits: FrozenLimits
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Break:
    """Where limits were frozen anew: from which period on, why, and who signed it."""

    first: int
    at: datetime
    cause: str
    signed: str


@dataclass(frozen=True, slots=True)
class Track:
    """One metric with everything that was recorded of it, as it is known now."""

    gauge: Gauge
    points: tuple[Observation, ...]
    phases: tuple[Phase, ...]
    breaks: tuple[Break, ...]
    meanings: dict[int, Meaning]
    explained: dict[int, str]
    restated: frozenset[int]
    begun_anew: datetime | None
    evidence: MetricEvidence | None
    limits: FrozenLimits | None
    trouble: Trouble | None

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.gauge.name

    @property
    def newest(self) -> Observation | None:
        """The newest observation, if there is any."""
        return self.points[-1] if self.points else None


@dataclass
class Recording:
    """What has been collected of one metric so far."""

    points: dict[int, Observation] = field(default_factory=dict)
    limits: list[FrozenLimits | None] = field(default_factory=list)
    ends: list[int | None] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    meanings: dict[int, tuple[Meaning, FrozenLimits | None]] = field(default_factory=dict)
    explained: dict[int, str] = field(default_factory=dict)
    restated: set[int] = field(default_factory=set)
    begun_anew: datetime | None = None


Recordings = dict[str, Recording]


def record(recordings: Recordings, event: e.Event, before: State | None, after: State, at: datetime) -> None:
    """Take one event into the recordings; `before` and `after` are the states around it."""
    match event:
        case e.Measured(result=result):
            known = {gauge.name for gauge in gauges(after.charter)}
            for metric in result.results:
                if metric.name in known:
                    _measured(recordings.setdefault(metric.name, Recording()), metric)
        case e.SignalExplained(metric=metric, period=period, cause=cause):
            recordings.setdefault(metric, Recording()).explained[period] = cause
        case e.LimitsRebased() if before is not None:
            signed = _signed(before.charter, event.by)
            found = Break(first=event.first, at=at, cause=event.cause, signed=signed)
            recordings.setdefault(event.metric, Recording()).breaks.append(found)
        case e.CharterAmended() if before is not None:
            _amended(recordings, event, before, at)
        case _:
            pass
    _limits(recordings, event, before, after, at)


def tracks(recordings: Recordings, state: State) -> tuple[Track, ...]:
    """Return the metrics of the charter as it is now, the outcome first."""
    return tuple(
        _track(recordings.get(gauge.name, Recording()), gauge, state) for gauge in gauges(state.charter)
    )


def _measured(recording: Recording, metric: MetricResult) -> None:
    """Correct what was known, add what is newer, and keep what the newest look says of each point."""
    newest = max(recording.points, default=None)
    for now in metric.restated:
        if newest is None or now.period > newest:
            continue
        recording.restated.add(now.period)
        if now.after is None:
            recording.points.pop(now.period, None)
        else:
            told = Observation(period=now.period, value=now.after, denominator=now.after_of)
            recording.points[now.period] = told
    later = [o for o in metric.observations if newest is None or o.period > newest]
    recording.points |= {o.period: o for o in later}
    if metric.evidence is not None and metric.evidence.control is not None:
        _judged(recording, metric.evidence.control, metric.evidence.limits)


def _judged(recording: Recording, found: Control, limits: FrozenLimits | None) -> None:
    first, last = found.window
    for period in [p for p in recording.meanings if first <= p <= last]:
        del recording.meanings[period]
    for signal in found.signals:
        for period in signal.periods:
            # What is a concern by one rule stays one, whatever another rule calls it.
            if recording.meanings.get(period) != ("concern", limits):
                recording.meanings[period] = (signal.meaning, limits)
    if not found.signals:  # recorded before signals were told by rule
        recording.meanings |= dict.fromkeys({*found.outside, *found.runs}, ("improvement", limits))
        recording.meanings |= dict.fromkeys(found.bad, ("concern", limits))


def _amended(recordings: Recordings, event: e.CharterAmended, before: State, at: datetime) -> None:
    """A metric that changed is another number from now on, and begins anew."""
    kept = {gauge.name for gauge in gauges(event.charter)} - set(event.changed)
    for name in [name for name in recordings if name not in kept]:
        again = name in {gauge.name for gauge in gauges(event.charter)} and bool(recordings[name].points)
        recordings[name] = Recording(begun_anew=at if again else None)
    for name in event.rebased:
        if name in kept and name in before.limits:
            found = Break(
                first=period_of(at, event.charter.calendar),
                at=at,
                cause=f"the charter was amended: {event.reason}",
                signed=_signed(before.charter, ""),
            )
            recordings.setdefault(name, Recording()).breaks.append(found)


def _limits(recordings: Recordings, event: e.Event, before: State | None, after: State, at: datetime) -> None:
    """Keep each set of limits that a state has had, with where it ended when it ended before the next."""
    for name in {*after.limits, *({} if before is None else before.limits)}:
        recording = recordings.setdefault(name, Recording())
        now = after.limits.get(name)
        last = recording.limits[-1] if recording.limits else None
        if now == last:
            continue
        recording.limits.append(now)
        recording.ends.append(_end(event, now, after, at))
        if isinstance(event, e.StageEntered) and now is not None and last is not None:
            passed = f"the gate of {event.previous} was passed"
            recording.breaks.append(Break(now.first, at, passed, _signed(after.charter, "")))


def _end(event: e.Event, now: FrozenLimits | None, after: State, at: datetime) -> int | None:
    """Return the first period that dropped limits speak of no longer; None where they were not dropped."""
    if now is not None:
        return None
    return event.first if isinstance(event, e.LimitsRebased) else period_of(at, after.charter.calendar)


def _signed(charter: Charter, by: str) -> str:
    """Say who signed: everybody, on the proposal of a function; no person stands next to an outcome."""
    everybody = f"signed by all {len(charter.members)} members"
    function = charter.members.get(by)
    return everybody if function is None else f"{everybody}, proposed by {function}"


def _track(recording: Recording, gauge: Gauge, state: State) -> Track:
    phases = tuple(_phases(recording))
    return Track(
        gauge=gauge,
        points=tuple(recording.points[period] for period in sorted(recording.points)),
        phases=phases,
        breaks=tuple(recording.breaks),
        meanings=dict(_meanings(recording, phases)),
        explained=dict(sorted(recording.explained.items())),
        restated=frozenset(recording.restated),
        begun_anew=recording.begun_anew,
        evidence=state.evidence.get(gauge.name),
        limits=state.limits.get(gauge.name),
        trouble=state.trouble.get(gauge.name),
    )


def _meanings(recording: Recording, phases: tuple[Phase, ...]) -> Iterable[tuple[int, Meaning]]:
    """Yield what each point means by the limits that are drawn at it.

    What it meant by limits before them shows as the step from those to these.
    """
    for period, (meaning, limits) in recording.meanings.items():
        phase = phase_at(phases, period)
        if phase is None or limits is None or phase.limits == limits:
            yield period, meaning


def phase_at(phases: Iterable[Phase], period: int) -> Phase | None:
    """Return the phase that a period lies in, if any."""
    return next((p for p in phases if p.first <= period and (p.last is None or period <= p.last)), None)


def _phases(recording: Recording) -> Iterable[Phase]:
    """Yield the limits in order, each until the next begins; those replaced as a whole are gone."""
    found: list[Phase] = []
    for limits, end in zip(recording.limits, recording.ends, strict=True):
        begin = end if limits is None else limits.first
        assert begin is not None  # limits that were dropped have their end
        found = [
            replace(phase, last=begin - 1) if phase.last is None or phase.last >= begin else phase
            for phase in found
            if phase.first < begin
        ]
        if limits is not None:
            found.append(Phase(limits, limits.first, None))
    assert all(one.last is not None and one.last < two.first for one, two in pairwise(found))
    return found

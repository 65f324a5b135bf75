"""A small journey in memory: the examples of the criteria are judged by the very rules of real ones.

Numbers are given instead of read; everything else is what a worker does: the request is the journey's, the
evidence is computed by the activity's functions, and every event is decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from activities.contribution import with_contributions
from activities.judge import judge_metric
from domain.charter import Charter, Stage
from domain.commands import ConfirmOutcome, GiveConsent, OfMembers, RecordMeasurement, StartJourney
from domain.decide import decide, fold
from domain.measurement import MeasureResult, MetricResult, Observation
from domain.periods import end_of, last_closed, period_of
from domain.schedule import measure_request
from domain.state import State
from domain.verdicts import Verdict

# When the examples' journeys begin: everything before is imported.
BEGUN = datetime(2026, 11, 23, tzinfo=UTC)
# A value, or a value with its cases, or a period without one.
Value = float | tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Played:
    """Where an example's journey stands."""

    state: State

    def verdict(self, criterion: str) -> Verdict:
        """Return the verdict of this code."""
        assert self.state.gate is not None
        return next(v for v in self.state.gate.verdicts if v.criterion == criterion)


def play(
    charter: Charter,
    before: Mapping[str, Sequence[Value]],
    after: Mapping[str, Sequence[Value]] | None = None,
    *,
    stage: Stage = "stability",
    asked: OfMembers | None = None,
) -> Played:
    """Return the journey after its metrics had these values, the newest in the week before it began.

    For a later stage, everybody consents as soon as a gate opens, and `after` comes week by week. At the end
    a member does what is `asked`, and everybody consents where it opens a ballot.
    """
    state = fold(None, decide(None, StartJourney(charter=charter), BEGUN))
    assert state is not None
    now = BEGUN
    for member in charter.members:
        state = _do(state, ConfirmOutcome(by=member), now)
    start = period_of(BEGUN, charter.calendar)
    known = {name: _observed(values, start - len(values)) for name, values in before.items()}
    for name, values in (after or {}).items():
        known[name] = known.get(name, ()) + _observed(values, start)
    weeks = max((len(values) for values in (after or {}).values()), default=0)
    for week in range(weeks + 1):
        now = max(now, end_of(start - 1 + week, charter.calendar))
        state = _settled(state, known, now, stage)
    return Played(state if asked is None else _agreed(state, asked, now))


def _agreed(state: State, asked: OfMembers, now: datetime) -> State:
    open_before = {ballot.id for ballot in state.ballots}
    state = _do(state, asked, now)
    for ballot in (ballot for ballot in state.ballots if ballot.id not in open_before):
        for member in ballot.waiting_for:
            state = _do(state, GiveConsent(by=member, ballot=ballot.id), now)
    return state


def _settled(
    state: State, known: Mapping[str, tuple[Observation, ...]], now: datetime, stage: Stage
) -> State:
    """Measure, and let everybody consent to what opens, until the stage is reached and measured."""
    for _ in range(4):  # stages there are; each is measured once more when it is entered
        state = _do(state, _measured(state, known, now), now)
        if state.stage == stage or state.advance_ballot is None:
            if state.measures_served >= state.measures_wanted:
                return state
            continue
        ballot = state.advance_ballot.id
        for member in state.charter.members:
            state = _do(state, GiveConsent(by=member, ballot=ballot), now)
    return state


def _measured(state: State, known: Mapping[str, tuple[Observation, ...]], now: datetime) -> RecordMeasurement:
    request = measure_request(state, now)
    through = last_closed(now, state.charter.calendar, request.metrics[0].source.settle)
    results = []
    for metric in request.metrics:
        newest = metric.series.last
        new = tuple(
            o
            for o in known.get(metric.name, ())
            if o.period <= through and (newest is None or o.period > newest)
        )
        results.append(
            MetricResult(name=metric.name, observations=new, evidence=judge_metric(metric, new, request))
        )
    found = with_contributions(tuple(results), request)
    return RecordMeasurement(
        result=MeasureResult(serves=request.serves, as_of=now, through=through, results=found)
    )


def _observed(values: Sequence[Value], first: int) -> tuple[Observation, ...]:
    return tuple(
        Observation(period=first + i, value=value[0], denominator=value[1])
        if isinstance(value, tuple)
        else Observation(period=first + i, value=value)
        for i, value in enumerate(values)
        if value is not None
    )


def _do(state: State, command: object, now: datetime) -> State:
    after = fold(state, decide(state, command, now))  # type: ignore[arg-type]
    assert after is not None
    return after

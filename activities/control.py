"""The newest points against frozen limits: which are signals, by which rules, and how rare that is."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from activities.points import better_on, open_mark, plain, since, sizes_of, values_of
from domain.charter import Direction
from domain.charting import BETWEEN_EVENTS, RuleSet
from domain.measurement import Control, FrozenLimits, MeasureRequest, MetricRequest, Point
from domain.readings import SignalFound
from evidence.limits import distances, limits_at
from evidence.quantise import quantise
from evidence.rarity import rarity
from evidence.rules import find_in_distances, meaning
from evidence.signals import RUN_LENGTH, judge_distances

# In these stages the present level is judged from the stage's beginning on; in stability, from the frozen
# points on, however often the team comes back to it.
_LATER_STAGES = frozenset({"optimization", "innovation"})
_OUTSIDE = "outside the limits"
_UNUSABLE = "unusable"


class Found(NamedTuple):
    """Periods that are signals: beyond the limits, by another rule, and those of both for the worse."""

    outside: tuple[int, ...]
    patterns: tuple[int, ...]
    bad: tuple[int, ...]
    signals: tuple[SignalFound, ...]


def later_marks(
    points: tuple[Point, ...],
    marks: tuple[Point, ...],
    limits: FrozenLimits,
    explained: frozenset[int],
    begin: int,
) -> tuple[Point, ...]:
    """Return the marks from a period on, the time since the last event among them when that is decided."""
    if limits.chart not in BETWEEN_EVENTS:
        return since(marks, begin)
    return since((*marks, *open_mark(points, limits.chart, explained, plain_centre(limits))), begin)


def plain_centre(limits: FrozenLimits) -> float:
    """Return the centre in the unit of the chart's marks."""
    return limits_at(plain(limits), 1.0)[1]


def judged_begin(limits: FrozenLimits, context: MeasureRequest) -> int:
    """Return the first period that may be judged: after the frozen ones, and of the stage where one began."""
    begin = limits.last + 1
    if context.stage in _LATER_STAGES and context.stage_since is not None:
        begin = max(begin, context.stage_since)
    return begin


class Judged(NamedTuple):
    """The marks that may be judged, `later`, and those that are, the newest: any year has some signal.

    `away` has their distances from the frozen centre, as `evidence.limits.distances` gives them.
    """

    control: Control | None = None
    later: tuple[Point, ...] = ()
    away: tuple[float, ...] = ()
    window: tuple[Point, ...] = ()

    @property
    def window_away(self) -> tuple[float, ...]:
        """The distances of the window's marks: they are the newest."""
        return self.away[len(self.away) - len(self.window) :]


def control(
    points: tuple[Point, ...],
    marks: tuple[Point, ...],
    limits: FrozenLimits | None,
    request: MetricRequest,
    context: MeasureRequest,
) -> Judged:
    """Return what the newest points say, with the points."""
    if limits is None:
        return Judged()
    explained, need = frozenset(request.explained), context.stability.judged_points
    begin = judged_begin(limits, context)
    later = later_marks(points, marks, limits, explained, begin)
    away = away_of(later, limits)
    window, judged = later[-need:], min(len(later), need)
    if limits.chart in BETWEEN_EVENTS and points:
        judged, window = _by_time(later, limits, points[-1].period - begin + 1, need)
    if not judged:
        return Judged(None, later, away)
    looked = Judged(None, later, away, window)
    rules, length = request.chart.rules, context.stability.run_length
    found = signals_at(window, looked.window_away, limits, request.direction, rules, run_length=length)
    newest = window[-1].denominator if window else None
    lower, _, upper = limits_at(plain(limits), newest)
    first = window[0].period if window else begin
    said = Control(
        judged=judged,
        window=(first, window[-1].period if window else points[-1].period),
        outside=found.outside,
        runs=found.patterns,
        bad=found.bad,
        lower=quantise(lower),
        upper=quantise(upper),
        rules=rules,
        signals=found.signals,
        once_in=_once_in(window, found, limits, rules),
    )
    return looked._replace(control=said)


def _once_in(window: Sequence[Point], found: Found, limits: FrozenLimits, rules: RuleSet) -> int | None:
    """Return in how many periods a stable process would show as much about once: on the side for the worse.

    None where nothing was found, and for rules whose chances nobody has worked out.
    """
    marked = {*found.outside, *found.patterns}
    if not marked or rules != "gate" or limits.chart in BETWEEN_EVENTS:
        return None
    side = set(found.bad) or marked
    outside = len(side & set(found.outside))
    patterned = side & set(found.patterns)
    runs = groupby(mark.period in patterned for mark in window)
    longest = max((len(list(group)) for in_run, group in runs if in_run), default=0)
    return rarity(limits.n, len(window), outside=outside, longest_run=longest).once_in


def _by_time(
    marks: tuple[Point, ...], limits: FrozenLimits, elapsed: int, need: int
) -> tuple[int, tuple[Point, ...]]:
    """Judge rare events by the time in which the frozen ones would have brought so many.

    Counting events would never judge a team that has got rid of them.
    """
    spacing = max((limits.last - limits.first) / max(limits.n - 1, 1), 1.0)
    newest = max((mark.period for mark in marks), default=0)
    window = tuple(mark for mark in marks if mark.period > newest - need * spacing)[-2 * need :]
    return max(min(int(elapsed / spacing), need), 0), window


def away_of(marks: Sequence[Point], limits: FrozenLimits) -> tuple[float, ...]:
    """Return how far above the frozen centre each mark lies, in its own standard deviations."""
    if not marks:
        return ()
    return tuple(distances(values_of(marks), sizes_of(marks, limits.chart), plain(limits)).tolist())


def signals_in(
    marks: Sequence[Point],
    limits: FrozenLimits,
    direction: Direction,
    rules: RuleSet,
    *,
    run_length: int = RUN_LENGTH,
) -> Found:
    """Return the periods of the marks that are signals; `direction` is that of the observations."""
    return signals_at(marks, away_of(marks, limits), limits, direction, rules, run_length=run_length)


def signals_at(
    marks: Sequence[Point],
    away: Sequence[float],
    limits: FrozenLimits,
    direction: Direction,
    rules: RuleSet,
    *,
    run_length: int = RUN_LENGTH,
) -> Found:
    """Return the same for marks so far away from the centre."""
    better = better_on(limits.chart, direction)

    def periods(indices: Sequence[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(marks[i].period for i in sorted(indices)))

    if rules == "gate":
        gate = judge_distances(away, direction=better, run_length=run_length)
        if not gate.outside and not gate.runs:
            return Found((), (), (), ())
        named = ((_OUTSIDE, gate.outside), (f"{run_length} on one side", gate.runs))
        bad = set(gate.bad)
        signals = tuple(
            SignalFound(rule=rule, periods=periods(chosen), meaning=sense)
            for rule, indices in named
            for sense, chosen in (
                ("concern", [i for i in indices if i in bad]),
                ("improvement", [i for i in indices if i not in bad]),
            )
            if chosen
        )
        return Found(periods(gate.outside), periods(gate.runs), periods(gate.bad), signals)
    groups: dict[tuple[str, str], set[int]] = {}
    for signal in find_in_distances(away, rules):
        groups.setdefault((signal.rule, meaning(signal, better)), set()).update(signal.points)
    outside = {i for (rule, _), at in groups.items() if rule in {_OUTSIDE, _UNUSABLE} for i in at}
    everything = {i for at in groups.values() for i in at}
    # What is neither better nor worse (alternating, hugging the centre) is a signal, and not for the worse.
    worse = {i for (_, sense), at in groups.items() if sense == "concern" for i in at}
    return Found(
        periods(tuple(outside)),
        periods(tuple(everything - outside)),
        periods(tuple(worse)),
        tuple(
            SignalFound.model_validate({"rule": rule, "periods": periods(tuple(at)), "meaning": sense})
            for (rule, sense), at in groups.items()
        ),
    )


def streaks(
    staged: Sequence[Point], judged: Judged, limits: FrozenLimits | None, request: MetricRequest
) -> tuple[int, int]:
    """Count the newest bad periods in a row (outside for the worse, or a broken promise), or good ones.

    One of the two is 0. A run does not count here: it says that the centre moved, perhaps long ago, not that
    this period was bad.
    """
    worse: set[int] = set()
    if limits is not None:
        signals = judge_distances(judged.away, direction=better_on(limits.chart, request.direction))
        worse = {judged.later[i].period for i in set(signals.outside) & set(signals.bad)}
    if not worse and request.promise is None:
        return 0, len(staged)
    bad = (point.period in worse or not keeps(point, request) for point in reversed(staged))
    is_bad, newest = next(((first, sum(1 for _ in same)) for first, same in groupby(bad)), (False, 0))
    return (newest, 0) if is_bad else (0, newest)


def keeps(point: Point, request: MetricRequest) -> bool:
    """Return whether the period kept the promise; without a promise none is broken."""
    return request.promise is None or at_least(point.value, request.promise, request.direction)


def at_least(value: float, level: float, direction: Direction) -> bool:
    """Return whether a value is at a level or on its good side."""
    return value >= level if direction == "up" else value <= level

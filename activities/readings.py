"""What the criteria of a team's own ask of a metric: counts and numbers, no verdicts.

Explained points do not count here, as nowhere in a gate but at the target.
"""

from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import NamedTuple, assert_never

from activities.control import judged_begin, later_marks, signals_in
from activities.described import specification
from activities.margins import margin_on_scale
from activities.points import plain, scaled, since, unexplained, values_of
from domain.charting import Chart
from domain.criterion import Assured, Better, Capable, Control, Data, Kept, Level, Measured, Runs, key_of
from domain.measurement import FrozenLimits, Improvement, MeasureRequest, MetricRequest, Point
from domain.readings import Reading
from evidence.capability import NotStable, capability, promise_kept
from evidence.icons import assurance
from evidence.quantise import quantise
from evidence.runchart import run_chart
from evidence.series import BadSeries, NotEnoughPoints


class Asked(NamedTuple):
    """One metric as its criteria see it; `through` is the newest period that is closed and settled."""

    request: MetricRequest
    context: MeasureRequest
    points: tuple[Point, ...]
    marks: tuple[Point, ...]
    chart: Chart
    limits: FrozenLimits | None
    through: int
    improvement: Improvement | None

    @property
    def explained(self) -> frozenset[int]:
        """The periods that do not count."""
        return frozenset(self.request.explained)

    def newest(self, of: int) -> tuple[Point, ...]:
        """The newest observations that count."""
        return unexplained(self.points, self.explained)[-of:]


def readings(asked: Asked) -> tuple[Reading, ...]:
    """Return a reading for each criterion about this metric."""
    return tuple(_reading(criterion, asked) for criterion in asked.request.criteria)


def _reading(criterion: Measured, asked: Asked) -> Reading:  # noqa: C901, PLR0911 - one case per kind
    key = key_of(criterion)
    try:
        match criterion:
            case Level():
                return _level(criterion, key, asked)
            case Control():
                return _control(criterion, key, asked)
            case Runs():
                return _runs(criterion, key, asked)
            case Kept():
                return _kept(criterion, key, asked)
            case Capable():
                return _capable(criterion, key, asked)
            case Assured():
                return _assured(criterion, key, asked)
            case Better():
                return _better(criterion, key, asked)
            case Data():
                return _data(criterion, key, asked)
            case _:
                assert_never(criterion)
    except NotStable:
        return Reading(key=key, seen=0, obstacle="the process is not stable, so this would predict nothing")
    except (NotEnoughPoints, BadSeries) as reason:
        return Reading(key=key, seen=0, obstacle=str(reason).rstrip("."))


def _level(criterion: Level, key: str, asked: Asked) -> Reading:
    def good(value: float) -> bool:
        if criterion.at_least is not None:
            return value >= criterion.at_least
        return criterion.at_most is not None and value <= criterion.at_most

    points = asked.newest(criterion.of)
    return _counted(key, [(point.period, good(point.value)) for point in points])


def _control(criterion: Control, key: str, asked: Asked) -> Reading:
    limits = _frozen(asked)
    begin = judged_begin(limits, asked.context)
    marks = later_marks(asked.points, asked.marks, limits, asked.explained, begin)[-criterion.of :]
    found = signals_in(marks, limits, asked.request.direction, criterion.rules)
    against = set(found.bad) if criterion.worse_only else {*found.outside, *found.patterns}
    return _counted(key, [(mark.period, mark.period not in against) for mark in marks])


def _runs(criterion: Runs, key: str, asked: Asked) -> Reading:
    marks = asked.marks[-criterion.of :]
    if len(marks) < criterion.of:
        return Reading(key=key, seen=len(marks))
    found = run_chart(scaled(marks, asked.chart))
    words = (
        f"longest run {found.longest_run} (at most {found.longest_run_max}), "
        f"{found.crossings} crossings (at least {found.crossings_min})"
    )
    return Reading(key=key, seen=len(marks), number=float(found.signal), word=words)


def _kept(criterion: Kept, key: str, asked: Asked) -> Reading:
    promise, direction = asked.request.promise, asked.request.direction
    if promise is None:
        raise BadSeries("The charter states no promise.")
    points = asked.newest(criterion.of)
    found = promise_kept(values_of(points), promise, direction)
    sign = 1 if direction == "up" else -1
    reading = _counted(key, [(point.period, sign * (point.value - promise) >= 0) for point in points])
    share = found.low if criterion.surely else found.share
    return reading.model_copy(update={"number": quantise(share)})


def _capable(criterion: Capable, key: str, asked: Asked) -> Reading:
    limits, lower, upper = _frozen(asked), criterion.lower, criterion.upper
    if lower is None and upper is None:
        lower, upper = specification(asked.request)
    present = since(asked.marks, limits.first)
    found = capability(values_of(present), lower=lower, upper=upper, chart=limits.chart)
    index = found.cpk if criterion.index == "cpk" else found.ppk
    return Reading(key=key, seen=len(present), number=quantise(index))


def _assured(criterion: Assured, key: str, asked: Asked) -> Reading:
    limits = _frozen(asked)
    target = asked.request.target if criterion.target is None else criterion.target
    if target is None:
        raise BadSeries("No target is stated for this metric: say `target` in the criterion.")
    need = asked.context.stability.judged_points
    begin = judged_begin(limits, asked.context)
    marks = later_marks(asked.points, asked.marks, limits, asked.explained, begin)[-need:]
    if len(marks) < need:
        return Reading(key=key, seen=len(marks))
    found = signals_in(marks, limits, asked.request.direction, asked.request.chart.rules)
    if found.outside or found.patterns:
        raise NotStable("The process is not stable, so its limits promise nothing.")
    word = assurance(plain(limits), marks[-1].denominator, target, asked.request.direction)
    return Reading(key=key, seen=len(marks), word=word)


def _better(criterion: Better, key: str, asked: Asked) -> Reading:
    found, baseline = asked.improvement, asked.request.baseline
    if found is None or baseline is None:
        raise NotEnoughPoints("No look is due yet.")
    beyond = margin_on_scale(criterion.margin, baseline.limits, asked.request, towards_better=True)
    return Reading(key=key, seen=found.n_after, number=quantise(found.shift_low - beyond))


def _data(criterion: Data, key: str, asked: Asked) -> Reading:
    there = {point.period: point for point in asked.points}

    def sound(period: int) -> bool:
        point = there.get(period)
        if point is None or criterion.cases is None:
            return point is not None
        return point.denominator is not None and point.denominator >= criterion.cases

    span = range(asked.through - criterion.of + 1, asked.through + 1)
    return _counted(key, [(period, sound(period)) for period in span])


def _counted(key: str, results: Sequence[tuple[int, bool]]) -> Reading:
    """Return the counts of periods that are good or not, in order of time."""
    in_a_row = (
        len(list(group)) for good, group in groupby(results, key=lambda result: result[1]) if not good
    )
    newest = takewhile(lambda result: result[1], reversed(results))
    return Reading(
        key=key,
        seen=len(results),
        misses=tuple(dict.fromkeys(period for period, good in results if not good)),
        in_a_row=max(in_a_row, default=0),
        newest=len(list(newest)),
    )


def _frozen(asked: Asked) -> FrozenLimits:
    if asked.limits is None:
        raise NotEnoughPoints("No limits are frozen yet.")
    if asked.limits.sigma == 0:
        raise BadSeries("All frozen points are the same: limits cannot be drawn from them.")
    return asked.limits

"""What a reader must know beside a verdict: diagnostics, variation and assurance, capability, changes."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from activities.control import Judged
from activities.points import plain, since, sizes_of, values_of
from domain.charting import BETWEEN_EVENTS, BY_CASES, Chart
from domain.measurement import TAIL_PERIODS, FrozenLimits, MetricRequest, Point
from domain.readings import Assurance, CapabilityFound, ChangeProposed, Diagnostics, KeptFound, Variation
from evidence.capability import NotStable, capability, promise_kept
from evidence.changes import propose_changes
from evidence.charts import from_scale
from evidence.diagnostics import describe
from evidence.icons import assurance, variation_at
from evidence.quantise import quantise
from evidence.series import BadSeries, NotEnoughPoints, finite_array

# Proposed changes that are told, the newest ones: more than two in a chart's length is a process in search.
_TOLD = 2
# Significant digits of what is only read.
_DIGITS = 4


class Shown(NamedTuple):
    """One metric as its readers see it: all points, those on its chart, their values on the chart's scale."""

    points: tuple[Point, ...]
    marks: Sequence[Point]
    scale: Sequence[float]
    chart: Chart
    limits: FrozenLimits | None
    looked: Judged
    judged: Sequence[Point]


def to_read(shown: Shown, request: MetricRequest) -> dict[str, Any]:
    """Return, by its field of the evidence, all that is only read beside it: no gate looks at it."""
    marks, scale, chart = shown.marks, shown.scale, shown.chart
    variation, assured = icons_of(shown.looked, shown.limits, request)
    diagnostics, lag1 = described(marks, scale, chart, shown.points, frozenset(request.explained))
    return {
        "lag1": lag1,
        "diagnostics": diagnostics,
        "variation": variation,
        "assurance": assured,
        "kept": kept_of(shown.judged, request),
        "capability": capability_of(marks, shown.limits, request),
        "changes": () if shown.limits is None else changes_of(marks, scale, chart),
    }


def refuse_unusable(marks: Sequence[Point], scale: Sequence[float], chart: Chart) -> None:
    """Refuse what `to_read` refuses, for evidence without it.

    Raises:
        BadSeries: a value or a number of cases that is none.
    """
    finite_array(sizes_of(marks, chart) or [], "denominators")
    finite_array(scale, "values")


def described(
    marks: Sequence[Point],
    values: Sequence[float],
    chart: Chart,
    points: tuple[Point, ...],
    explained: frozenset[int],
) -> tuple[Diagnostics | None, float | None]:
    """Return the diagnostics of the marks, `values` on their scale, and their lag-1 correlation.

    `points` are all observations, explained ones among them.
    """
    if not marks:
        return None, None
    periods = [point.period for point in since(points, marks[0].period)]
    sizes = sizes_of(marks, chart)
    found = describe(values, sizes, [mark.period for mark in marks])
    diagnostics = Diagnostics(
        points=len(marks),
        missing=periods[-1] - periods[0] + 1 - len(periods),
        skew=None if found.skew is None else quantise(found.skew, _DIGITS),
        tied=quantise(found.tied_share, _DIGITS),
        fewest_cases=found.fewest_cases,
        most_cases=found.most_cases,
        explained=sum(period in explained for period in periods) if explained else 0,
    )
    return diagnostics, None if found.lag1 is None else quantise(found.lag1)


def icons_of(
    looked: Judged, limits: FrozenLimits | None, request: MetricRequest
) -> tuple[Variation | None, Assurance | None]:
    """Return variation and assurance as in "Making Data Count".

    The assurance of an unstable process would be a promise without a ground: there is none then, and none
    for rare events, whose target is no time between events.
    """
    window, found = looked.window, looked.control
    if limits is None or not window or found is None or limits.chart in BETWEEN_EVENTS:
        return None, None
    value, newest = window[-1].value, window[-1].denominator
    seen = variation_at(looked.window_away, value, newest, plain(limits), direction=request.direction)
    if request.target is None or found.outside or found.runs or limits.sigma == 0:
        return seen, None
    return seen, assurance(plain(limits), newest, request.target, request.direction)


def kept_of(judged: Sequence[Point], request: MetricRequest) -> KeptFound | None:
    """Return in how many of the judged periods the promise was kept, with the interval of that share."""
    if request.promise is None or not judged:
        return None
    found = promise_kept(values_of(judged), request.promise, request.direction)
    return KeptFound(
        kept=found.kept,
        of=found.periods,
        low=quantise(found.low, _DIGITS),
        high=quantise(found.high, _DIGITS),
    )


def specification(request: MetricRequest) -> tuple[float | None, float | None]:
    """Return the lower and the upper limit that the outcome's promise, or else its target, sets."""
    wanted = request.target if request.promise is None else request.promise
    return (wanted, None) if request.direction == "up" else (None, wanted)


def capability_of(
    marks: Sequence[Point], limits: FrozenLimits | None, request: MetricRequest
) -> CapabilityFound | None:
    """Return Cpk and Ppk of an outcome, or why they would mean nothing; None where nothing is specified."""
    lower, upper = specification(request)
    if limits is None or limits.chart in BETWEEN_EVENTS or (lower is None and upper is None):
        return None
    try:
        found = capability(values_of(marks), lower=lower, upper=upper, chart=limits.chart)
    except NotStable:
        refusal = "the process is not stable, so Cpk would predict nothing"
        return CapabilityFound(points=len(marks), refusal=refusal)
    except (NotEnoughPoints, BadSeries) as reason:
        return CapabilityFound(points=len(marks), refusal=str(reason))
    return CapabilityFound(
        cpk=quantise(found.cpk, _DIGITS), ppk=quantise(found.ppk, _DIGITS), points=found.points
    )


def changes_of(marks: Sequence[Point], values: Sequence[float], chart: Chart) -> tuple[ChangeProposed, ...]:
    """Return where the level may have changed, the newest ones; levels in the unit of the marks."""
    if chart in BETWEEN_EVENTS or chart in BY_CASES - {"weighted", "p_prime", "u_prime"}:
        return ()  # their scatter is not of one size along the series
    try:
        found = propose_changes(values[-TAIL_PERIODS:])
    except (NotEnoughPoints, BadSeries):
        return ()
    return tuple(
        ChangeProposed(
            period=marks[-TAIL_PERIODS:][change.at].period,
            before=quantise(from_scale(chart, change.level_before), _DIGITS),
            after=quantise(from_scale(chart, change.level_after), _DIGITS),
        )
        for change in found[-_TOLD:]
    )

"""A control chart in characters: wherever there is a monospaced font, there is a picture.

The points stand between their frozen limits, each marked by what it means and
not by a colour. Shares have limits of their own at every point, because a week
of 40 cases says less than one of 400.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.charter import Measure
from domain.charting import BETWEEN_EVENTS
from domain.limits import limits_at, lowest
from domain.measurement import FrozenLimits, MetricEvidence, Series
from domain.periods import Calendar, label, noun, parse_label
from domain.rare_events import drawn
from domain.views import MetricView

# Characters: below this a chart says nothing.
NARROWEST, LOWEST = 20, 3
# Columns from one point to the next, at most: further apart, a few points no longer read as a line.
_FURTHEST: Final = 3
# A longer unit stands above the chart once instead of behind every label (characters).
_SHORT_UNIT: Final = 8
# Decimals of a label, at most; and the magnitudes between which a plain number is shorter than an exponent.
_DECIMALS, _PLAIN_FROM, _PLAIN_TO = 6, 1e-4, 1e7

ORDINARY, WORSE, BETTER, EXPLAINED = "•", "✕", "▲", "○"
CENTRE, LIMIT, TARGET = "─", "╌", "·"


class Marks(NamedTuple):
    """The periods whose points are more than ordinary."""

    worse: frozenset[int] = frozenset()
    better: frozenset[int] = frozenset()
    explained: frozenset[int] = frozenset()


class Scale(NamedTuple):
    """What the numbers are, and the target to draw where it lies within the chart."""

    unit: str
    measure: Measure
    target: float | None = None


class _Axis(NamedTuple):
    """The values at the top and the bottom row."""

    low: float
    high: float
    height: int

    def row(self, value: float) -> int:
        """Return the row of a value, 0 at the top; the largest doubles do not overflow."""
        unit = max(abs(self.low), abs(self.high)) or 1.0
        span = self.high / unit - self.low / unit
        if span <= 0:
            return self.height // 2
        part = (self.high / unit - value / unit) / span
        return round(min(max(part, 0.0), 1.0) * (self.height - 1))


def metric_chart(metric: MetricView, calendar: Calendar, *, width: int = 60, height: int = 9) -> str:
    """Return the chart of one metric as the query `evidence` answers it."""
    explained = frozenset(parse_label(period, calendar) for period in metric.explained)
    return control_chart(
        metric.series,
        metric.limits,
        calendar,
        Scale(metric.unit, metric.measure, metric.target),
        marks_of(metric.evidence, explained),
        width=width,
        height=height,
    )


def marks_of(evidence: MetricEvidence | None, explained: frozenset[int]) -> Marks:
    """Return what the points mean: signals for the worse, signals for the better, explained ones."""
    control = None if evidence is None else evidence.control
    signals = frozenset() if control is None else frozenset({*control.outside, *control.runs})
    worse = frozenset() if control is None else frozenset(control.bad)
    return Marks(worse - explained, signals - worse - explained, explained)


def control_chart(
    series: Series,
    limits: FrozenLimits | None,
    calendar: Calendar,
    scale: Scale,
    marks: Marks = Marks(),  # noqa: B008 - a tuple that nobody can change
    *,
    width: int = 60,
    height: int = 9,
) -> str:
    """Return the newest `width` periods as a chart of `height` rows, its axis and a legend, in lines.

    No line is longer than the labels on the left plus one plus `width` characters.

    Raises:
        ValueError: the chart would be too small to say anything.
    """
    if width < NARROWEST or height < LOWEST:
        raise ValueError(f"A chart is at least {NARROWEST} wide and {LOWEST} high, not {width} and {height}.")
    if limits is not None and limits.chart in BETWEEN_EVENTS:
        series = drawn(series, limits.chart, marks.explained)
        scale = Scale(f"{noun(calendar.cadence, 2)} between", "amount")
    first = max(series.first, series.first + len(series.values) - width)
    shown = series.values[first - series.first :]
    if all(value is None for value in shown):
        return "no data yet"
    bounds = _bounds(series, limits, first, lowest(scale.measure))
    axis = _axis(shown, bounds, height)
    stride = max(1, min(_FURTHEST, (width - 1) // max(len(shown) - 1, 1)))
    columns = (len(shown) - 1) * stride + 1
    grid = [[" "] * columns for _ in range(height)]
    _draw_lines(grid, axis, bounds, stride, scale.target)
    for i, value in enumerate(shown):
        if value is not None:
            grid[axis.row(value)][i * stride] = _mark(first + i, marks)
    labels = _labels(axis, bounds, scale)
    side = max(len(text) for text in labels)
    rows = zip(labels, grid, strict=True)
    lines = [f"{text:>{side}}{'┤' if text else '│'}{''.join(row)}" for text, row in rows]
    margin = " " * side
    lines.append(f"{margin}└{'─' * columns}")
    if limits is not None:
        lines += [f"{margin} {text}" for text in _frozen(limits, first, len(shown), stride)]
    ends = _ends(label(first, calendar), label(first + len(shown) - 1, calendar), columns, width)
    lines.append(f"{margin} {ends}")
    lines += _legend(grid, side + 1 + width, _beyond(axis, scale))
    unit = () if _suffix(scale) or not scale.unit else (f"in {' '.join(scale.unit.split())}"[:width],)
    return "\n".join(line.rstrip() for line in (*unit, *lines))


_Bounds = tuple[tuple[float, float, float] | None, ...]


def _bounds(series: Series, limits: FrozenLimits | None, first: int, floor: float) -> _Bounds:
    """The limits of each shown point; none before the frozen span, for they do not speak of it."""
    skipped = first - series.first
    cases: Sequence[float | None] = series.denominators[skipped:] or [None] * (len(series.values) - skipped)
    return tuple(
        None
        if limits is None or first + i < limits.first
        else _drawable(limits_at(limits, denominator), floor)
        for i, denominator in enumerate(cases)
    )


def _drawable(bounds: tuple[float, float, float] | None, floor: float) -> tuple[float, float, float] | None:
    if bounds is None or not all(math.isfinite(value) for value in bounds):
        return None
    low, centre, high = bounds
    return max(low, min(floor, centre)), centre, high


def _axis(shown: Sequence[float | None], bounds: _Bounds, height: int) -> _Axis:
    values = [value for value in shown if value is not None]
    values += [value for bound in bounds if bound is not None for value in bound]
    return _Axis(min(values), max(values), height)


def _draw_lines(
    grid: list[list[str]], axis: _Axis, bounds: _Bounds, stride: int, target: float | None
) -> None:
    columns = len(grid[0])
    if target is not None and axis.low <= target <= axis.high:
        row = grid[axis.row(target)]
        row[::2] = [TARGET] * len(row[::2])
    for i, bound in enumerate(bounds):
        if bound is None:
            continue
        # A limit reaches halfway to the next point and back: where it changes, it does so between two.
        span = range(max(0, i * stride - stride // 2), min(columns, i * stride + (stride + 1) // 2))
        for value, line in ((bound[0], LIMIT), (bound[2], LIMIT), (bound[1], CENTRE)):
            for column in span:
                grid[axis.row(value)][column] = line


def _mark(period: int, marks: Marks) -> str:
    if period in marks.explained:
        return EXPLAINED
    if period in marks.worse:
        return WORSE
    return BETTER if period in marks.better else ORDINARY


def _labels(axis: _Axis, bounds: _Bounds, scale: Scale) -> list[str]:
    """One text per row: the newest limits and centre where they lie, else the ends of the scale."""
    newest = next((bound for bound in reversed(bounds) if bound is not None), ())
    texts = [""] * axis.height
    # Where two fall on one row the later one wins: the centre says more than the end of the scale.
    for value in (axis.low, axis.high, *newest[::2], *newest[1:2]):
        texts[axis.row(value)] = _number(value, axis, scale)
    return texts


def _number(value: float, axis: _Axis, scale: Scale) -> str:
    times = 100.0 if scale.measure == "share" else 1.0
    largest, span = max(abs(axis.low), abs(axis.high)) * times, (axis.high / 2 - axis.low / 2) * 2 * times
    if largest and not _PLAIN_FROM <= largest < _PLAIN_TO:
        return f"{value * times:.4g}{_suffix(scale)}"
    # One decimal more than tells one row from the next; a span of 0 has no rows to tell apart.
    step = span / (axis.height - 1)
    decimals = 2 if step == 0 else 1 - math.floor(math.log10(step))
    return f"{value * times:,.{min(max(decimals, 0), _DECIMALS)}f}{_suffix(scale)}"


def _suffix(scale: Scale) -> str:
    if scale.measure == "share":
        return " %"
    unit = " ".join(scale.unit.split())
    return f" {unit}" if unit and len(unit) <= _SHORT_UNIT else ""


def _frozen(limits: FrozenLimits, first: int, count: int, stride: int) -> tuple[str, ...]:
    """The span that the limits were frozen on, under the axis; nothing when it is out of sight."""
    start, end = max(limits.first, first), min(limits.last, first + count - 1)
    if start > end:
        return ()
    length = (end - start) * stride + 1
    word = f" frozen on {limits.n} "
    inner = word.center(length - 2, "─") if length - 2 >= len(word) else "─" * (length - 2)
    bracket = "╵" if length == 1 else f"{'╰' if start == limits.first else '─'}{inner}╯"
    return (" " * ((start - first) * stride) + bracket,)


def _ends(first: str, last: str, columns: int, width: int) -> str:
    if first == last:
        return first[:width]
    room = columns - len(first) - len(last)
    return first + " " * room + last if room > 0 else f"{first} … {last}"[:width]


def _beyond(axis: _Axis, scale: Scale) -> str:
    """Where the target is, when it is not on the chart: a far target would flatten everything else."""
    if scale.target is None or axis.low <= scale.target <= axis.high:
        return ""
    where = "above" if scale.target > axis.high else "below"
    return f"target {_number(scale.target, axis, scale)} lies {where}"


def _legend(grid: list[list[str]], width: int, beyond: str) -> list[str]:
    """Only what the chart has, so that nobody looks for what is not there."""
    used = {mark for row in grid for mark in row}
    words = [
        f"{mark} {word}"
        for mark, word in (
            (WORSE, "signal for the worse"),
            (BETTER, "signal for the better"),
            (EXPLAINED, "explained"),
            (TARGET, "target"),
        )
        if mark in used
    ]
    if CENTRE in used:
        words += [f"{CENTRE}{CENTRE} centre", f"{LIMIT}{LIMIT} limits"]
    words += [beyond] if beyond else []
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 2 + len(word) <= width:
            lines[-1] += f"  {word}"
        else:
            lines.append(word[:width])
    return lines

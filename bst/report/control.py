"""A process behaviour chart, drawn: the values above, and beneath them the steps or the cases behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bst.report import marks
from bst.report.history import History
from bst.report.plot import Bound, Plot, Ranges
from bst.report.svg import Node, group, line, node, path, picture, rect, words
from bst.report.text import cut, decimals_for, plain, reading, suffix, ticks, width_of
from bst.report.timescale import time_ticks
from bst.report.tracks import Break, Track
from domain.charter import Measure
from domain.periods import label, noun, period_of

# Heights in pixels: of the strip of stages, of a lane of words, of the axis' words.
_STRIP: Final = 18
_LANE: Final = 18
_AXIS: Final = 24
# Height of the lane that says who signed new limits and why: two lines (pixels).
_SIGNED: Final = 32
# Room that such words need to be worth beginning to the right of their line (pixels).
_WORTH: Final = 230
# Pixels between two lines of labels at the right.
_LINE: Final = 15
# Pixels of width that one mark of the time axis needs for its words.
_TICK: Final = 74
_SMALL: Final = 11.5
_RANGES: Final = {
    "unit": "moving range: the step from the point before",
    "logarithms": "moving range, on the scale of logarithms",
    "own": "moving range, on the scale of its limits",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a chart is drawn; the room at the right is for the names of the lines."""

    width: float
    left: float
    right: float
    height: float
    lower: float
    dot: float
    wide: bool

    @property
    def inner(self) -> float:
        """The width of the panels."""
        return self.width - self.left - self.right


WIDE: Final = Frame(width=960, left=60, right=156, height=250, lower=78, dot=4.4, wide=True)
NARROW: Final = Frame(width=360, left=44, right=64, height=210, lower=64, dot=3.6, wide=False)


@dataclass(frozen=True, slots=True)
class _Panel:
    """One panel: its place, and the values at its bottom and its top."""

    frame: Frame
    plot: Plot
    top: float
    height: float
    low: float
    high: float

    def x(self, period: float) -> float:
        count = self.plot.last - self.plot.first + 1
        return self.frame.left + (period - self.plot.first + 0.5) / count * self.frame.inner

    def y(self, value: float) -> float:
        part = (min(max(value, self.low), self.high) - self.low) / ((self.high - self.low) or 1.0)
        return self.top + self.height * (1 - part)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def right(self) -> float:
        return self.frame.left + self.frame.inner


def control_chart(track: Track, plot: Plot, history: History, frame: Frame, name: str, told: str) -> Node:
    """Return the chart of one metric as a picture; `name` is unique on its page, `told` says what it shows."""
    breaks = [b for b in track.breaks if plot.first < b.first <= plot.last]
    top = _STRIP + 6 + (_SIGNED if breaks else 0) + _LANE
    upper = _Panel(frame, plot, top, frame.height, plot.low, plot.high)
    under = upper.bottom + (_LANE if plot.spans else 0)
    parts = [*_strip(upper, history), *_values(upper, track, breaks)]
    bottom = under
    lower = _lower(frame, plot, under + _LANE)
    if lower is not None:
        panel, drawn = lower
        parts += drawn
        bottom = panel.bottom
    parts += _axis(upper, bottom)
    description = f"{told} {_described(plot)}"
    return picture(frame.width, bottom + _AXIS, name, f"{track.name}, {plot.unit}", description, parts)


def _described(plot: Plot) -> str:
    first, last = label(plot.first, plot.calendar), label(plot.last, plot.calendar)
    newest = plot.dots[-1]
    value = reading(newest.value, plot.unit, plot.measure)
    many = len(plot.dots)
    return (
        f"{many} {'point' if many == 1 else 'points'} from {first} to {last}, the newest {value}. "
        "The table after the chart has all of them."
    )


def _strip(panel: _Panel, history: History) -> Iterator[Node]:
    """Yield the stages over the chart, so that each point is seen in the stage of its time."""
    plot = panel.plot
    for stay in history.stays:
        # A stage is entered in the period after the newest measured one.
        begin = max(period_of(stay.begin, plot.calendar) - 0.5, plot.first - 0.5)
        end = (
            plot.last + 0.5
            if stay.end is None
            else min(period_of(stay.end, plot.calendar), plot.last + 1) - 0.5
        )
        if end <= begin or stay.stage in {"completed", "dissolved"}:
            continue
        x, width = panel.x(begin), panel.x(end) - panel.x(begin)
        yield rect(x, 0, max(width - 1, 1), _STRIP, stay.stage)
        if width_of(stay.stage, _SMALL) <= width - 6:
            yield words(x + 5, _STRIP - 5, stay.stage, "onstage small")


def _values(panel: _Panel, track: Track, breaks: Sequence[Break]) -> Iterator[Node]:
    plot, frame = panel.plot, panel.frame
    for span in plot.spans:
        x1, x2 = panel.x(max(span.first, plot.first) - 0.5), panel.x(min(span.last, plot.last) + 0.5)
        yield rect(x1, panel.top, x2 - x1, panel.height, "frozen")
    yield words(
        0, panel.top - 7, f"in {plot.unit}" if plot.measure != "share" else "in percent", "soft small"
    )
    yield from _scale(panel, frame, plot.measure, 5)
    yield from _breaks(panel, breaks)
    for level, name in ((plot.promise, "promise"), (plot.target, "target")):
        if level is not None:
            yield line(frame.left, panel.y(level), panel.right, panel.y(level), name)
    for stretch in plot.stretches:
        yield _steps(panel, [(b, b.low) for b in stretch], "limit")
        yield _steps(panel, [(b, b.high) for b in stretch], "limit")
        yield _steps(panel, [(b, b.centre) for b in stretch], "centre")
    yield _polyline(panel)
    yield from _dots(panel, track)
    yield from _names(panel)
    for span in plot.spans:
        yield from _bracket(
            panel, max(span.first, plot.first), min(span.last, plot.last), span.n, trial=span.trial
        )


def _scale(panel: _Panel, frame: Frame, measure: Measure, about: int) -> Iterator[Node]:
    times = 100.0 if measure == "share" else 1.0
    marked = ticks(panel.low * times, panel.high * times, about)
    decimals = decimals_for(marked[1] - marked[0]) if len(marked) > 1 else 2
    for value in marked:
        y = panel.y(value / times)
        yield line(frame.left, y, panel.right, y, "grid")
        yield words(frame.left - 8, y + 4, plain(value, decimals), "soft small", anchor="end")


def _breaks(panel: _Panel, breaks: Sequence[Break]) -> Iterator[Node]:
    """Yield where limits were frozen anew, with why and who signed it: beside the line, where there is room."""
    taken = 0.0
    for number, found in enumerate(breaks):
        x = panel.x(found.first - 0.5)
        yield line(x, _STRIP + 2, x, panel.bottom, "break")
        end = panel.x(breaks[number + 1].first - 0.5) if number + 1 < len(breaks) else panel.frame.width
        after, before = end - x - 8, x - taken - 8
        left = after < _WORTH and before > after
        room, at = (before, x - 5) if left else (after, x + 5)
        said = ("new limits",) if not panel.frame.wide else (found.cause, f"new limits, {found.signed}")
        for row, told in enumerate(said):
            shown = cut(told, room, _SMALL)
            if shown:
                yield words(
                    at,
                    _STRIP + 18 + 14 * row,
                    shown,
                    "small soft" if row else "small",
                    anchor="end" if left else None,
                )
        taken = x if left else x + min(room, max(width_of(told, _SMALL) for told in said))


def _steps(panel: _Panel, levels: Sequence[tuple[Bound, float]], class_: str) -> Node:
    """Return a line that holds each level for its period, joined where they follow one another."""
    points: list[tuple[str, float, float]] = []
    before: Bound | None = None
    for bound, value in levels:
        y = panel.y(value)
        if before is None or bound.period != before.period + 1:
            points.append(("M", panel.x(bound.period - 0.5), y))
        elif abs(points[-1][2] - y) >= 0.05:  # noqa: PLR2004 - what a tenth of a pixel can show
            points.append(("L", panel.x(bound.period - 0.5), y))
        else:
            points.pop()
        points.append(("L", panel.x(bound.period + 0.5), y))
        before = bound
    return path(points, class_)


def _polyline(panel: _Panel) -> Node:
    points, before = [], None
    for dot in panel.plot.dots:
        joined = before is not None and dot.period == before + 1
        points.append(("L" if joined else "M", panel.x(dot.period), panel.y(dot.value)))
        before = dot.period
    return path(points, "series")


def _dots(panel: _Panel, track: Track) -> Iterator[Node]:
    plot, frame = panel.plot, panel.frame
    room = frame.inner / (plot.last - plot.first + 1)
    size = min(frame.dot, max(room * 0.62, 1.9))
    for dot in plot.dots:
        # A mark with a meaning stays large enough to be told by its shape.
        drawn = marks.dot(
            panel.x(dot.period),
            panel.y(dot.value),
            dot.look,
            size if dot.look == "common" else max(size, 3.4),
        )
        if frame.wide:
            told = f"{label(dot.period, plot.calendar)}: {reading(dot.value, plot.unit, plot.measure)}"
            cause = track.explained.get(dot.period)
            drawn.insert(0, node("title", text=f"{told}, explained: {cause}" if cause else told))
        yield drawn


def _names(panel: _Panel) -> Iterator[Node]:
    """Yield the name and the number of each line at its right end, none over another."""
    plot, wide = panel.plot, panel.frame.wide
    lines: list[tuple[float, str, str, str]] = []
    if plot.stretches and plot.stretches[-1][-1].period == plot.last:
        newest = plot.stretches[-1][-1]
        lines += [
            (newest.high, "upper limit", "soft", ""),
            (newest.centre, "centre", "", ""),
            (newest.low, "lower limit", "soft", ""),
        ]
    for level, name in ((plot.target, "target"), (plot.promise, "promise")):
        if level is not None:
            lines.append((level, name, name, ""))
    # Where limits fell on one another (nothing ever varied), the centre alone is named.
    placed = -1e9
    ordered = sorted(lines, key=lambda one: -one[0])
    below = panel.bottom + 4 - _LINE * (len(ordered) - 1)
    for number, (value, name, class_, _) in enumerate(ordered):
        y = max(min(panel.y(value) + 4, below + _LINE * number), placed + _LINE)
        placed = y
        number_text = (
            reading(value, plot.unit, plot.measure)
            if suffix(plot.unit, plot.measure)
            else reading(value, "", "amount")
        )
        said = f"{name} {number_text}" if wide else number_text
        yield words(panel.right + 8, y, cut(said, panel.frame.right - 8, _SMALL), f"small {class_}".strip())


def _bracket(panel: _Panel, first: int, last: int, n: int, *, trial: bool) -> Iterator[Node]:
    x1, x2, y = panel.x(first - 0.4), panel.x(last + 0.4), panel.bottom + 4
    yield path((("M", x1, y), ("L", x1, y + 4), ("L", x2, y + 4), ("L", x2, y)), "bracket")
    said = f"trial limits, frozen on {n}" if trial else f"frozen on {n}"
    if width_of(said, _SMALL) > x2 - x1:
        said = f"n = {n}"
    if width_of(said, _SMALL) <= x2 - x1 + 8:
        yield words((x1 + x2) / 2, y + 17, said, "soft small", anchor="middle")


def _lower(frame: Frame, plot: Plot, top: float) -> tuple[_Panel, list[Node]] | None:
    """Return the panel beneath: moving ranges, or the cases behind the points, or none."""
    if plot.ranges is not None:
        high = (
            max([s.size for s in plot.ranges.steps] + [upper for *_, upper in plot.ranges.stretches]) * 1.08
        )
        panel = _Panel(frame, plot, top + _LANE, frame.lower, 0.0, high or 1.0)
        return panel, list(_moving(panel, plot.ranges))
    cases = [(dot.period, dot.cases) for dot in plot.dots if dot.cases is not None]
    if not cases:
        return None
    panel = _Panel(
        frame, plot, top + _LANE, frame.lower * 0.62, 0.0, max(size for _, size in cases) * 1.08 or 1.0
    )
    return panel, list(_bars(panel, cases))


def _moving(panel: _Panel, ranges: Ranges) -> Iterator[Node]:
    yield words(0, panel.top - 8, _RANGES[ranges.scale], "soft small")
    yield from _scale(panel, panel.frame, "amount", 2)
    for first, last, centre, upper in ranges.stretches:
        x1, x2 = panel.x(first - 0.5), panel.x(last + 0.5)
        yield line(x1, panel.y(centre), x2, panel.y(centre), "centre")
        yield line(x1, panel.y(upper), x2, panel.y(upper), "limit")
    before: int | None = None
    points: list[tuple[str, float, float]] = []
    for step in ranges.steps:
        points.append(("L" if before == step.period - 1 else "M", panel.x(step.period), panel.y(step.size)))
        before = step.period
    yield path(points, "series")
    small = min(3.2, max(panel.frame.inner / (panel.plot.last - panel.plot.first + 1) * 0.5, 1.6))
    for step in ranges.steps:
        yield marks.dot(
            panel.x(step.period), panel.y(step.size), "neutral" if step.beyond else "common", small
        )
    *_, centre, upper = ranges.stretches[-1]
    yield from _range_names(panel, centre, upper)


def _range_names(panel: _Panel, centre: float, upper: float) -> Iterator[Node]:
    wide = panel.frame.wide
    y = panel.y(upper) + 4
    yield words(
        panel.right + 8,
        y,
        f"upper limit {reading(upper, '', 'amount')}" if wide else reading(upper, "", "amount"),
        "soft small",
    )
    said = f"mean {reading(centre, '', 'amount')}" if wide else reading(centre, "", "amount")
    yield words(panel.right + 8, max(panel.y(centre) + 4, y + _LINE), said, "small")


def _bars(panel: _Panel, cases: Sequence[tuple[int, float]]) -> Iterator[Node]:
    yield words(
        0, panel.top - 8, f"cases behind each point, by {noun(panel.plot.calendar.cadence, 1)}", "soft small"
    )
    yield from _scale(panel, panel.frame, "amount", 2)
    width = max(panel.frame.inner / (panel.plot.last - panel.plot.first + 1) * 0.7, 0.8)
    drawn = (
        rect(panel.x(period) - width / 2, panel.y(size), width, panel.bottom - panel.y(size), "bar")
        for period, size in cases
    )
    yield group(*drawn)


def _axis(panel: _Panel, bottom: float) -> Iterator[Node]:
    plot, frame = panel.plot, panel.frame
    yield line(frame.left, bottom, panel.right, bottom, "axis")
    for tick in time_ticks(plot.first, plot.last, plot.calendar, max(int(frame.inner // _TICK), 2)):
        x = panel.x(tick.period)
        yield line(x, bottom, x, bottom + 5, "axis")
        inside = min(
            max(x, frame.left + width_of(tick.words, _SMALL) / 2 - 10),
            frame.width - width_of(tick.words, _SMALL) / 2,
        )
        yield words(
            inside, bottom + 18, tick.words, "small strong" if tick.strong else "small soft", anchor="middle"
        )

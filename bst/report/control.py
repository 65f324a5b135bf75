"""A process behaviour chart, drawn: the values above, and beneath them the steps or the cases behind them."""

from collections.abc import Iterator, Sequence
from typing import Final

from bst.report import marks
from bst.report.history import History
from bst.report.lower import lower
from bst.report.panel import LANE, LINE, SMALL, Frame, Panel, scale
from bst.report.plot import Bound, Plot
from bst.report.svg import Node, line, node, path, picture, rect, words
from bst.report.text import cut, reading, suffix, width_of
from bst.report.timescale import time_ticks
from bst.report.tracks import Break, Track
from domain.periods import label, period_of

# Heights in pixels: of the strip of stages, of the axis' words.
_STRIP: Final = 18
_AXIS: Final = 24
# Height of the lane that says who signed new limits and why: two lines (pixels).
_SIGNED: Final = 32
# Height of the lane that says on which points limits were frozen (pixels).
_BRACKET: Final = 24
# Pixels of width that one mark of the time axis needs for its words.
_TICK: Final = 74


def control_chart(track: Track, plot: Plot, history: History, frame: Frame, name: str, told: str) -> Node:
    """Return the chart of one metric as a picture.

    `name` is unique on its page, `told` says what the newest points say.
    """
    breaks = [b for b in track.breaks if plot.first < b.first <= plot.last]
    top = _STRIP + 6 + (_SIGNED if breaks else 0) + LANE
    upper = Panel(frame, plot, top, frame.height, plot.low, plot.high)
    parts = [*_strip(upper, history), *_values(upper, track, breaks)]
    bottom = upper.bottom + (_BRACKET if plot.spans else 0)
    found = lower(frame, plot, bottom + LANE - 6)
    if found is not None:
        panel, drawn = found
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


def _strip(panel: Panel, history: History) -> Iterator[Node]:
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
        if width_of(stay.stage, SMALL) <= width - 6:
            yield words(x + 5, _STRIP - 5, stay.stage, "onstage small")


def _values(panel: Panel, track: Track, breaks: Sequence[Break]) -> Iterator[Node]:
    plot, frame = panel.plot, panel.frame
    for span in plot.spans:
        x1, x2 = panel.x(max(span.first, plot.first) - 0.5), panel.x(min(span.last, plot.last) + 0.5)
        yield rect(x1, panel.top, x2 - x1, panel.height, "frozen")
    yield words(
        0, panel.top - 7, f"in {plot.unit}" if plot.measure != "share" else "in percent", "soft small"
    )
    yield from scale(panel, frame, plot.measure, 5)
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


def _breaks(panel: Panel, breaks: Sequence[Break]) -> Iterator[Node]:
    """Yield where limits were frozen anew, with why and who signed it on the side that has room."""
    taken = 0.0
    for number, found in enumerate(breaks):
        x = panel.x(found.first - 0.5)
        yield line(x, _STRIP + 2, x, panel.bottom, "break")
        end = panel.x(breaks[number + 1].first - 0.5) if number + 1 < len(breaks) else panel.frame.width
        after, before = end - x - 8, x - taken - 8
        said = ("new limits",) if not panel.frame.wide else (found.cause, f"new limits, {found.signed}")
        left = max(width_of(told, SMALL) for told in said) > after and before > after
        room, at = (before, x - 5) if left else (after, x + 5)
        for row, told in enumerate(said):
            shown = cut(told, room, SMALL)
            if shown:
                yield words(
                    at,
                    _STRIP + 18 + 14 * row,
                    shown,
                    "small soft" if row else "small",
                    anchor="end" if left else None,
                )
        taken = x if left else x + min(room, max(width_of(told, SMALL) for told in said))


def _steps(panel: Panel, levels: Sequence[tuple[Bound, float]], class_: str) -> Node:
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


def _polyline(panel: Panel) -> Node:
    points, before = [], None
    for dot in panel.plot.dots:
        # A gap parts the line; between rare events there is none, however far apart they lie.
        joined = before is not None and (panel.plot.between or dot.period == before + 1)
        points.append(("L" if joined else "M", panel.x(dot.period), panel.y(dot.value)))
        before = dot.period
    return path(points, "series")


def _dots(panel: Panel, track: Track) -> Iterator[Node]:
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


def _names(panel: Panel) -> Iterator[Node]:
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
    below = panel.bottom + 4 - LINE * (len(ordered) - 1)
    for number, (value, name, class_, _) in enumerate(ordered):
        y = max(min(panel.y(value) + 4, below + LINE * number), placed + LINE)
        placed = y
        number_text = (
            reading(value, plot.unit, plot.measure)
            if suffix(plot.unit, plot.measure)
            else reading(value, "", "amount")
        )
        said = f"{name} {number_text}" if wide else number_text
        yield words(panel.right + 8, y, cut(said, panel.frame.right - 8, SMALL), f"small {class_}".strip())


def _bracket(panel: Panel, first: int, last: int, n: int, *, trial: bool) -> Iterator[Node]:
    x1, x2, y = panel.x(first - 0.4), panel.x(last + 0.4), panel.bottom + 4
    yield path((("M", x1, y), ("L", x1, y + 4), ("L", x2, y + 4), ("L", x2, y)), "bracket")
    said = f"trial limits, frozen on {n}" if trial else f"frozen on {n}"
    if width_of(said, SMALL) > x2 - x1:
        said = f"n = {n}"
    if width_of(said, SMALL) <= x2 - x1 + 8:
        yield words((x1 + x2) / 2, y + 17, said, "soft small", anchor="middle")


def _axis(panel: Panel, bottom: float) -> Iterator[Node]:
    plot, frame = panel.plot, panel.frame
    yield line(frame.left, bottom, panel.right, bottom, "axis")
    for tick in time_ticks(plot.first, plot.last, plot.calendar, max(int(frame.inner // _TICK), 2)):
        x = panel.x(tick.period)
        yield line(x, bottom, x, bottom + 5, "axis")
        inside = min(
            max(x, frame.left + width_of(tick.words, SMALL) / 2 - 10),
            frame.width - width_of(tick.words, SMALL) / 2,
        )
        yield words(
            inside, bottom + 18, tick.words, "small strong" if tick.strong else "small soft", anchor="middle"
        )

"""The panel beneath a control chart: the steps from point to point, or the cases behind each of them."""

from collections.abc import Iterator, Sequence
from typing import Final

from bst.report import marks
from bst.report.panel import LANE, LINE, Frame, Panel, scale
from bst.report.plot import Plot, Ranges
from bst.report.svg import Node, group, line, path, rect, words
from bst.report.text import reading
from domain.periods import noun

_RANGES: Final = {
    "unit": "moving range: the step from the point before",
    "logarithms": "moving range, on the scale of logarithms",
    "own": "moving range, on the scale of its limits",
}


def lower(frame: Frame, plot: Plot, top: float) -> tuple[Panel, list[Node]] | None:
    """Return the panel and what is drawn in it: moving ranges, or the cases behind the points, or none."""
    if plot.ranges is not None:
        high = (
            max([s.size for s in plot.ranges.steps] + [upper for *_, upper in plot.ranges.stretches]) * 1.08
        )
        panel = Panel(frame, plot, top + LANE, frame.lower, 0.0, high or 1.0)
        return panel, list(_moving(panel, plot.ranges))
    cases = [(dot.period, dot.cases) for dot in plot.dots if dot.cases is not None]
    if not cases:
        return None
    panel = Panel(
        frame, plot, top + LANE, frame.lower * 0.62, 0.0, max(size for _, size in cases) * 1.08 or 1.0
    )
    return panel, list(_bars(panel, cases))


def _moving(panel: Panel, ranges: Ranges) -> Iterator[Node]:
    yield words(0, panel.top - 8, _RANGES[ranges.scale], "soft small")
    yield from scale(panel, panel.frame, "amount", 2)
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


def _range_names(panel: Panel, centre: float, upper: float) -> Iterator[Node]:
    wide = panel.frame.wide
    y = panel.y(upper) + 4
    yield words(
        panel.right + 8,
        y,
        f"upper limit {reading(upper, '', 'amount')}" if wide else reading(upper, "", "amount"),
        "soft small",
    )
    said = f"mean {reading(centre, '', 'amount')}" if wide else reading(centre, "", "amount")
    yield words(panel.right + 8, max(panel.y(centre) + 4, y + LINE), said, "small")


def _bars(panel: Panel, cases: Sequence[tuple[int, float]]) -> Iterator[Node]:
    yield words(
        0, panel.top - 8, f"cases behind each point, by {noun(panel.plot.calendar.cadence, 1)}", "soft small"
    )
    yield from scale(panel, panel.frame, "amount", 2)
    width = max(panel.frame.inner / (panel.plot.last - panel.plot.first + 1) * 0.7, 0.8)
    drawn = (
        rect(panel.x(period) - width / 2, panel.y(size), width, panel.bottom - panel.y(size), "bar")
        for period, size in cases
    )
    yield group(*drawn)

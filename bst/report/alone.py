"""One chart as a picture of its own, with its heading and its legend, for slides and for mail."""

from collections.abc import Iterator, Sequence
from typing import Final

from bst.report import words as said
from bst.report.control import control_chart
from bst.report.history import History
from bst.report.marks import dot
from bst.report.panel import WIDE
from bst.report.plot import Look, Plot, plot_of
from bst.report.svg import Node, group, node, standing_alone, words
from bst.report.text import width_of
from bst.report.theme import LIGHT, alone_style, chart_style
from bst.report.tracks import Track
from domain.errors import BadInput

# Pixels around the picture, and from one line of its words to the next.
_EDGE: Final = 28.0
_LINE: Final = 19.0
_LOOKS: Final[tuple[tuple[Look, str], ...]] = (
    ("common", "ordinary point"),
    ("better", "signal for the better"),
    ("worse", "signal for the worse"),
    ("neutral", "signal"),
    ("explained", "explained: not counted"),
)


def chart_alone(track: Track, history: History, *, dark_too: bool = True) -> str:
    """Return the chart as an SVG file; `dark_too` lets it follow what its reader likes.

    Raises:
        BadInput: nothing has been measured of it yet.
    """
    plot = plot_of(track, history)
    if plot is None:
        raise BadInput(f"There is no chart of {track.name} yet: nothing has been measured.")
    told = said.sentence(track, history.state)
    chart = control_chart(track, plot, history, WIDE, "chart", told)
    _, _, width, height = (float(part) for part in str(chart.get("viewBox")).split())
    head = list(_head(track, history, told, width))
    top = _EDGE + _LINE * len(head) + 14
    title, description, *drawn = chart
    legend = group(*_legend(plot), at=(0, height + 20))
    whole = node(
        "svg",
        title,
        description,
        group(*head, at=(_EDGE, _EDGE)),
        group(*drawn, legend, at=(_EDGE, top)),
        viewbox=f"0 0 {width + 2 * _EDGE:g} {top + height + 20 + _EDGE:g}",
        class_="chart",
        role="img",
        aria_labelledby="chart-t chart-d",
    )
    return standing_alone(whole, alone_style() if dark_too else chart_style(LIGHT))


def _head(track: Track, history: History, told: str, width: float) -> Iterator[Node]:
    """Yield the lines over the chart: whose it is, what it is, what it says."""
    team = history.state.charter.team
    lines = [(f"REHEARSAL of {team}" if history.rehearsal else team, "soft strong"), (track.name, "title")]
    lines += [(line, "") for line in _wrapped(told, width)]
    for number, (line, class_) in enumerate(lines):
        yield words(0, _LINE * number + 10, line, class_)


def _wrapped(text: str, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, 13) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _legend(plot: Plot) -> Iterator[Node]:
    """Yield the marks that the chart has, each with what it means."""
    x = 5.0
    for look, meaning in _shown(plot):
        yield dot(x, -4, look, 4.4)
        yield words(x + 12, 0, meaning, "soft small")
        x += width_of(meaning, 11.5) + 34


def _shown(plot: Plot) -> Sequence[tuple[Look, str]]:
    there = {point.look for point in plot.dots}
    return [(look, meaning) for look, meaning in _LOOKS if look in there]

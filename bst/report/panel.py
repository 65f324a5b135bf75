"""A panel of a chart: how large it is, where a value lies in it, and its scale."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bst.report.plot import Plot
from bst.report.svg import Node, line, words
from bst.report.text import decimals_for, plain, ticks
from domain.charter import Measure

# Heights in pixels: of a lane of words, of small letters, and from one label at the right to the next.
LANE: Final = 18
SMALL: Final = 11.5
LINE: Final = 15


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
class Panel:
    """One panel: its place, and the values at its bottom and its top."""

    frame: Frame
    plot: Plot
    top: float
    height: float
    low: float
    high: float

    def x(self, period: float) -> float:
        """Return where the middle of a period lies, in pixels from the left; its end is half a period on."""
        count = self.plot.last - self.plot.first + 1
        return self.frame.left + (period - self.plot.first + 0.5) / count * self.frame.inner

    def y(self, value: float) -> float:
        """Return where a value lies, in pixels from the top; at the edge where it is outside."""
        part = (min(max(value, self.low), self.high) - self.low) / ((self.high - self.low) or 1.0)
        return self.top + self.height * (1 - part)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """The right edge."""
        return self.frame.left + self.frame.inner


def scale(panel: Panel, frame: Frame, measure: Measure, about: int) -> Iterator[Node]:
    """Yield about so many lines across a panel with their numbers; shares in percent."""
    times = 100.0 if measure == "share" else 1.0
    marked = ticks(panel.low * times, panel.high * times, about)
    decimals = decimals_for(marked[1] - marked[0]) if len(marked) > 1 else 2
    for value in marked:
        y = panel.y(value / times)
        yield line(frame.left, y, panel.right, y, "grid")
        yield words(frame.left - 8, y + 4, plain(value, decimals), "soft small", anchor="end")

"""The journey as a band of stages over time, with a lane beneath it for each kind of turning point."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bst.report import marks
from bst.report.history import History, Stay
from bst.report.svg import Node, group, line, node, picture, rect, words
from bst.report.text import clean, cut, width_of
from bst.report.timescale import time_ticks
from bst.report.turning import Lane, Turn
from domain.periods import Calendar, period_of

_BAND: Final = 34
_ROW: Final = 26
_AXIS: Final = 26
_SMALL: Final = 11.5
# Pixels: marks of one lane that are nearer to each other become one, with their number beside it.
_APART: Final = 15
_LANES: Final[tuple[tuple[Lane, str], ...]] = (
    ("gate", "gate open"),
    ("ballot", "ballots"),
    ("signal", "signals, limits"),
    ("regression", "regression"),
    ("milestone", "milestones"),
    ("charter", "charter, holds"),
)


class _Span(NamedTuple):
    """What lies between the left and the right edge of the band."""

    begin: datetime
    end: datetime
    left: float
    width: float

    def x(self, at: datetime) -> float:
        part = (at - self.begin) / (self.end - self.begin)
        return self.left + min(max(part, 0.0), 1.0) * self.width


def band(history: History, name: str, *, wide: bool) -> Node:
    """Return the picture of the journey, from its beginning to the newest event."""
    width, left = (960.0, 166.0) if wide else (360.0, 92.0)
    end = max(history.record.as_of, history.begin + timedelta(days=1))
    span = _Span(history.begin, end, left, width - left - 10)
    lanes = [(lane, title) for lane, title in _LANES if any(turn.lane == lane for turn in history.turns)]
    top = _BAND + 8
    parts: list[Node] = [words(0, _BAND - 12, "stage", "soft small")]
    parts += _stages(history.stays, span)
    for number, (lane, title) in enumerate(lanes):
        y = top + _ROW * number + _ROW / 2
        parts.append(words(0, y + 4, title, "soft small"))
        parts.append(line(left, y, width - 10, y, "grid"))
        if lane == "gate":
            parts += _open(history.open_gates, span, y)
        # The bar of an open gate begins where it opened; a mark there would only hide it.
        shown = [turn for turn in history.turns if turn.lane == lane and turn.shape != "opened"]
        parts += _marks(shown, span, y)
    bottom = top + _ROW * len(lanes) + 4
    parts += _axis(history.state.charter.calendar, span, bottom, width)
    return picture(width, bottom + _AXIS, name, "The journey over time", _described(history.stays), parts)


def _stages(stays: Sequence[Stay], span: _Span) -> Iterator[Node]:
    for stay in stays:
        end = stay.end or span.end
        x, width = span.x(stay.begin), span.x(end) - span.x(stay.begin)
        if stay.stage in {"completed", "dissolved"}:
            continue  # the end of the journey, and no time that is spent in it
        box = rect(x, 0, max(width - 1.5, 2), _BAND, stay.stage, round_=3)
        box.append(node("title", text=_told(stay)))
        yield box
        roomy = width - 14 >= width_of(stay.stage, 13)
        inside = cut(stay.stage, width - (14 if roomy else 7), 13 if roomy else _SMALL)
        if inside:
            yield words(
                x + (8 if roomy else 4), _BAND / 2 + 4.5, inside, "onstage" if roomy else "onstage small"
            )


def _open(gates: Sequence[tuple[datetime, datetime | None]], span: _Span, y: float) -> Iterator[Node]:
    for begin, end in gates:
        x1, x2 = span.x(begin), span.x(end or span.end)
        bar = rect(x1, y - 4, max(x2 - x1, 3), 8, "accent", round_=2)
        until = "today" if end is None else f"{end:%Y-%m-%d}"
        bar.append(node("title", text=f"open from {begin:%Y-%m-%d} to {until}"))
        yield bar


def _marks(turns: Sequence[Turn], span: _Span, y: float) -> Iterator[Node]:
    """Yield the marks of a lane; those that would lie on each other become one with their number."""
    heap: list[Turn] = []
    for turn in turns:
        if heap and span.x(turn.at) - span.x(heap[0].at) >= _APART + (10 if len(heap) > 1 else 0):
            yield _heap(heap, span, y)
            heap = []
        heap.append(turn)
    if heap:
        yield _heap(heap, span, y)


def _heap(turns: Sequence[Turn], span: _Span, y: float) -> Node:
    """Return the newest of some marks, the others counted."""
    x = span.x(turns[0].at)
    told = " ".join(f"{turn.at:%Y-%m-%d}: {clean(turn.sentence)}" for turn in turns)
    edge = x + 30 > span.left + span.width
    beside = (x - 9, "end") if edge else (x + 9, None)
    count = words(beside[0], y + 4, f"+{len(turns) - 1}", "small", anchor=beside[1])
    many = count if len(turns) > 1 else None
    return group(node("title", text=told), marks.turn(x, y, turns[-1].shape), many)


def _axis(calendar: Calendar, span: _Span, y: float, width: float) -> Iterator[Node]:
    days = Calendar("daily", calendar.zone)
    first, last = period_of(span.begin, days), period_of(span.end, days)
    yield line(span.left, y, span.left + span.width, y, "axis")
    for tick in time_ticks(first, last, days, max(int(span.width // 74), 2)):
        x = span.left + (tick.period - first) / max(last - first, 1) * span.width
        yield line(x, y, x, y + 5, "axis")
        inside = min(x, width - width_of(tick.words, _SMALL) / 2)
        yield words(
            inside, y + 18, tick.words, "small strong" if tick.strong else "small soft", anchor="middle"
        )


def _told(stay: Stay) -> str:
    until = "today" if stay.end is None else f"{stay.end:%Y-%m-%d}"
    return f"{stay.stage}, {stay.begin:%Y-%m-%d} to {until}"


def _described(stays: Sequence[Stay]) -> str:
    told = "; ".join(_told(stay) for stay in stays)
    return f"Stages: {told}. The table after the picture has every turning point."

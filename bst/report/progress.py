"""The way from where the outcome stood to where it shall be, and how far the process has come."""

from typing import Final

from bst.report.svg import Node, line, node, path, picture, words
from bst.report.text import reading, width_of
from bst.report.tracks import Track

_SMALL: Final = 11.5


def progress(track: Track, baseline: float | None, name: str, *, wide: bool) -> Node | None:
    """Return the way as a line with the newest value and the present centre on it; None without two ends."""
    target, newest = track.gauge.target, track.newest
    if baseline is None or target is None or newest is None or baseline == target:
        return None
    unit, measure = track.gauge.unit, track.gauge.measure
    width, side = (960.0, 20.0) if wide else (360.0, 14.0)
    low, high = side, width - side

    def x(value: float) -> float:
        # A process worse than its baseline, or past its target, stands at the end of the line.
        return low + min(max((value - baseline) / (target - baseline), 0.0), 1.0) * (high - low)

    said = reading(newest.value, unit, measure)
    here, y = x(newest.value), 46
    parts = [
        line(low, y, high, y, "rail"),
        line(low, y, here, y, "accent-line"),
        node("circle", cx=here, cy=y, r=8, class_="accent"),
        words(_inside(here, f"now {said}", 15, width), 22, f"now {said}", "strong now", anchor="middle"),
        words(0, y + 28, f"baseline {reading(baseline, unit, measure)}", "soft"),
        words(width, y + 28, f"target {reading(target, unit, measure)}", "target strong", anchor="end"),
        path((("M", high, y - 11), ("L", high, y + 11)), "target"),
    ]
    ends = f"From {reading(baseline, unit, measure)} to {reading(target, unit, measure)}"
    described = f"{ends}; the newest value is {said}."
    return picture(width, y + 36, name, "From the baseline to the target", described, parts)


def _inside(x: float, said: str, size: float, width: float) -> float:
    half = width_of(said, size) / 2
    return min(max(x, half), width - half)

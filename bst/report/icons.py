"""Two icons for each metric, as in "Making Data Count": its newest point, and what its limits promise.

Drawn here; only their meaning is the NHS's. The words always stand beside them.
"""

from typing import assert_never

from bst.report.svg import Node, line, node, path, words
from domain.readings import Assurance, Variation

_SIZE = 44.0
_MIDDLE = _SIZE / 2


def variation_icon(found: Variation) -> Node:
    """Return a ring with a little chart in it: waves for ordinary variation, else a flight up or down."""
    if found == "common_cause":
        ups = ((10.0, 24.0), (16.0, 18.0), (22.0, 25.0), (28.0, 19.0), (34.0, 23.0))
        edges = (line(8, 12.5, 36, 12.5, "limit thin"), line(8, 31.5, 36, 31.5, "limit thin"))
        return _icon("common", *edges, *_run(ups, "common"))
    way, side = found.split("_")
    tone = {"improvement": "better", "concern": "worse", "neutral": "neutral"}[way]
    rises = ((9.0, 29.0), (15.0, 26.0), (21.0, 28.0), (27.0, 19.0), (33.0, 13.0))
    shown = rises if side == "high" else tuple((x, 44 - y) for x, y in rises)
    letter = words(31, 34, "H", "strong small") if side == "high" else words(31, 18, "L", "strong small")
    return _icon(tone, *_run(shown, tone), letter)


def assurance_icon(found: Assurance) -> Node:
    """Return a ring with the target as a line, and the process beside it or across it."""
    match found:
        case "consistent_pass":
            return _icon(
                "better",
                line(7, 30, 37, 30, "target"),
                _wave(18, "better"),
                words(10, 41, "P", "strong small"),
            )
        case "consistent_fail":
            return _icon(
                "worse",
                line(7, 15, 37, 15, "target"),
                _wave(27, "worse"),
                words(19, 39.5, "F", "strong small"),
            )
        case "inconsistent":
            return _icon(
                "common",
                line(7, 22, 37, 22, "target"),
                _wave(22, "common"),
                words(19.5, 39.5, "?", "strong small"),
            )
        case _:
            assert_never(found)


def _icon(tone: str, *parts: Node) -> Node:
    ring = node("circle", cx=_MIDDLE, cy=_MIDDLE, r=_MIDDLE - 2, class_=f"ring {tone}-line")
    return node("svg", ring, *parts, viewbox="0 0 44 44", class_="chart icon", aria_hidden="true")


def _run(points: tuple[tuple[float, float], ...], tone: str) -> tuple[Node, ...]:
    drawn = path([("M" if i == 0 else "L", x, y) for i, (x, y) in enumerate(points)], f"{tone}-line")
    return (drawn, *(node("circle", cx=x, cy=y, r=2.3, class_=f"{tone}-fill") for x, y in points))


def _wave(y: float, tone: str) -> Node:
    d = f"M8 {y:g}q3.5 -8 7 0t7 0t7 0t7 0"
    return node("path", d=d, class_=f"{tone}-line thick")

"""The shapes that stand for meanings: whoever sees no colour sees the shape."""

from typing import assert_never

from bst.report.plot import Look
from bst.report.svg import Node, node, path
from bst.report.turning import Shape


def dot(x: float, y: float, look: Look, size: float) -> Node:
    """Return the mark of a point: a disc, a triangle, a cross, a diamond, or a ring for an explained one."""
    match look:
        case "common":
            return node("circle", cx=x, cy=y, r=size * 0.62, class_="common")
        case "explained":
            return node("circle", cx=x, cy=y, r=size, class_="explained")
        case "better":
            s = size * 1.25
            return path((("M", x, y - s), ("L", x + s, y + s * 0.8), ("L", x - s, y + s * 0.8)), "better")
        case "worse":
            s = size * 0.95
            lines = (("M", x - s, y - s), ("L", x + s, y + s), ("M", x - s, y + s), ("L", x + s, y - s))
            return path(lines, "worse")
        case "neutral":
            s = size * 1.2
            return path((("M", x, y - s), ("L", x + s, y), ("L", x, y + s), ("L", x - s, y)), "neutral")
        case _:
            assert_never(look)


def turn(x: float, y: float, shape: Shape) -> Node:  # noqa: PLR0911 - one case per shape
    """Return the mark of a turning point, 12 pixels high."""
    match shape:
        case "consented" | "reached" | "averted" | "affirmed":  # a tick in a disc
            return _disc(x, y, (("M", x - 3, y), ("L", x - 0.8, y + 2.6), ("L", x + 3.2, y - 2.6)), "better")
        case "objected" | "shut" | "doubted" | "ended":  # a cross in a disc
            cross = (
                ("M", x - 2.5, y - 2.5),
                ("L", x + 2.5, y + 2.5),
                ("M", x - 2.5, y + 2.5),
                ("L", x + 2.5, y - 2.5),
            )
            return _disc(x, y, cross, "worse")
        case "no_decision" | "withdrawn" | "left" | "exempt":  # a bar in a disc
            return _disc(x, y, (("M", x - 3, y), ("L", x + 3, y)), "common")
        case "explained":
            return node("circle", cx=x, cy=y, r=5, class_="explained")
        case "feared":
            return path(
                (("M", x, y - 6), ("L", x + 6.5, y + 5), ("L", x - 6.5, y + 5), ("L", x, y - 6)),
                "worse-line thick",
            )
        case "back":
            return path((("M", x + 5, y - 6), ("L", x - 5, y), ("L", x + 5, y + 6)), "worse-line thick")
        case "rebased" | "amended":
            s = 6
            return path((("M", x, y - s), ("L", x + s, y), ("L", x, y + s), ("L", x - s, y)), "neutral")
        case "held":
            bars = (("M", x - 3, y - 5), ("L", x - 3, y + 5), ("M", x + 3, y - 5), ("L", x + 3, y + 5))
            return path(bars, "common-line thick")
        case "entered" | "opened" | "resumed":
            return path((("M", x - 4, y - 6), ("L", x + 5, y), ("L", x - 4, y + 6)), "mark")
        case _:
            assert_never(shape)


def _disc(x: float, y: float, sign: tuple[tuple[str, float, float], ...], tone: str) -> Node:
    ring = node("circle", cx=x, cy=y, r=6.5, class_=f"ring-disc {tone}-line")
    return node("g", ring, path(sign, f"{tone}-line sign"))

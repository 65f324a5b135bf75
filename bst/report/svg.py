"""Drawing in SVG: elements whose text and attributes are escaped by the library that writes them.

No picture is put together from pieces of text, so nothing that anybody wrote becomes part of its structure.
"""

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from bst.report.text import clean

NAMESPACE: Final = "http://www.w3.org/2000/svg"
Node = ET.Element
Attribute = str | float | None


def node(tag: str, *children: Node | None, text: str | None = None, **attributes: Attribute) -> Node:
    """Return an element; `class_` is `class`, and an underline in a name is a hyphen. None is left out."""
    made = ET.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            key = name.rstrip("_").replace("_", "-")
            made.set(_CASED.get(key, key), value if isinstance(value, str) else short(value))
    if text is not None:
        made.text = clean(text)
    made.extend(child for child in children if child is not None)
    return made


# Attributes that SVG writes in another way than Python's names allow.
_CASED: Final = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}


def short(number: float) -> str:
    """Return a coordinate to a tenth of a pixel, as short as it can be written."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def picture(
    width: float, height: float, name: str, title: str, description: str, parts: Iterable[Node | None]
) -> Node:
    """Return a whole picture with its title and description; `name` makes its ids unique on a page."""
    return node(
        "svg",
        node("title", text=title, id=f"{name}-t"),
        node("desc", text=description, id=f"{name}-d"),
        *parts,
        viewbox=f"0 0 {short(width)} {short(height)}",
        class_="chart",
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
    )


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Node:
    """Return a straight line."""
    return node("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(
    x: float, y: float, width: float, height: float, class_: str, *, round_: float | None = None
) -> Node:
    """Return a rectangle, never of less than no size."""
    return node("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), rx=round_, class_=class_)


def words(x: float, y: float, text: str, class_: str = "", *, anchor: str | None = None) -> Node:
    """Return a line of text that begins, ends or is centred at a place, standing on y."""
    return node("text", x=x, y=y, class_=class_ or None, text_anchor=anchor, text=text)


def path(points: Iterable[tuple[str, float, float]], class_: str) -> Node:
    """Return a path: each point with what leads to it, `M` or `L`."""
    drawn = "".join(f"{how}{short(x)} {short(y)}" for how, x, y in points)
    return node("path", d=drawn, class_=class_)


def group(*children: Node | None, class_: str | None = None, at: tuple[float, float] | None = None) -> Node:
    """Return elements that belong together, moved to a place."""
    moved = None if at is None else f"translate({short(at[0])} {short(at[1])})"
    return node("g", *children, class_=class_, transform=moved)


def written(drawn: Node) -> str:
    """Return the element as it stands on a page."""
    return ET.tostring(drawn, encoding="unicode", short_empty_elements=True)


def standing_alone(drawn: Node, style: str) -> str:
    """Return the picture as a file of its own, with its style in it."""
    alone = ET.fromstring(written(drawn))  # noqa: S314 - written a line ago, by us
    alone.set("xmlns", NAMESPACE)
    _, _, width, height = str(alone.get("viewBox")).split()
    alone.set("width", width)
    alone.set("height", height)
    sheet = ET.Element("style")
    sheet.text = style
    alone.insert(0, sheet)
    paper = ET.Element("rect", {"class": "paper", "width": width, "height": height})
    alone.insert(3, paper)  # after the style, the title and the description
    return ET.tostring(alone, encoding="unicode", short_empty_elements=True) + "\n"

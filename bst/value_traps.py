"""Values that YAML or a spreadsheet habit turns into something else, and how to write them."""

import re
from collections.abc import Callable

# Enough to recognise what was written; the rest would push the way out off the line (characters).
_SHOWN = 40
_CLOCK = re.compile(r"\s*([0-9]+):([0-5][0-9])\s*")
_NUMBER = r"[-+]?[0-9]+(?:\.[0-9]+)?"
# A text that was meant as a number -> how to write it. The first that fits.
_NUMBER_TRAPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(rf"\s*({_NUMBER})\s*%\s*"),
        lambda hit: f"write {float(hit[1]) / 100:g} (`measure: share`), or {hit[1]} in the unit percent",
    ),
    (
        _CLOCK,
        lambda hit: (
            f"write it in the unit, e.g. {int(hit[1]) + int(hit[2]) / 60:.4g} for {hit[1]} h {hit[2]} min"
        ),
    ),
    (
        re.compile(r"[-+]?[0-9]{1,3}(?:[,_ '\u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?"),
        lambda hit: f"write {re.sub('[^-+0-9.]', '', hit[0])}, digits alone",
    ),
    (re.compile(r"[-+]?[0-9]+,[0-9]+"), lambda hit: f"write {hit[0].replace(',', '.')}, with a point"),
    (re.compile(_NUMBER), lambda hit: f"the quotes make it a text; write {hit[0]} without them"),
    (
        re.compile(rf"\s*({_NUMBER})\s*[^\W\d].*"),
        lambda hit: f"write {hit[1]} alone; what it is stands in `unit`",
    ),
)


def given(value: object) -> str:
    """Return what a person wrote, short enough for a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            text = str(value)
            return f"`{text[: _SHOWN - 3]}...`" if len(text) > _SHOWN else f"`{text}`"


def number_way(value: object) -> str:
    """Return how to write the number that was meant."""
    if isinstance(value, str):
        for pattern, way in _NUMBER_TRAPS:
            if hit := pattern.fullmatch(value):
                return way(hit)
    if isinstance(value, bool):
        return "it means yes or no; write digits, e.g. 0.85"
    if isinstance(value, float) and value.is_integer():
        return f"write {value:.0f}"
    return "write digits, e.g. 12"


def text_way(value: object) -> str:
    """Return how to write the text that was meant."""
    match value:
        case bool():
            word = "true" if value else "false"
            return f'YAML reads it as yes or no; write "{word}" in quotes'
        case int() | float():
            return f'YAML reads it as a number; write "{value}" in quotes'
        case _:
            return "write one text; one that begins with `[` or `{` must be in quotes"


def span_way(value: object) -> str | None:
    """Return the sentence for a duration in a form that has another meaning, or None."""
    if isinstance(value, str) and (hit := _CLOCK.fullmatch(value)):
        return f"{given(value)} could be a time of day: write `{int(hit[1])} hours {int(hit[2])} min`"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{given(value)} has no unit: write it like `2 days`, `36 hours` or `90 min`"
    return None

"""People's words in Markdown that they cannot break: CommonMark tables, no HTML, no images.

Whoever writes a statement, a reason or a name of a milestone writes it into the page that the
whole team decides from, so every character that Markdown would act on is told not to.
"""

from collections.abc import Iterable, Sequence
from typing import Final

# An entity where a backslash would do nothing or where the renderer looks before it unescapes: the UI fills
# in {namespace} and takes $ for mathematics.
_TOLD: Final = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]~#"}
    | {char: f"&#{ord(char)};" for char in "|{}$"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
# The UI sets tables without any room between their columns.
_GUTTER: Final = _NO_BREAK * 2


def flat(words: str, at_most: int = 500) -> str:
    """Return the words on one line of at most so many characters, control characters gone; not escaped."""
    line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return line if len(line) <= at_most else f"{line[: at_most - 1].rstrip()}…"


def text(words: str, at_most: int = 500) -> str:
    """Return people's words so that Markdown shows them as they are, in a paragraph or in a table's cell."""
    return flat(words, at_most).translate(_TOLD)


def row(cells: Iterable[str]) -> str:
    """Return a table's row; the cells are Markdown without line ends."""
    return f"| {f'{_GUTTER} | '.join(cells)} |"


def table_head(titles: Sequence[str]) -> tuple[str, str]:
    """Return the two lines that make a table, with everything to the left as sentences are."""
    return row(titles), f"|{' :--- |' * len(titles)}"


def unbroken(words: str) -> str:
    """Return a number with its unit, or a mark with its word, so that no line ends within it."""
    return words.replace(" ", _NO_BREAK)


def code(lines: Iterable[str]) -> tuple[str, ...]:
    """Return a block in which every character stands for itself, whatever the lines hold."""
    return ("```", *(line.replace("```", "'''") for line in lines), "```")


def link(title: str, address: str) -> str:
    """Return a link; an address with a space or a bracket in it cannot end it early."""
    for char, coded in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E"), ("|", "%7C")):
        address = address.replace(char, coded)
    return f"[{text(title, 80)}]({flat(address)})"

"""What is said about a charter: a finding names the rule and the key; a problem, its place in a file too."""

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]
# Keys and list positions from the top of the charter down: ("metrics", 0, "unit").
Where = tuple[str | int, ...]
# Control characters, invisible ones that turn or join writing, and halves of characters (Unicode categories).
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (error) or doubtful (warning), with a sentence that says the way out."""

    code: str
    where: Where
    message: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding with its place: `line` and `column` count from 1; line 0 is the file as a whole."""

    severity: Severity
    code: str
    line: int
    column: int
    where: str
    message: str

    def printed(self, name: str) -> str:
        """Return the one line that people and editors read, `charter.yaml:7:3: E4 outcome.target: ...`."""
        place = f"{name}:{self.line}:{self.column}" if self.line else name
        warning = "warning " if self.severity == "warning" else ""
        where = f" {self.where}" if self.where else ""
        return visible(f"{place}: {warning}{self.code}{where}: {self.message}")


def dotted(where: Where) -> str:
    """Return `metrics[0].unit` for ("metrics", 0, "unit"); the empty text for the whole charter."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def visible(text: str) -> str:
    """Return the text with a mark for each character that could hide or forge what a terminal shows."""
    return "".join("\ufffd" if unicodedata.category(char) in _UNSEEN else char for char in text)


def nearest(name: str, known: list[str]) -> str:
    """Return `; did you mean ...?` for the nearest known name, or the empty text."""
    folded = {word.casefold(): word for word in known}
    close = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"; did you mean `{folded[close[0]]}`?" if close else ""


def share_way(value: float) -> str:
    """Return that a value is no share, and how the share that was meant is written."""
    hundredths = 1 < value <= 100  # noqa: PLR2004 - a percentage
    way = f"write {value / 100:g}, not {value:g}" if hundredths else "write 0.85 for 85 %"
    return f"a share lies between 0 and 1, this is {value:g}: {way}"

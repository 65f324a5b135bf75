"""Strangers' words and numbers as they stand in a picture or on a page."""

import math
import re
from typing import Final

from domain.charter import Measure
from domain.finding import visible

# Joiners that writing needs (Persian, Hindi, emoji): the only unseen characters that are kept.
_JOINERS: Final = re.compile("([\u200c\u200d])")
# What no XML may hold, whatever it stands for: the two noncharacters that are no control characters.
_NO_XML: Final = re.compile("[\ufffe\uffff]")
_BLANK: Final = re.compile(r"\s+")
# Width of an average letter, in parts of the letter's height: a little more than fonts of this kind need.
_LETTER: Final = 0.54
# Decimals of a tick at most; beyond them a number is written with an exponent.
_DECIMALS: Final = 6
_LARGE: Final = 1e6
# A unit longer than that stands once above a chart instead of behind every number (characters).
SHORT_UNIT: Final = 8
# The steps between ticks that people count in.
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


def clean(words: str) -> str:
    """Return somebody's words in one line, without what hides or forges what is read."""
    one_line = _BLANK.sub(" ", words).strip()
    seen = "".join(part if _JOINERS.match(part) else visible(part) for part in _JOINERS.split(one_line))
    return _NO_XML.sub("\ufffd", seen)


def width_of(words: str, size: float) -> float:
    """Return about how wide the words are drawn, in the unit of `size`; rather too wide than too narrow."""
    return len(words) * size * _LETTER


def cut(words: str, room: float, size: float) -> str:
    """Return the words, shortened to the room that there is; nothing where not even a few letters fit."""
    fits = int(room / (size * _LETTER))
    if len(words) <= fits:
        return words
    return f"{words[: fits - 1].rstrip()}…" if fits > 4 else ""  # noqa: PLR2004 - fewer letters say nothing


def ticks(low: float, high: float, about: int) -> tuple[float, ...]:
    """Return about so many round numbers between two others, both ends included where they are round."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return (low,)
    raw = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((step * power for step in _STEPS if step * power >= raw), 10.0 * power)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(k * step, 12) for k in range(first, last + 1))


def decimals_for(step: float) -> int:
    """Return how many decimals tell numbers apart that lie this far from each other."""
    if step <= 0 or not math.isfinite(step):
        return 2
    whole = -math.floor(math.log10(step) + 1e-9)
    exact = next((d for d in range(_DECIMALS + 1) if abs(round(step, d) - step) < step * 1e-6), _DECIMALS)
    return min(max(whole, exact, 0), _DECIMALS)


def plain(value: float, decimals: int) -> str:
    """Return a number with so many decimals, its thousands parted; without a minus before zero."""
    if abs(value) >= _LARGE * 1e6:  # twelve digits are more than anybody reads
        return f"{value:.3g}"
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def reading(value: float, unit: str, measure: Measure) -> str:
    """Return one value as short as it can be told: three digits, shares in percent, a short unit behind."""
    if measure == "share":
        return f"{plain(value * 100, 1)} %"
    decimals = 0 if value == 0 else min(max(2 - math.floor(math.log10(abs(value))), 0), 4)
    text = plain(value, decimals)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text + suffix(unit, measure)


def suffix(unit: str, measure: Measure) -> str:
    """Return what stands behind a number: a percent sign, a short unit, or nothing."""
    if measure == "share":
        return " %"
    unit = clean(unit)
    return f" {unit}" if unit and len(unit) <= SHORT_UNIT else ""

"""Durations as people write them: `2 days`, `36 hours`, `90 min`, `PT5M`."""

import re
from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

_UNITS = {
    "s": "seconds", "sec": "seconds", "second": "seconds", "seconds": "seconds",
    "min": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hour": "hours", "hours": "hours",
    "d": "days", "day": "days", "days": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks",
}  # fmt: skip
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
_ISO = TypeAdapter(timedelta)
_SECOND = timedelta(seconds=1)
# Added to any moment of a journey it stays within the calendar, and nobody plans for longer.
LONGEST = timedelta(days=3_660)
# Enough of a wrong value to recognise it (characters).
_SHOWN = 40


def parse_duration(value: object) -> timedelta:
    """Return the duration that a person wrote, at most ten years.

    Raises:
        ValueError: not a duration, a negative one, or a longer one; the sentence shows the form.
    """
    try:
        found = _found(value)
    except OverflowError:
        found = timedelta.max
    shown = str(value)[:_SHOWN] if isinstance(value, str | int | float | timedelta) else "this"
    if found is None or found < timedelta(0):
        msg = f"`{shown}` is not a duration: write it like `2 days`, `36 hours` or `90 min`"
        raise ValueError(msg)
    if found > LONGEST:
        msg = f"`{shown}` is longer than ten years: write a shorter one, like `2 days`"
        raise ValueError(msg)
    return found


def print_duration(value: timedelta) -> str:
    """Return a text that `parse_duration` reads back exactly."""
    seconds, micros = value // _SECOND, value % _SECOND // timedelta.resolution
    if micros:
        return f"{seconds}.{micros:06d}".rstrip("0") + " s"
    for unit, size in (("days", 86_400), ("hours", 3_600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _found(value: object) -> timedelta | None:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip().lower()
    return _parts(text) if text[:1].isdigit() else _iso(value.strip())


def _parts(text: str) -> timedelta | None:
    total, position = timedelta(0), 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or part[2] not in _UNITS:
            return None
        total += timedelta(**{_UNITS[part[2]]: float(part[1])})
        position = part.end()
    return total


def _iso(text: str) -> timedelta | None:
    if not text.startswith("P"):
        return None
    try:
        return _ISO.validate_python(text)
    except ValidationError:
        return None

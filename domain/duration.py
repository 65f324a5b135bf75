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


def parse_duration(value: object) -> timedelta:
    """Return the duration that a person wrote.

    Raises:
        ValueError: not a duration, or a negative one; the sentence shows the form.
    """
    found: timedelta | None = None
    if isinstance(value, timedelta):
        found = value
    elif isinstance(value, str):
        text = value.strip().lower()
        found = _parts(text) if text[:1].isdigit() else _iso(value.strip())
    if found is None or found < timedelta(0):
        msg = f"{value!r} is not a duration: write it like '2 days', '36 hours' or '90 min'"
        raise ValueError(msg)
    return found


def print_duration(value: timedelta) -> str:
    """Return a text that `parse_duration` reads back exactly."""
    seconds = value.total_seconds()
    for unit, size in (("days", 86_400), ("hours", 3_600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{int(seconds // size)} {unit}"
    return f"{seconds:g} s" if seconds.is_integer() else f"{seconds!r} s"


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

"""The kinds of value that a charter is written in, each strict about what it takes."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from domain import model
from domain.duration import parse_duration, print_duration

# Characters that turn the direction of writing: with them a name can look like another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Enough of a wrong value to recognise it (characters).
_SHOWN = 40
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def one_line(value: object) -> object:
    """Return a text on one line, single spaces between its words; anything else as it is.

    Names and sentences are printed on terminals and pages, where control
    characters could hide or forge what people read.

    Raises:
        ValueError: the text has a control character or one that turns the direction of writing.
    """
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    if any(unicodedata.category(char) == "Cc" or char in _BIDI for char in text):
        msg = "has an invisible control character: type the text again instead of pasting it"
        raise ValueError(msg)
    return text


def parse_day(value: object) -> date:
    """Return the day that a person wrote; a number or a time of day is never taken for one.

    Raises:
        ValueError: no such day, or not in the form 2027-06-30.
    """
    if type(value) is date:
        return value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            msg = f"{value.strip()} is in no calendar: write the day that you mean"
            raise ValueError(msg) from None
    shown = str(value)[:_SHOWN] if isinstance(value, str | int | float | datetime) else "this"
    msg = f"`{shown}` is not a day: write it like 2027-06-30 (year-month-day)"
    raise ValueError(msg)


Name = Annotated[model.Name, BeforeValidator(one_line)]
Sentence = Annotated[model.Sentence, BeforeValidator(one_line)]
# Strict: `true` is no 1, and "85 %" is no number.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Day = Annotated[date, BeforeValidator(parse_day)]
Span = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(print_duration, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*(\d|P)",
            "description": "A duration like `2 days`, `36 hours`, `90 min` or `PT5M`.",
            "examples": ["2 days", "36 hours", "90 min"],
        }
    ),
]
# Lengths in characters: room for real ones, small enough for history and state.
Path = Annotated[str, Field(min_length=1, max_length=500)]
Url = Annotated[str, Field(min_length=1, max_length=500)]
Query = Annotated[str, Field(min_length=1, max_length=20_000)]

"""From the rows of a query to observations: nothing invented, nothing doubled, nothing lost.

A row is (period, value), (period, numerator, denominator) or (period, total, exposure). Whatever kind of
source it came from, it is judged here, by the same rules.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from activities.sources.window import Window
from domain.errors import SourceCode, SourceFailed
from domain.measurement import Observation, share_of
from domain.periods import Cadence, Calendar, label, noun, parse_label, period_of_day, period_of_time

VALUE = ("period", "value")
SHARE = ("period", "numerator", "denominator")
# A total of anything over what it was counted in: incidents per 1,000 orders, hours per case.
RATE = ("period", "total", "exposure")
_FORMS = "period, value (or period, numerator, denominator; or period, total, exposure)"
# Characters of a cell that a message repeats.
_SHOWN = 40
# Characters of a database's own words that are passed on.
_SAID = 300
_YEAR_MONTH, _YEAR_MONTH_DAY = len("2013-06"), len("2013-06-24")


@dataclass(frozen=True, slots=True)
class Picked:
    """The columns of a query that are read, under the names that the query gave them."""

    names: tuple[str, ...]
    wanted: tuple[str, ...]


def pick(columns: Sequence[str], where: str) -> Picked:
    """Return the columns to read, whatever their case; others are left alone.

    Numerator and denominator, or total and exposure, are taken before a value, because they say more.

    Raises:
        SourceFailed: `no_such_column`, with the columns that there are and the nearest name.
    """
    there = {name.casefold() for name in columns}
    form = next((form for form in (SHARE, RATE) if there & set(form[1:])), VALUE)
    names = []
    for wanted in form:
        found = [name for name in columns if name.casefold() == wanted]
        if len(found) != 1:
            raise SourceFailed("no_such_column", _column_sentence(wanted, columns, len(found), where))
        names.append(found[0])
    return Picked(tuple(names), form)


def observations(
    picked: Picked, rows: Sequence[Sequence[Any]], window: Window, where: str
) -> tuple[Observation, ...]:
    """Return the observations in the window, in order; a NULL or a denominator of 0 is a gap.

    Raises:
        SourceFailed: `bad_period`, `duplicate_period`, `not_a_number` or `bad_share`, with the row.
    """
    seen: dict[int, int] = {}
    found: dict[int, Observation] = {}
    for number, (when, *cells) in enumerate(rows, start=1):
        period = _period(when, window.calendar, f"{where}, row {number}")
        if not window.holds(period):
            continue
        at = _Place(where, number, period, window.calendar)
        if period in seen:
            raise SourceFailed(
                "duplicate_period",
                f"{at}: row {seen[period]} is of the same {noun(window.cadence)}. "
                f"One row per {noun(window.cadence)} is right: group by it in the query.",
            )
        seen[period] = number
        for column, cell in enumerate(cells, start=1):
            if not _is_number(cell):
                cure = _cure(cell, [row[column] for row in rows])
                raise SourceFailed(
                    "not_a_number", f"{at}: {picked.wanted[column]} is {_shown(cell)}, not a number. {cure}"
                )
        observation = _observation(period, cells, picked.wanted, at)
        if observation is not None:
            found[period] = observation
    return tuple(found[period] for period in sorted(found))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands, in words only if somebody is told: naming an hour takes a look at its clocks."""

    where: str
    number: int
    period: int
    calendar: Calendar

    def __str__(self) -> str:
        return f"{self.where}, row {self.number} ({label(self.period, self.calendar)})"


def _observation(
    period: int, cells: Sequence[Any], wanted: tuple[str, ...], at: _Place
) -> Observation | None:
    if any(cell is None for cell in cells):
        return None
    numbers = [float(cell) for cell in cells]
    if len(numbers) == 1:
        return Observation(period=period, value=numbers[0])
    numerator, denominator = numbers
    if wanted == RATE and denominator < 0:
        raise SourceFailed(
            "bad_share", f"{at}: an exposure of {denominator:g} is negative. It says how much was counted in."
        )
    if wanted == SHARE and (numerator < 0 or denominator < 0 or numerator > denominator):
        wrong = "negative" if min(numerator, denominator) < 0 else "more than all"
        raise SourceFailed(
            "bad_share",
            f"{at}: {numerator:g} of {denominator:g} is {wrong}. A share counts some (numerator) of all "
            "(denominator); return total and exposure for a ratio of two different things.",
        )
    if denominator == 0 and numerator:  # to leave it out would lose what happened
        raise SourceFailed(
            "bad_share", f"{at}: {numerator:g} over an exposure of 0. Say in how much it was counted."
        )
    if denominator == 0:
        return None
    return Observation(period=period, value=share_of(numerator, denominator), denominator=denominator)


def _is_number(cell: Any) -> bool:
    """Whether a cell is NULL or a finite number; truth values and texts are neither."""
    if cell is None:
        return True
    if not isinstance(cell, int | float | Decimal) or isinstance(cell, bool):
        return False
    try:
        return math.isfinite(float(cell))
    except OverflowError:
        return False


def _cure(cell: Any, column: Sequence[Any]) -> str:
    if not isinstance(cell, str):
        return "Return NULL where there is no value."
    if not _reads_as_number(cell):
        if _reads_as_number(cell.replace(".", "").replace(",", ".")):
            return "It has a comma: cast(replace(x, ',', '.') as double precision) reads it as a decimal one."
        return "Return NULL where there is no value, and numbers everywhere else."
    strange = ((n, c) for n, c in enumerate(column, 1) if isinstance(c, str) and not _reads_as_number(c))
    number, culprit = next(strange, (0, ""))
    if not number:
        return "It is text: cast it in the query, as in cast(value as double precision)."
    return (
        f"It is text, because row {number} has {_shown(culprit)}: take that out in the query, as in "
        f"cast(nullif(value, {_shown(culprit)}) as double precision)."
    )


def _reads_as_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _period(cell: Any, calendar: Calendar, at: str) -> int:
    cadence = calendar.cadence
    try:
        match cell:
            case datetime():
                return period_of_time(cell, calendar)
            case date() if cadence != "hourly":
                return period_of_day(cell, calendar)
            case str() if _fine_enough(cell.strip(), cadence):
                return parse_label(cell, calendar)
    except (ValueError, OverflowError):
        pass
    raise SourceFailed("bad_period", f"{at}: period is {_shown(cell)}. {_right_period(cell, cadence)}")


def _fine_enough(text: str, cadence: Cadence) -> bool:
    """Whether a text says which period it means: a month is no week, and a day is no hour."""
    coarse = {"hourly": _YEAR_MONTH_DAY, "daily": _YEAR_MONTH, "weekly": _YEAR_MONTH, "monthly": 0}[cadence]
    return len(text) > coarse


def _right_period(cell: Any, cadence: Cadence) -> str:
    if cell is None:
        return "Each row needs one: leave rows without a date out, with where ... is not null."
    example = {
        "hourly": "2013-06-24T07 or a timestamp",
        "daily": "2013-06-24 or a date",
        "weekly": "2013-06-24 or any date in the week",
        "monthly": "2013-06 or any date in the month",
    }[cadence]
    return f"The cadence is {cadence}: write {example}."


def _shown(cell: Any) -> str:
    text = "NULL" if cell is None else repr(cell) if isinstance(cell, str) else str(cell)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _column_sentence(wanted: str, columns: Sequence[str], found: int, where: str) -> str:
    there = ", ".join(columns[:30])
    if found > 1:
        return f"{where}: {found} columns are named {wanted}; there are {there}. Return one of them."
    near = get_close_matches(wanted, [name.casefold() for name in columns], n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"{where}: no column {wanted}; there are {there}. Needed are {_FORMS}.{meant}"


def trouble(code: SourceCode, where: str, message: str, cure: str) -> SourceFailed:
    """Return the failure with the first lines of what a database said, cut to a readable length."""
    said = " ".join(message.strip().split("\n\n")[0].split())
    return SourceFailed(code, f"{where}: {said[:_SAID].rstrip('.')}. {cure}")

"""Where a chart's time axis is marked, and with what words."""

from datetime import date
from typing import Final, NamedTuple

from domain.periods import Calendar, label

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Days from one mark to the next, then months, then years: the first that leaves room for words is taken.
_DAYS: Final = (1, 2, 7, 14)
_IN_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120)


class Tick(NamedTuple):
    """A mark of the time axis; a strong one begins a year."""

    period: int
    words: str
    strong: bool


def day_of(period: int, calendar: Calendar) -> date:
    """Return the first day of a period, by the calendar's own clocks."""
    text = label(period, calendar)[:10]
    return date.fromisoformat(text if len(text) == len("2013-06-24") else f"{text}-01")


def time_ticks(first: int, last: int, calendar: Calendar, about: int) -> tuple[Tick, ...]:
    """Return at most about so many marks between two periods; always one at least."""
    days = [day_of(period, calendar) for period in range(first, last + 1)]
    for step in _DAYS if calendar.cadence in {"hourly", "daily"} or len(days) <= about else ():
        found = _at(first, days, [day.toordinal() // step for day in days])
        if len(found) <= about:
            return tuple(
                Tick(p, f"{d.day} {_MONTHS[d.month - 1]}{_year(d, p == first)}", strong=False)
                for p, d in found
            )
    for step in _IN_MONTHS:
        found = _at(first, days, [(day.year * 12 + day.month - 1) // step for day in days])
        # The first period rarely begins a month: its mark would stand too close to the next.
        found = found[1:] if len(found) > 1 and found[0][1].day > 7 else found  # noqa: PLR2004 - a week into it
        if len(found) <= about or step == _IN_MONTHS[-1]:
            return tuple(_in_months(p, d, step, i == 0) for i, (p, d) in enumerate(found))
    raise AssertionError("the last step is always taken")


def _in_months(period: int, day: date, step: int, begins: bool) -> Tick:
    if step >= 12:  # noqa: PLR2004 - months of a year
        return Tick(period, str(day.year), strong=True)
    strong = day.month <= step
    name = _MONTHS[day.month - 1]
    return Tick(period, str(day.year) if strong else f"{name} {day.year}" if begins else name, strong)


def _year(day: date, shown: bool) -> str:
    return f" {day.year}" if shown else ""


def _at(first: int, days: list[date], cells: list[int]) -> list[tuple[int, date]]:
    """Return the periods at which another cell begins, the first one included."""
    return [(first + i, day) for i, day in enumerate(days) if i == 0 or cells[i] != cells[i - 1]]

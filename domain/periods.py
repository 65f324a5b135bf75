"""Calendar periods as whole numbers, so that gaps, order and catch-up are arithmetic.

A calendar is a cadence in a time zone. A period of it has an index: days since
1970-01-01, weeks since Monday 1969-12-29 and months since January 1970 of the
local calendar; hours since 1970-01-01T00Z that begin when the zone's clocks
show a full hour. So a day on which clocks are set back has 25 of them, two of
which have the same name but for their offset.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, assert_never

from domain.zones import day_of, is_repeated, start_of_day, zone_of

Cadence = Literal["hourly", "daily", "weekly", "monthly"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY, _FIRST_MONDAY = date(1970, 1, 1), date(1969, 12, 29)
_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)
_MONTHS, _WEEK = 12, 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """How long a period is, and whose clocks it begins by (an IANA name)."""

    cadence: Cadence
    zone: str = "UTC"


def period_of(moment: datetime, calendar: Calendar) -> int:
    """Return the index of the period that holds `moment` (aware)."""
    if calendar.cadence == "hourly":
        return (moment - _EPOCH + _phase(moment, calendar.zone)) // _HOUR
    return _period_of_day(day_of(moment, calendar.zone), calendar)


def start_of(period: int, calendar: Calendar) -> datetime:
    """Return the first moment of the period, in UTC."""
    match calendar.cadence:
        case "hourly":
            return _start_of_hour(period, calendar)
        case "daily" | "weekly" | "monthly":
            return start_of_day(_first_day(period, calendar), calendar.zone)
        case _:
            assert_never(calendar.cadence)


def end_of(period: int, calendar: Calendar) -> datetime:
    """Return the moment at which the period is over (the next one's start)."""
    return start_of(period + 1, calendar)


def last_closed(now: datetime, calendar: Calendar, settle: timedelta) -> int:
    """Return the index of the newest period whose data may be read at `now`."""
    return period_of(now - settle, calendar) - 1


def label(period: int, calendar: Calendar) -> str:
    """Return the name people and files use: `2013-06-24`, `2013-06`, `2013-06-24T07`.

    An hour has the offset with it where clocks show it twice: `2013-10-27T02+01:00`.
    """
    match calendar.cadence:
        case "hourly":
            return _label_of_hour(start_of(period, calendar).astimezone(zone_of(calendar.zone)))
        case "daily" | "weekly":
            return _first_day(period, calendar).isoformat()
        case "monthly":
            return _first_day(period, calendar).isoformat()[: len("2013-06")]
        case _:
            assert_never(calendar.cadence)


def parse_label(text: str, calendar: Calendar) -> int:
    """Return the index of the period named by a label or by any date or time in it.

    A time without an offset is one of the calendar's zone; of two such hours the first.

    Raises:
        ValueError: the text is no date.
        OverflowError: it is outside the calendar.
    """
    text = text.strip()
    if len(text) == len("2013-06"):
        text += "-01"
    if len(text) == len("2013-06-24"):
        return period_of_day(date.fromisoformat(text), calendar)
    return period_of_time(datetime.fromisoformat(text), calendar)


def period_of_time(moment: datetime, calendar: Calendar) -> int:
    """Return the index of the period that holds a time; a naive one is of the calendar's zone."""
    return period_of(moment if moment.tzinfo else moment.replace(tzinfo=zone_of(calendar.zone)), calendar)


def period_of_day(day: date, calendar: Calendar) -> int:
    """Return the index of the period that holds a local day, or of its first hour."""
    if calendar.cadence == "hourly":
        return period_of(start_of_day(day, calendar.zone), calendar)
    return _period_of_day(day, calendar)


def length(cadence: Cadence) -> timedelta:
    """Return how long a period is, a month counted as 30 days."""
    match cadence:
        case "hourly":
            return timedelta(hours=1)
        case "daily":
            return timedelta(days=1)
        case "weekly":
            return timedelta(weeks=1)
        case "monthly":
            return timedelta(days=30)
        case _:
            assert_never(cadence)


def noun(cadence: Cadence, count: int = 1) -> str:
    """Return `week`, `weeks`, ... for sentences."""
    word = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}[cadence]
    return word if count == 1 else word + "s"


def _period_of_day(day: date, calendar: Calendar) -> int:
    match calendar.cadence:
        case "daily" | "hourly":
            return (day - _FIRST_DAY).days
        case "weekly":
            return (day - _FIRST_MONDAY).days // _WEEK
        case "monthly":
            return (day.year - _FIRST_DAY.year) * _MONTHS + day.month - 1
        case _:
            assert_never(calendar.cadence)


def _first_day(period: int, calendar: Calendar) -> date:
    match calendar.cadence:
        case "daily" | "hourly":
            return _FIRST_DAY + timedelta(days=period)
        case "weekly":
            return _FIRST_MONDAY + timedelta(weeks=period)
        case "monthly":
            return date(_FIRST_DAY.year + period // _MONTHS, period % _MONTHS + 1, 1)
        case _:
            assert_never(calendar.cadence)


def _phase(moment: datetime, zone: str) -> timedelta:
    """Return how far the zone's clocks are from those of UTC within the hour: 0, 30 or 45 minutes."""
    if zone == "UTC":
        return timedelta(0)
    offset = moment.astimezone(zone_of(zone)).utcoffset()
    assert offset is not None  # a zone of the database has one at every moment
    return offset % _HOUR


def _start_of_hour(period: int, calendar: Calendar) -> datetime:
    late = _EPOCH + period * _HOUR
    start = late - _phase(late, calendar.zone)
    if period_of(start, calendar) == period and period_of(start - _SECOND, calendar) < period:
        return start
    early, late = late - 2 * _HOUR, late + _HOUR  # clocks are moved by part of an hour, in this one
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        early, late = (middle, late) if period_of(middle, calendar) < period else (early, middle)
    return late


def _label_of_hour(start: datetime) -> str:
    text = start.replace(tzinfo=None).isoformat(timespec="seconds")
    while text.endswith(":00"):  # 07:00:00 is 07, and 07:30:00 is 07:30
        text = text.removesuffix(":00")
    if not is_repeated(start):
        return text
    return text + start.isoformat()[len(start.replace(tzinfo=None).isoformat()) :]

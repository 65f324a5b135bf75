"""Calendar periods as whole numbers, so that gaps, order and catch-up are arithmetic.

A period of a cadence has an index: hours since 1970-01-01T00Z, days since
1970-01-01, weeks since Monday 1969-12-29, months since January 1970. All
periods are of UTC.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Literal, assert_never

Cadence = Literal["hourly", "daily", "weekly", "monthly"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MONDAY = datetime(1969, 12, 29, tzinfo=UTC)
_MONTHS = 12


def period_of(moment: datetime, cadence: Cadence) -> int:
    """Return the index of the period that holds `moment` (aware)."""
    moment = moment.astimezone(UTC)
    match cadence:
        case "hourly":
            return (moment - _EPOCH) // timedelta(hours=1)
        case "daily":
            return (moment - _EPOCH) // timedelta(days=1)
        case "weekly":
            return (moment - _FIRST_MONDAY) // timedelta(weeks=1)
        case "monthly":
            return (moment.year - _EPOCH.year) * _MONTHS + moment.month - 1
        case _:
            assert_never(cadence)


def start_of(period: int, cadence: Cadence) -> datetime:
    """Return the first moment of the period, in UTC."""
    match cadence:
        case "hourly":
            return _EPOCH + timedelta(hours=period)
        case "daily":
            return _EPOCH + timedelta(days=period)
        case "weekly":
            return _FIRST_MONDAY + timedelta(weeks=period)
        case "monthly":
            return datetime(_EPOCH.year + period // _MONTHS, period % _MONTHS + 1, 1, tzinfo=UTC)
        case _:
            assert_never(cadence)


def end_of(period: int, cadence: Cadence) -> datetime:
    """Return the moment at which the period is over (the next one's start)."""
    return start_of(period + 1, cadence)


def last_closed(now: datetime, cadence: Cadence, settle: timedelta) -> int:
    """Return the index of the newest period whose data may be read at `now`."""
    return period_of(now - settle, cadence) - 1


def label(period: int, cadence: Cadence) -> str:
    """Return the name people and files use: `2013-06-24`, `2013-06`, `2013-06-24T07`."""
    start = start_of(period, cadence)
    match cadence:
        case "hourly":
            return start.strftime("%Y-%m-%dT%H")
        case "daily" | "weekly":
            return start.strftime("%Y-%m-%d")
        case "monthly":
            return start.strftime("%Y-%m")
        case _:
            assert_never(cadence)


def parse_label(text: str, cadence: Cadence) -> int:
    """Return the index of the period named by a label or by any date in it.

    Raises:
        ValueError: the text is no date.
    """
    text = text.strip()
    year_month = len("2013-06")
    if len(text) == year_month:
        text += "-01"
    moment = datetime.fromisoformat(text)
    return period_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC), cadence)


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


def day_start(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

"""Time zones by their IANA names, from the package `tzdata` and from nowhere else.

A machine's own database would be another one on each machine, and two workers
would disagree on when a day ends. `docs/decisions/time-zones.md` says what
happens when the database changes.
"""

from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

_DATA: Final[Traversable] = files("tzdata")
# The database's mark of a machine that nobody has set up: not a place.
_NO_PLACE: Final = frozenset({"Factory"})
_SECOND: Final = timedelta(seconds=1)
# Days whose beginnings are remembered: those of some hundred teams' charts.
_REMEMBERED: Final = 20_000
# Long enough to see a rule that holds, and what was given up before is of no metric any more.
_THESE_YEARS: Final = range(2015, 2036)
_LONGEST_NAME: Final = 64  # characters; the longest has 32


@cache
def names() -> frozenset[str]:
    """Return every name that the database has: `Europe/Berlin`, and also such old ones as `CET`."""
    return frozenset(_DATA.joinpath("zones").read_text(encoding="utf-8").split()) - _NO_PLACE


@cache
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a name.

    Raises:
        ValueError: there is none of this name; the sentence offers the nearest.
    """
    if name not in names():
        raise ValueError(f"`{name}` is no time zone: write an IANA name, such as `{_nearest(name)}`")
    with _DATA.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def repeats_hours(zone: str) -> bool:
    """Whether clocks of the zone are set back at times in these years, so that an hour comes twice."""
    firsts = (
        datetime(year, month, 1, tzinfo=zone_of(zone)) for year in _THESE_YEARS for month in range(1, 13)
    )
    return len({first.utcoffset() for first in firsts}) > 1


@lru_cache(_REMEMBERED)
def start_of_day(day: date, zone: str) -> datetime:
    """Return the first moment of a local day, in UTC: from then on clocks show this day or a later one.

    Where clocks are set forward at midnight the day begins at one o'clock; where they are set back at one
    minute past midnight (Newfoundland until 2011) it begins at the second midnight. A day that a zone left
    out (Samoa, 30 December 2011) begins and ends when the next one begins.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
    first, second = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first < second:  # this midnight comes twice
        return second if (second - _SECOND).astimezone(midnight.tzinfo).date() < day else first
    if first > second:  # it never comes: somewhere between the two, clocks are set past it
        return _change_of_offset(second, first, zone_of(zone))
    return first


def day_of(moment: datetime, zone: str) -> date:
    """Return the local day that holds the moment (aware), so that days follow one another without overlap."""
    day = moment.astimezone(zone_of(zone)).date()
    return day if moment >= start_of_day(day, zone) else day - timedelta(days=1)


def is_repeated(local: datetime) -> bool:
    """Whether clocks show this time (aware, of a zone) twice, because they are set back."""
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def _change_of_offset(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second after `early`, at most `late`, that has the offset of `late`."""
    new = late.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        early, late = (early, middle) if middle.astimezone(zone).utcoffset() == new else (middle, late)
    return late


def _nearest(name: str) -> str:
    """Return the known name that is meant most likely; a city alone is enough."""
    cities = {known.rsplit("/", 1)[-1].casefold(): known for known in sorted(names())}
    known = cities | {known.casefold(): known for known in names()}
    asked = name.strip().replace(" ", "_").casefold()
    near = get_close_matches(asked, known, n=1) or get_close_matches(asked.rsplit("/", 1)[-1], cities, n=1)
    return known[near[0]] if near else "Europe/Berlin"


def _known(name: str) -> str:
    zone_of(name)
    return name


TimeZone = Annotated[str, Field(max_length=_LONGEST_NAME), AfterValidator(_known)]

"""Periods of a calendar: given a zone and a moment, then this period, and none beside it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import (
    Cadence,
    Calendar,
    end_of,
    label,
    last_closed,
    parse_label,
    period_of,
    period_of_day,
    period_of_time,
    start_of,
)
from domain.zones import day_of, names, start_of_day, zone_of
from tests.unit.journeys import charter

CADENCES: tuple[Cadence, ...] = ("hourly", "daily", "weekly", "monthly")
# Where clocks have done what they seldom do: set back over midnight, set forward at midnight, moved by half
# an hour, offsets of 30 and 45 minutes, a day left out, summer time of two hours or below zero.
STRANGE = (
    "America/Havana", "America/Sao_Paulo", "America/St_Johns", "Africa/Cairo", "Antarctica/Troll",
    "Asia/Beirut", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Australia/Lord_Howe",
    "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "America/Caracas",
)  # fmt: skip
SECOND = timedelta(seconds=1)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zones = st.one_of(st.sampled_from(STRANGE), st.sampled_from(sorted(names())))
    return Calendar(draw(st.sampled_from(CADENCES)), draw(zones))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """Return a calendar and a moment, half of the moments within days of a change of the zone's clocks."""
    calendar = draw(calendars())
    naive = st.datetimes(datetime(1970, 1, 3), datetime(2037, 12, 1))  # noqa: DTZ001 - it gets one
    moment = draw(naive).replace(tzinfo=UTC)
    if draw(st.booleans()):
        zone, step = zone_of(calendar.zone), timedelta(days=10)
        moments = [moment + n * step for n in range(40)]
        offsets = [m.astimezone(zone).utcoffset() for m in moments]
        changed = [m for m, a, b in zip(moments, offsets, offsets[1:], strict=False) if a != b]
        if changed:
            moment = changed[0] + draw(st.timedeltas(timedelta(0), step))
    return calendar, moment


@given(cases())
def test_periods_tile_time_without_gap_or_overlap(case: tuple[Calendar, datetime]) -> None:
    calendar, moment = case
    period = period_of(moment, calendar)
    assert start_of(period, calendar) <= moment < end_of(period, calendar)
    for neighbour in range(period - 2, period + 3):
        start, end = start_of(neighbour, calendar), end_of(neighbour, calendar)
        assert start <= end
        if start < end:  # a day that the zone left out has no moment
            assert period_of(start, calendar) == period_of(end - SECOND, calendar) == neighbour


@given(cases())
def test_a_period_is_found_by_its_name(case: tuple[Calendar, datetime]) -> None:
    calendar, moment = case
    period = period_of(moment, calendar)
    assert parse_label(label(period, calendar), calendar) == period


@given(cases(), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_only_what_is_over_and_settled_is_read(case: tuple[Calendar, datetime], settle: timedelta) -> None:
    calendar, now = case
    newest = last_closed(now, calendar, settle)
    assert end_of(newest, calendar) + settle <= now < end_of(newest + 1, calendar) + settle


@given(cases())
def test_a_date_names_its_local_day_and_a_moment_is_converted(case: tuple[Calendar, datetime]) -> None:
    calendar, moment = case
    local = moment.astimezone(zone_of(calendar.zone))
    assert period_of_time(local, calendar) == period_of_time(moment, calendar) == period_of(moment, calendar)
    if calendar.cadence != "hourly":
        assert period_of_day(day_of(moment, calendar.zone), calendar) == period_of(moment, calendar)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00", 25),
        ("Asia/Kolkata", date(2026, 1, 5), "2026-01-04T18:30", 24),
        ("Asia/Kathmandu", date(2026, 1, 5), "2026-01-04T18:15", 24),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00", 23),  # begins at one o'clock
        ("America/Sao_Paulo", date(2018, 2, 17), "2018-02-17T02:00", 25),  # ends with 23 o'clock, twice
        ("America/Havana", date(2020, 11, 1), "2020-11-01T04:00", 25),  # the first of two midnights
        ("America/St_Johns", date(2006, 10, 29), "2006-10-29T03:30", 24),  # the second of two midnights
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00", 0),  # left out
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04T13:00", 24.5),
    ],
)
def test_days_are_as_long_as_their_clocks_say(zone: str, day: date, begins: str, hours: float) -> None:
    start = start_of_day(day, zone)
    assert start == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert start_of_day(day + timedelta(days=1), zone) - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "first", "expected"),
    [
        (
            "Europe/Berlin",
            "2026-10-25T00:00+00:00",
            ["2026-10-25T02+02:00", "2026-10-25T02+01:00", "2026-10-25T03"],
        ),
        ("Europe/Berlin", "2026-03-29T00:00+00:00", ["2026-03-29T01", "2026-03-29T03", "2026-03-29T04"]),
        ("Asia/Kathmandu", "2026-01-04T18:15+00:00", ["2026-01-05T00", "2026-01-05T01", "2026-01-05T02"]),
        (
            "Australia/Lord_Howe",  # at two o'clock clocks are set back to half past one
            "2026-04-04T14:00+00:00",
            ["2026-04-05T01", "2026-04-05T01:30+10:30", "2026-04-05T02"],
        ),
        ("UTC", "2026-10-25T00:00+00:00", ["2026-10-25T00", "2026-10-25T01", "2026-10-25T02"]),
    ],
)
def test_hours_are_named_as_clocks_show_them(zone: str, first: str, expected: list[str]) -> None:
    calendar = Calendar("hourly", zone)
    period = period_of(datetime.fromisoformat(first), calendar)
    assert [label(period + n, calendar) for n in range(3)] == expected


def test_a_time_without_an_offset_is_of_the_zone() -> None:
    calendar = Calendar("daily", "America/New_York")
    assert label(parse_label("2026-01-05 23:30:00", calendar), calendar) == "2026-01-05"
    assert label(parse_label("2026-01-06T03:30:00Z", calendar), calendar) == "2026-01-05"
    assert label(parse_label("2026-01-05T23:30:00-11:00", calendar), calendar) == "2026-01-06"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/NewYork", "America/New_York"),
        ("New York", "America/New_York"),
        ("Europe/Zurch", "Europe/Zurich"),
        ("../../etc/passwd", "Europe/Berlin"),
        ("", "Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_name(name: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"is no time zone.*`{meant}`"):
        charter(time_zone=name)


def test_a_charter_has_a_calendar() -> None:
    assert charter().calendar == Calendar("weekly", "UTC")
    assert charter(time_zone="Asia/Tokyo", cadence="hourly").calendar == Calendar("hourly", "Asia/Tokyo")

"""How the tests ask a tracker: for weeks of the histories, with the logins that its server knows."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from activities.sources import Allowance, Window, fetch
from activities.sources.hosts import Hosts
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.periods import Calendar, parse_label
from domain.sources import Source
from tests.trackers.histories import MONDAY, WEEKS

SECRETS = {"USER": "maria@example.com", "TOKEN": "s3cret"}
BASIC = {"user": "${USER}", "password": "${TOKEN}"}
# The first week of the histories, which has the same index in every time zone.
FIRST = parse_label(MONDAY.isoformat(), Calendar("weekly"))
BEARER = {"bearer": "${TOKEN}"}
_SOURCE: TypeAdapter[Source] = TypeAdapter(Source)


def source(**keys: Any) -> Source:
    """Return a source as a charter has it."""
    return _SOURCE.validate_python(keys)


def allowance(**changes: Any) -> Allowance:
    """Allow the worker's own machine, and no pauses between tries."""
    plain: dict[str, Any] = {"hosts": Hosts.parse("localhost"), "environment": SECRETS, "pause_seconds": 0.0}
    return Allowance(**plain | changes)


def fetched(
    asked: Source, *, since: int | None = 0, through: int = WEEKS - 1, zone: str = "UTC", **changes: Any
) -> tuple[Observation, ...]:
    """Return the observations of some weeks, counted from the first one of the histories."""
    window = Window("weekly", None if since is None else FIRST + since, FIRST + through, zone)
    return fetch(asked, window, data_root=Path("/nowhere"), allowance=allowance(**changes))


def failure(asked: Source, **options: Any) -> tuple[str, str]:
    """Return the code and the sentence of the failure that must come."""
    with pytest.raises(SourceFailed) as failed:
        fetched(asked, **options)
    sentence = str(failed.value)
    assert SECRETS["TOKEN"] not in sentence
    assert "\n" not in sentence
    return failed.value.source_code, sentence


def values(observations: tuple[Observation, ...]) -> dict[int, float]:
    """Return the value of each week, counted from the first one."""
    return {o.period - FIRST: o.value for o in observations}


def parts(observations: tuple[Observation, ...]) -> dict[int, tuple[float, float | None]]:
    """Return (share, of how many) of each week, counted from the first one."""
    return {o.period - FIRST: (o.value, o.denominator) for o in observations}


def approximate(truth: dict[int, tuple[float, int]]) -> dict[int, tuple[Any, int]]:
    """Return shares as they come back: with nine digits."""
    return {week: (pytest.approx(share, abs=1e-8), n) for week, (share, n) in truth.items()}


def days(count: float) -> timedelta:
    return timedelta(days=count)

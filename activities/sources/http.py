"""The `http` source: rows from a web server's answer, JSON by JMESPath or CSV by its columns."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from activities.sources.allowance import Allowance
from activities.sources.http_pages import steps
from activities.sources.http_rows import Rows, csv_rows, json_rows
from activities.sources.rows import SHARE, VALUE, Picked, observations
from activities.sources.secrets import fill
from activities.sources.web import Session, opened, pages
from activities.sources.window import Window
from domain.errors import SourceFailed
from domain.measurement import Observation
from domain.periods import end_of, start_of
from domain.sources.http import PLACEHOLDER, HttpSource
from domain.zones import day_of

# What `{since}` is where nothing was read before: no interface has older numbers that count here.
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def fetch(
    source: HttpSource,
    window: Window,
    *,
    data_root: Path,  # noqa: ARG001 - every reader is asked alike
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return the observations in the window that the server's answers hold, in order.

    Raises:
        SourceFailed: what failed, where, and what would be right.
    """
    allowance = allowance or Allowance()
    moments = moments_of(window)
    url = _placed(source.url, moments)
    with opened(url, allowance, headers=source.headers, auth=source.auth, tls=source.tls) as session:
        shown = session.place.shown
        params = {
            name: fill(_placed(value, moments), f"{shown}, parameter {name}", allowance.environment).text
            for name, value in source.params.items()
        }
        read = json_rows(source, shown) if source.format == "json" else csv_rows(source, shown)
        found = _all(session, source, params, read)
    bounded = any(PLACEHOLDER.search(text) for text in (source.url, *source.params.values()))
    if not found and not bounded:
        raise SourceFailed("empty", f"{shown}: the answer has no row. Check the address and `rows`.")
    form = VALUE if source.numerator is None else SHARE
    return observations(Picked(form, form), read.cells(found), window, shown)


def moments_of(window: Window) -> Mapping[str, str]:
    """Return what each placeholder stands for."""
    first = _BEGINNING if window.since is None else start_of(window.since, window.calendar)
    after = end_of(window.through, window.calendar)
    hourly = window.cadence == "hourly"
    last = start_of(window.through, window.calendar) if hourly else after - timedelta(hours=1)

    def time(moment: datetime) -> str:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def plain(moment: datetime) -> str:
        return time(moment) if hourly else day_of(moment, window.zone).isoformat()

    return {
        "since": plain(first),
        "until": plain(after),
        "last": plain(last),
        "since_time": time(first),
        "until_time": time(after),
        "since_unix": f"{first.timestamp():.0f}",
        "until_unix": f"{after.timestamp():.0f}",
    }


def _placed(template: str, moments: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: moments[found[1]], template)


def _all(session: Session, source: HttpSource, params: Mapping[str, str], read: Rows) -> list[Any]:
    """Return the rows of all pages."""
    first, following = steps(session, source.pages, params)
    most = 1 if source.pages is None else source.pages.most
    rows: list[Any] = []
    for page in pages(session, first, read.of, following, most=most):
        rows.extend(page.rows)
        if len(rows) > session.allowance.rows:
            raise session.fail(
                "too_many_rows",
                f"there are more than {session.allowance.rows:,} rows. Ask for one row per period, and only "
                "for what is new ({since}).",
            )
    return rows

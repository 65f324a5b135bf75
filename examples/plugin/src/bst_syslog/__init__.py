"""A source that counts the messages of a system log (RFC 5424), period by period.

    source:
      kind: plugin
      name: syslog
      options: {path: "logs/*.log", app: payments, severity: err}

A period without any message (of the application) is a gap: nothing says that it ran. A period
with messages of which none is as severe as asked for counts 0.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bst.source_plugin import (
    Allowance,
    Observation,
    SourceFailed,
    Window,
    files_of,
    go_on,
    observations_of,
    period_of,
    start_of,
)

Severity = Literal["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]

# <PRI>1 TIMESTAMP HOST APP ... ; the priority is eight times the facility and the severity.
_LINE = re.compile(r"<(?P<priority>\d{1,3})>1 (?P<at>\S+) \S+ (?P<app>\S+) ")
_SEVERITIES = 8
# Lines between two looks at whether the answer is still wanted: some milliseconds.
_LINES = 10_000


class Options(BaseModel):
    """What a charter may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1, description="A file or a glob, relative to the worker's data folder.")
    severity: Severity = Field(default="err", description="Messages at least as severe are counted.")
    app: str | None = Field(default=None, description="Count those of one application only.")


def fetch(
    options: Options, window: Window, *, data_root: Path, allowance: Allowance
) -> tuple[Observation, ...]:
    """Return how many messages each period in the window has.

    Raises:
        SourceFailed: a file or a line that cannot be read.
    """
    worst = get_args(Severity).index(options.severity)
    counts: Counter[int] = Counter()
    for at, severity in _messages(options, data_root, allowance):
        period = period_of(at, window.calendar)
        if window.holds(period):
            counts[period] += severity <= worst
    rows = [(start_of(period, window.calendar), float(count)) for period, count in counts.items()]
    return observations_of(rows, window, options.path)


def _messages(options: Options, data_root: Path, allowance: Allowance) -> Iterator[tuple[datetime, int]]:
    """Yield the moment and the severity of each message of the application, in the order of the files."""
    for path in files_of(options.path, data_root, allowance):
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if number % _LINES == 1:
                    go_on(allowance, options.path)
                message = _read(line, f"{options.path}, {path.name} line {number}")
                if message is not None and options.app in (None, message[2]):
                    yield message[:2]


def _read(line: str, where: str) -> tuple[datetime, int, str] | None:
    """Return moment, severity and application of a line; None for one that is blank or without a time."""
    found = _LINE.match(line)
    if not line.strip() or (
        found is not None and found["at"] == "-"
    ):  # the word for a device without a clock
        return None
    at = _moment(found["at"]) if found is not None else None
    if found is None or at is None:
        raise SourceFailed(
            "bad_period",
            f"{where}: this is no message of RFC 5424, which begins like "
            "<34>1 2026-03-02T08:00:00Z host app. Let the log be written in that form.",
        )
    return at, int(found["priority"]) % _SEVERITIES, found["app"]


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None

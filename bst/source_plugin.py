"""What a plugin for a source is made with; docs/plugins.md tells how, and examples/plugin is one.

Only what this module names is kept stable for plugins.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from activities.sources.allowance import Allowance
from activities.sources.paths import matching
from activities.sources.plugins import GROUP, SourcePlugin
from activities.sources.rows import SHARE, VALUE, Picked, observations
from activities.sources.window import Window
from domain.errors import SourceCode, SourceFailed
from domain.measurement import Observation
from domain.periods import Calendar, end_of, label, parse_label, period_of, start_of

__all__ = [
    "GROUP",
    "Allowance",
    "Calendar",
    "Observation",
    "SourceCode",
    "SourceFailed",
    "SourcePlugin",
    "Window",
    "end_of",
    "files_of",
    "go_on",
    "label",
    "observations_of",
    "parse_label",
    "period_of",
    "start_of",
]

Moment = datetime | date | str
Row = tuple[Moment, float | None] | tuple[Moment, float | None, float | None]


def observations_of(rows: Iterable[Row], window: Window, where: str) -> tuple[Observation, ...]:
    """Return rows as observations: in order, those in the window, each period once, no value as a gap.

    Args:
        rows: (a moment in the period, value) each, or (moment, numerator, denominator) each.
        window: what was asked for.
        where: what messages call the source.

    Raises:
        SourceFailed: `bad_period`, `duplicate_period`, `not_a_number` or `bad_share`, with the row.
    """
    given = list(rows)
    names = SHARE if given and len(given[0]) == len(SHARE) else VALUE
    return observations(Picked(names, names), given, window, where)


def files_of(pattern: str, data_root: Path, allowance: Allowance) -> tuple[Path, ...]:
    """Return the files of a path or glob that a charter may name, in order of their names.

    Raises:
        SourceFailed: `path_not_allowed`, `no_such_file` or `empty`.
    """
    return matching(pattern, data_root, allowance.folders)


def go_on(allowance: Allowance, where: str) -> None:
    """Do nothing, unless the measurement was cancelled; call it now and then in whatever takes long.

    Raises:
        SourceFailed: `timed_out`.
    """
    if allowance.stop.is_set():
        raise SourceFailed("timed_out", f"{where}: the measurement was cancelled while it was read.")
